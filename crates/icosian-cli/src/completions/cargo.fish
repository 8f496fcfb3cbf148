# Completes `cargo icosian` like `cargo-icosian`. Other subcommands are left to cargo's own completion.
function __cargo_icosian_complete
    set -l words (commandline -opc)
    complete --do-complete "cargo-icosian "(string join -- ' ' (string escape -- $words[3..-1]) (commandline -ct))
end
function __cargo_icosian_is_subcommand
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test $words[2] = icosian
end
complete -c cargo -n 'test (count (commandline -opc)) -eq 1' -f -a icosian -d 'Checks and draws dataflows'
complete -c cargo -n __cargo_icosian_is_subcommand -f -a '(__cargo_icosian_complete)'
