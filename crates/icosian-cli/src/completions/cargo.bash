# Completes `cargo icosian` like `cargo-icosian`. Other subcommands are left to the completion that cargo had before.
if ! complete -p cargo >/dev/null 2>&1; then
    if declare -F _comp_load >/dev/null; then
        _comp_load cargo
    elif declare -F _completion_loader >/dev/null; then
        _completion_loader cargo
    fi
fi
if [[ "$(complete -p cargo 2>/dev/null)" =~ \ -F\ ([^\ ]+)\  && ${BASH_REMATCH[1]} != _cargo_icosian_subcommand ]]; then
    _cargo_icosian_previous=${BASH_REMATCH[1]}
fi
_cargo_icosian_subcommand() {
    if [[ ${COMP_CWORD} -ge 2 && ${COMP_WORDS[1]} == icosian ]]; then
        COMP_WORDS=(cargo_icosian "${COMP_WORDS[@]:2}")
        COMP_CWORD=$((COMP_CWORD - 1))
        _cargo_icosian cargo_icosian "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    elif [[ -n ${_cargo_icosian_previous-} ]]; then
        "${_cargo_icosian_previous}" "$@"
        if [[ ${COMP_CWORD} -eq 1 && icosian == "$2"* && " ${COMPREPLY[*]} " != *" icosian "* ]]; then
            COMPREPLY+=(icosian)
        fi
    elif [[ ${COMP_CWORD} -eq 1 ]]; then
        COMPREPLY=($(compgen -W icosian -- "$2"))
    fi
}
complete -F _cargo_icosian_subcommand -o bashdefault -o default cargo
complete -F _cargo_icosian -o bashdefault -o default cargo-icosian
