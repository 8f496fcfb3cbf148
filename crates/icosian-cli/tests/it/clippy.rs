//! What clippy tells of nodes.

use icosian_rules::rules;

use crate::shop::{run, run_with};

#[test]
fn what_clippy_says_of_nodes_is_told() {
    let ended = run(&["lint", "kitchen", "broken", "--clippy", "--offline"]);
    insta::assert_snapshot!(without_sizes(&ended.said));
    // One package does not compile, which is told once.
    assert_eq!(ended.code, Some(2));
    assert_eq!(ended.besides.matches("error[E0308]").count(), 1, "{}", ended.besides);

    for card in rules().iter().map(|rule| rule.card()).filter(|card| card.lint.is_some()) {
        let examples = format!("kitchen/src/{}_", card.name.replace('-', "_"));
        let found: Vec<_> = ended.said.lines().filter(|line| line.contains(&examples)).collect();
        assert_eq!(found.len(), card.examples("bad").len(), "{found:?}");
        assert!(found.iter().all(|line| line.contains("_bad_")), "{found:?}");
    }
}

#[test]
fn what_is_allowed_is_unused_only_where_clippy_looked() {
    let ended = run(&["lint", "kitchen/src/oven.rs", "--offline", "--format", "short"]);
    assert_eq!((ended.said.as_str(), ended.code), ("", Some(0)));
    let ended = run(&["lint", "kitchen/src/oven.rs", "--offline", "--format", "short", "--clippy"]);
    assert!(ended.said.contains("ICO1002"), "{}", ended.said);
    assert_eq!((ended.said.lines().count(), ended.code), (1, Some(1)));
}

/// How large a future is depends on the compiler.
fn without_sizes(text: &str) -> String {
    let words =
        text.split(' ').map(|word| if word.parse::<u64>().is_ok_and(|it| it > 9999) { "MANY" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn where_there_is_no_clippy_it_is_said_how_to_get_it() {
    let ended = run_with(&["lint", "stock", "--clippy"], &[("CARGO_ALIAS_CLIPPY", "no-such-command")]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(2));
    assert!(!ended.besides.is_empty(), "cargo says why");
}
