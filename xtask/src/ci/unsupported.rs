//! Lints `examples/unsupported-pipeline`, which compiles and cannot run under its adapters.

use std::collections::BTreeSet;
use std::fs;
use std::path::absolute;
use std::process::Command;

use crate::lint_pipeline::root;
use crate::task_error::TaskError;

/// The example, from the root of the workspace.
const EXAMPLE: &str = "examples/unsupported-pipeline";
/// The rules that the example breaks. They need a linked crate.
const CODES: [&str; 6] = ["ICO0004", "ICO0101", "ICO0102", "ICO0103", "ICO0112", "ICO0502"];
/// The exit status of a linter that checked everything and has findings. The status is 2 if the crate does not compile.
const FOUND: i32 = 1;

/// Lints the example. Returns whether it compiles, breaks exactly the rules in [`CODES`], and its README shows the report.
pub(super) fn run() -> Result<bool, TaskError> {
    let root = root();
    // With the lock file and the target folder of the workspace, compiled dependencies are reused.
    fs::copy(root.join("Cargo.lock"), root.join(EXAMPLE).join("Cargo.lock"))?;
    let mut linter = Command::new(std::env::current_exe()?);
    linter.args(["lint-pipeline", EXAMPLE]).current_dir(&root);
    if std::env::var_os("CARGO_TARGET_DIR").is_none() {
        linter.env("CARGO_TARGET_DIR", absolute(root.join("target"))?);
    }
    let linter = linter.output()?;
    let report = String::from_utf8(linter.stdout)?;
    println!("{report}");
    if linter.status.code() != Some(FOUND) {
        eprintln!("{}", String::from_utf8_lossy(&linter.stderr));
        return Err(format!("the linter ended with {}, expected exit status {FOUND}", linter.status).into());
    }
    let readme = fs::read_to_string(root.join(EXAMPLE).join("README.md"))?;
    check(&report, &readme)?;
    Ok(true)
}

/// Compares the codes of a report with [`CODES`], and the report with the README.
fn check(report: &str, readme: &str) -> Result<(), TaskError> {
    let found = codes(report);
    if found != BTreeSet::from(CODES) {
        return Err(format!("expected findings of {CODES:?}, found {found:?}").into());
    }
    if !readme.contains(&format!("```text\n{report}```\n")) {
        return Err(format!("{EXAMPLE}/README.md shows another report; copy this one").into());
    }
    Ok(())
}

/// Returns the codes of the findings in a report. A finding starts with a line `CODE name`.
fn codes(report: &str) -> BTreeSet<&str> {
    let heads = report.lines().filter(|line| line.starts_with("ICO"));
    heads.filter_map(|line| line.split(' ').next()).collect()
}

#[cfg(test)]
mod tests {
    use super::{CODES, check};

    fn report(codes: &[&str]) -> String {
        let reports: Vec<_> =
            codes.iter().map(|code| format!("{code} rule-name\n\n  × node `ICO` fails\n\n")).collect();
        reports.concat()
    }

    #[test]
    fn codes_and_readme_are_compared() {
        let report = report(&CODES);
        let readme = format!("# Title\n\n```text\n{report}```\n");
        assert!(check(&report, &readme).is_ok());
        assert!(check(&report, "# Title\n").is_err());
    }

    #[test]
    fn missing_and_additional_codes_are_errors() {
        for codes in [&CODES[1..], &[&CODES[..], &["ICO0201"]].concat()] {
            let report = report(codes);
            let error = check(&report, &format!("```text\n{report}```\n")).unwrap_err().to_string();
            assert!(error.starts_with("expected findings of"), "{error}");
        }
    }
}
