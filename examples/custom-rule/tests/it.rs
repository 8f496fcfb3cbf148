//! Runs the linter with the rule.

use custom_rule::UnlimitedDatabaseNode;
use icosian_cli::{Exit, run_with};

#[test]
fn node_without_limit_is_reported() {
    let lint = ["custom-rule", "lint", "--fast", "--format", "short", "tests/pipeline"];
    assert_eq!(run_with(lint, &[&UnlimitedDatabaseNode]), Exit::Found);
    assert_eq!(run_with(lint, &[]), Exit::Clean);
}

#[test]
fn rule_has_a_page() {
    assert_eq!(run_with(["custom-rule", "explain", "TEAM0001"], &[&UnlimitedDatabaseNode]), Exit::Clean);
}
