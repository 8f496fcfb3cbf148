//! The examples in the rules' documentation, and the wording of all messages.

use icosian_lint::{Diagnosis, Linter, Settings};
use icosian_rules::{Card, Level, Stage, rules};

/// Returns a linter that runs the rule even if it is off by default. ICO0212 needs an adapter.
fn linter(card: &Card) -> Linter {
    let text = if card.code == "ICO0212" { "adapter = \"tokio\"" } else { "" };
    let settings = Settings::parse("icosian.toml", text).unwrap();
    Linter::new(settings.with_level(card.name, card.level.max(Level::Warn)))
}

/// Returns the rules that apply to source text. `examples/plan-rules` tests the rules that need a driver, and
/// `baselines.rs` tests the rule for baselines.
fn cards() -> impl Iterator<Item = &'static Card> {
    rules()
        .iter()
        .map(|rule| rule.card())
        .filter(|card| card.stage <= Stage::Source && card.code != "ICO1004")
}

fn bad() -> impl Iterator<Item = (&'static Card, String)> {
    cards().flat_map(|card| card.examples("bad").into_iter().map(move |example| (card, example)))
}

#[test]
fn bad_examples_break_only_their_rule() {
    for (card, example) in bad() {
        let report = linter(card).lint_text("src/lib.rs", example);
        let codes: Vec<_> = report.diagnoses().iter().map(Diagnosis::code).collect();
        assert!(report.is_complete(), "{}: {:?}", card.code, report.notices());
        assert!(!codes.is_empty() && codes.iter().all(|code| *code == card.code), "{}: {codes:?}", card.code);
    }
}

#[test]
fn good_examples_are_clean() {
    for card in cards() {
        for example in card.examples("good") {
            let report = linter(card).lint_text("src/lib.rs", example);
            assert!(report.is_clean() && report.is_complete(), "{}: {report:?}", card.code);
        }
    }
}

#[test]
fn fixes_repair_bad_examples() {
    for (card, example) in bad().filter(|(card, _)| card.fix.is_some()) {
        let (_, fixed) = linter(card).fix_text("src/lib.rs", example, true);
        assert!(fixed.applied > 0 && fixed.report.is_clean(), "{}: {:?}", card.code, fixed.report);
    }
}

#[test]
fn all_messages_have_the_same_form() {
    /// Words of a suggestion, which belong into the help.
    const SUGGESTIONS: [&str; 8] =
        ["should", "must", "instead", "please", "try ", "consider", "you ", "write "];
    /// The first words of help texts.
    const VERBS: [&str; 9] = ["await", "give", "look", "move", "remove", "rename", "return", "take", "write"];
    let is_fragment = |text: &str| {
        let begins =
            text.starts_with(|first: char| first == '`' || first.is_lowercase() || first.is_numeric());
        begins && !text.ends_with(['.', '!']) && text.chars().count() <= 120
    };
    for (card, example) in bad() {
        for found in linter(card).lint_text("src/lib.rs", example).diagnoses() {
            let (code, message) = (card.code, found.message());
            assert!(is_fragment(message) && message.contains('`'), "{code}: {message}");
            assert!(!SUGGESTIONS.iter().any(|word| message.contains(word)), "{code}: {message}");
            assert!(message.matches('`').count() % 2 == 0, "{code}: {message}");
            for label in found.others().iter().map(icosian_lint::Spot::text).chain([found.label()]) {
                assert!(label.is_empty() || is_fragment(label), "{code}: {label}");
            }
            let help = found.help_text().unwrap_or_default();
            assert!(VERBS.iter().any(|verb| help.split(' ').next() == Some(verb)), "{code}: {help}");
            assert!(is_fragment(help), "{code}: {help}");
            assert!(found.patch().is_none_or(|patch| is_fragment(patch.title())), "{code}");
        }
    }
}
