//! Findings in source code.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod allows;
mod baselines;
mod corpus;
mod files;
mod fixes;
mod mangled;
mod names;
mod rules;
#[cfg(feature = "sarif")]
mod sarif;

use icosian_lint::{Linter, Report, Settings};
use icosian_rules::Level;

/// A package with a fault for each rule.
const FAULTY: &str = "../../examples/faulty-pipeline";

/// Returns a linter with all rules enabled.
fn strict() -> Linter {
    Linter::new(Settings::default().with_level("all", Level::Warn))
}

/// Returns a line for each finding and each notice: line and column, code, message.
fn lines(report: &Report) -> String {
    let found = report.diagnoses().iter().map(|it| {
        let (line, column) = it.location().start();
        format!("{line}:{column} {} {}", it.code(), it.message())
    });
    let notices = report.notices().iter().map(|notice| format!("unread: {notice}"));
    found.chain(notices).collect::<Vec<_>>().join("\n")
}

/// Checks the findings of `text` at the default levels.
#[track_caller]
fn check(text: &str, expect: &str) {
    let report = Linter::new(Settings::default()).lint_text("src/lib.rs", text);
    assert_eq!(lines(&report), expect);
}
