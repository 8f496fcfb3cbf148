//! Findings of clippy in nodes.

use icosian_rules::rules;

use crate::shop::{run, run_with};

#[test]
fn clippy_findings_in_nodes_are_reported() {
    let ended = run(&["lint", "kitchen", "broken", "--clippy", "--offline"]);
    insta::assert_snapshot!(without_sizes(&ended.said));
    // The compile error of the broken package is printed once.
    assert_eq!(ended.code, Some(2));
    assert_eq!(ended.besides.matches("error[E0308]").count(), 1, "{}", ended.besides);

    for metadata in rules().iter().map(|rule| rule.metadata()).filter(|metadata| metadata.lint.is_some()) {
        let examples = format!("kitchen/src/{}_", metadata.name.replace('-', "_"));
        let found: Vec<_> = ended.said.lines().filter(|line| line.contains(&examples)).collect();
        assert_eq!(found.len(), metadata.examples("bad").len(), "{found:?}");
        assert!(found.iter().all(|line| line.contains("_bad_")), "{found:?}");
    }
}

#[test]
fn allow_of_a_clippy_rule_is_unused_only_with_clippy() {
    let ended = run(&["lint", "kitchen/src/oven.rs", "--offline", "--format", "short"]);
    assert_eq!((ended.said.as_str(), ended.code), ("", Some(0)));
    let ended = run(&["lint", "kitchen/src/oven.rs", "--offline", "--format", "short", "--clippy"]);
    assert!(ended.said.contains("ICO1002"), "{}", ended.said);
    assert_eq!((ended.said.lines().count(), ended.code), (1, Some(1)));
}

/// Replaces the sizes of futures, which depend on the compiler.
fn without_sizes(text: &str) -> String {
    let words =
        text.split(' ').map(|word| if word.parse::<u64>().is_ok_and(|it| it > 9999) { "MANY" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn missing_clippy_is_explained() {
    let ended = run_with(&["lint", "stock", "--clippy"], &[("CARGO_ALIAS_CLIPPY", "no-such-command")]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(2));
    assert!(!ended.besides.is_empty(), "cargo says why");
}
