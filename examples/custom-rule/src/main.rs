//! A linter with all built-in rules and one custom rule.
//!
//! ```text
//! $ cargo run -p custom-rule -- lint --fast examples/custom-rule/tests/pipeline
//! $ cargo run -p custom-rule -- explain TEAM0001
//! ```

use std::process::ExitCode;

use custom_rule::UnlimitedDatabaseNode;

fn main() -> ExitCode {
    icosian_cli::run_with(std::env::args_os(), &[&UnlimitedDatabaseNode]).into()
}
