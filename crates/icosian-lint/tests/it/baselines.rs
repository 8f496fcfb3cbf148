//! What was wrong before is not told again; what is mended is no longer hidden.

use icosian_lint::{Baseline, Diagnosis, Linter, Settings};
use icosian_rules::{Level, rules};

const DETACHED: &str =
    "#[node]\npub async fn sent(text: String) -> u8 {\n    tokio::spawn(send(text));\n    1\n}\n";
const FINE: &str = "#[node]\npub fn sent(text: &str) -> usize { text.len() }\n";

fn linter() -> Linter {
    Linter::new(Settings::default())
}

/// Returns what is told of `text` where `baseline` hides what it has.
fn told(linter: &Linter, baseline: &str, text: &str) -> Vec<String> {
    let baseline = Baseline::parse("lint.json", baseline).unwrap();
    let mut report = linter.lint_text("src/report.rs", text);
    linter.apply_baseline(&baseline, &mut report);
    report.diagnoses().iter().map(Diagnosis::to_string).collect()
}

#[test]
fn the_examples_are_stale_or_not() {
    let card = rules().iter().map(|rule| rule.card()).find(|card| card.code == "ICO1004").unwrap();
    for (kind, count) in [("bad", 1), ("good", 0)] {
        for example in card.examples(kind) {
            assert_eq!(told(&linter(), &example, FINE).len(), count, "{example}");
        }
    }
}

#[test]
fn an_entry_is_stale_when_less_is_wrong() {
    let twice = format!("{DETACHED}{}", DETACHED.replace("fn sent", "fn sent_again"));
    let baseline = Baseline::of(&linter().lint_text("src/report.rs", twice.as_str()));
    let baseline = baseline.to_text();
    assert_eq!(told(&linter(), &baseline, &twice), [""; 0]);
    let stale = "the baseline hides `ICO0209` in `src/report.rs`";
    assert_eq!(told(&linter(), &baseline, FINE), [stale, stale]);
    insta::assert_snapshot!(baseline);

    // What is more than there was is told.
    let once = Baseline::of(&linter().lint_text("src/report.rs", DETACHED)).to_text();
    assert_eq!(told(&linter(), &once, &format!("{DETACHED}{DETACHED}")).len(), 1);
}

#[test]
fn where_nobody_looked_nothing_is_stale() {
    let detached = "ICO0209 node `sent` lets go of what `tokio::spawn` starts";
    let stale =
        |file: &str, key: &str| format!("{{\"version\": 1, \"findings\": {{\"{file}\": {{\"{key}\": 1}}}}}}");
    // Another file, which is there; a file in a folder that is not; what linked crates told; a rule that nobody has.
    for baseline in [
        stale("src/lib.rs", detached),
        stale("other/place.rs", detached),
        stale("src/report.rs", detached).replace("\"findings\"", "\"findings\": {}, \"linked\""),
        stale("src/report.rs", "ACM0001 node `RATE` shouts"),
    ] {
        assert_eq!(told(&linter(), &baseline, FINE), [""; 0], "{baseline}");
    }
    for gone in ["src/gone.rs", "gone.rs"] {
        assert_eq!(told(&linter(), &stale(gone, detached), FINE).len(), 1, "{gone}");
    }

    // Levels count: of what is not told nobody knows whether it is there.
    let quiet = |name: &str| Linter::new(Settings::default().with_level(name, Level::Allow));
    assert_eq!(told(&quiet("detached_task"), &stale("src/report.rs", detached), FINE), [""; 0]);
    assert_eq!(told(&quiet("stale_baseline"), &stale("src/report.rs", detached), FINE), [""; 0]);

    // Nor where something could not be looked at.
    assert_eq!(told(&linter(), &stale("src/report.rs", detached), "#[node] fn {"), [""; 0]);
}

#[test]
fn a_stale_entry_is_told_at_its_place() {
    let baseline = Baseline::of(&linter().lint_text("src/report.rs", DETACHED));
    let baseline = Baseline::parse("lint.json", &baseline.to_text()).unwrap();
    let mut report = linter().lint_text("src/report.rs", FINE);
    linter().apply_baseline(&baseline, &mut report);
    let found = &report.diagnoses()[0];
    assert_eq!((found.file(), found.place().start()), ("lint.json", (5, 7)));
}
