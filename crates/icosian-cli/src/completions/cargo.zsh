# Completes `cargo icosian` like `cargo-icosian`. Other subcommands are left to cargo's own completion.
_cargo_icosian_subcommand() {
    if (( CURRENT > 2 )) && [[ ${words[2]} == icosian ]]; then
        words=(cargo-icosian "${(@)words[3,-1]}")
        (( CURRENT -= 1 ))
        _cargo-icosian
    elif (( $+functions[_cargo] )); then
        _cargo "$@"
    elif (( CURRENT == 2 )); then
        compadd icosian
    else
        _default
    fi
}
compdef _cargo_icosian_subcommand cargo
