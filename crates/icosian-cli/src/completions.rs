//! Completion scripts for shells.

use std::io;

use clap::{Args, Command, ValueEnum};
use clap_complete::Shell;

use crate::Exit;
use crate::screen::Screen;

/// The installation in the help.
pub(crate) const HELP: &str = "\
The script completes `cargo icosian` and `cargo-icosian`. Other subcommands of cargo keep their completion.

Load it in each shell:
  bash   echo 'source <(cargo icosian completions bash)' >> ~/.bashrc
  zsh    echo 'source <(cargo icosian completions zsh)' >> ~/.zshrc     after `compinit`
  fish   cargo icosian completions fish > ~/.config/fish/conf.d/cargo-icosian.fish";

/// The options of `completions`.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct CompletionsOptions {
    /// The shell
    #[arg(value_enum)]
    shell: ScriptShell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ScriptShell {
    Bash,
    Zsh,
    Fish,
}

/// Prints the script for the arguments that `command` parses.
pub(crate) fn run(
    options: CompletionsOptions,
    command: Command,
    screen: &mut Screen<'_>,
) -> io::Result<Exit> {
    write!(screen.out(), "{}", script(options.shell, command))?;
    Ok(Exit::Clean)
}

/// Returns clap's script for the program, and a function that calls it for the subcommand of cargo.
fn script(shell: ScriptShell, command: Command) -> String {
    // clap's script for bash mixes up two spellings of a name with a hyphen.
    let (generator, name, subcommand) = match shell {
        ScriptShell::Bash => (Shell::Bash, "cargo_icosian", include_str!("completions/cargo.bash")),
        ScriptShell::Zsh => (Shell::Zsh, "cargo-icosian", include_str!("completions/cargo.zsh")),
        ScriptShell::Fish => (Shell::Fish, "cargo-icosian", include_str!("completions/cargo.fish")),
    };
    let mut command = command.name(name).bin_name(name);
    let mut script = Vec::new();
    clap_complete::generate(generator, &mut command, name, &mut script);
    format!("{}\n{subcommand}", String::from_utf8_lossy(&script))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use clap::CommandFactory;

    use super::{ScriptShell, script};
    use crate::CommandLine;

    /// Runs `code` after the script in a shell. Returns `None` if the shell is not installed.
    fn run(program: &str, shell: ScriptShell, code: &str) -> Option<String> {
        let file = std::env::temp_dir().join(format!("icosian-completion-{}.{program}", std::process::id()));
        std::fs::write(&file, script(shell, CommandLine::command())).unwrap();
        let code = format!("source {}\n{code}", file.display());
        let code = match shell {
            // `compdef` is part of zsh's completion system.
            ScriptShell::Zsh => format!("autoload -Uz compinit; compinit -u -D\n{code}"),
            _ => code,
        };
        let norc: &[&str] = match shell {
            ScriptShell::Bash => &["--norc", "--noprofile", "-c"],
            ScriptShell::Zsh => &["-f", "-c"],
            ScriptShell::Fish => &["--no-config", "-c"],
        };
        let output = Command::new(program).args(norc).arg(code).output();
        std::fs::remove_file(file).unwrap();
        let output = output.ok()?;
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(errors, "", "{program}");
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    #[test]
    fn bash_completes_the_subcommand_of_cargo() {
        let code = r#"
            previous() { COMPREPLY=(build bench); }
            complete_words() {
                COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
                _cargo_icosian_subcommand cargo "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                echo "${COMPREPLY[*]}"
            }
            complete_words cargo icosian mat
            complete_words cargo icosian list --inp
            complete_words cargo icosian list --format ""
            complete_words cargo ico
            _cargo_icosian_previous=previous
            complete_words cargo b
            complete_words cargo ""
        "#;
        if let Some(completed) = run("bash", ScriptShell::Bash, code) {
            let lines: Vec<_> = completed.lines().collect();
            assert_eq!(
                lines,
                ["matrix", "--inputs", "text json", "icosian", "build bench", "build bench icosian"]
            );
        }
    }

    #[test]
    fn fish_completes_the_subcommand_of_cargo() {
        let code = "complete -C 'cargo icosian mat'; complete -C 'cargo icosian list --format j'; complete -C 'cargo icosia'";
        if let Some(completed) = run("fish", ScriptShell::Fish, code) {
            let words: Vec<_> = completed.lines().filter_map(|line| line.split('\t').next()).collect();
            assert_eq!(words, ["matrix", "json", "icosian"]);
        }
    }

    #[test]
    fn zsh_registers_both_names() {
        let code = "echo ${_comps[cargo]} ${_comps[cargo-icosian]}";
        if let Some(names) = run("zsh", ScriptShell::Zsh, code) {
            assert_eq!(names.trim(), "_cargo_icosian_subcommand _cargo-icosian");
        }
    }
}
