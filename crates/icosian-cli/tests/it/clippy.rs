//! What clippy tells of nodes.

use icosian_rules::rules;

use crate::shop::{run, run_with};

#[test]
fn what_clippy_says_of_nodes_is_told() {
    let ended = run(&["lint", "kitchen", "broken", "--clippy", "--offline"]);
    insta::assert_snapshot!(ended.said);
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
fn where_there_is_no_clippy_it_is_said_how_to_get_it() {
    let ended = run_with(&["lint", "stock", "--clippy"], &[("CARGO_ALIAS_CLIPPY", "no-such-command")]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(2));
    assert!(ended.besides.contains("no-such-command"), "{}", ended.besides);
}
