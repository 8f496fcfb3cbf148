//! `cargo icosian`: see the library of this crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    icosian_cli::run(std::env::args_os()).into()
}
