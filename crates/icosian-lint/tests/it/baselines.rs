//! A baseline hides known findings, and its fixed entries are reported.

use icosian_lint::{Baseline, Diagnosis, Linter, Settings};
use icosian_rules::{Level, rules};

const DETACHED: &str =
    "#[node]\npub async fn sent(text: String) -> u8 {\n    tokio::spawn(send(text));\n    1\n}\n";
const FINE: &str = "#[node]\npub fn sent(text: &str) -> usize { text.len() }\n";

fn linter() -> Linter {
    Linter::new(Settings::default())
}

/// Returns the messages of `text` that `baseline` does not hide.
fn lint(linter: &Linter, baseline: &str, text: &str) -> Vec<String> {
    let baseline = Baseline::parse("lint.json", baseline).unwrap();
    let report = linter.lint_text("src/report.rs", text);
    let report = linter.apply_baseline(&baseline, report);
    report.diagnoses().iter().map(Diagnosis::to_string).collect()
}

#[test]
fn examples_of_the_rule_match() {
    let metadata =
        rules().iter().map(|rule| rule.metadata()).find(|metadata| metadata.code == "ICO1004").unwrap();
    for (kind, count) in [("bad", 1), ("good", 0)] {
        for example in metadata.examples(kind) {
            assert_eq!(lint(&linter(), &example, FINE).len(), count, "{example}");
        }
    }
}

#[test]
fn entry_is_stale_after_a_fix() {
    let twice = format!("{DETACHED}{}", DETACHED.replace("fn sent", "fn sent_again"));
    let baseline = Baseline::of(&linter().lint_text("src/report.rs", twice.as_str()));
    let baseline = baseline.to_text();
    assert_eq!(lint(&linter(), &baseline, &twice), [""; 0]);
    let stale = "the baseline hides a finding of `ICO0209` in `src/report.rs` that no longer exists";
    assert_eq!(lint(&linter(), &baseline, FINE), [stale, stale]);
    insta::assert_snapshot!(baseline);

    // Findings beyond the hidden number are reported.
    let once = Baseline::of(&linter().lint_text("src/report.rs", DETACHED)).to_text();
    assert_eq!(lint(&linter(), &once, &format!("{DETACHED}{DETACHED}")).len(), 1);
}

#[test]
fn entry_of_unchecked_input_is_not_stale() {
    let detached = "ICO0209 node `sent` does not wait for the work that `tokio::spawn` starts";
    let stale =
        |file: &str, key: &str| format!("{{\"version\": 1, \"findings\": {{\"{file}\": {{\"{key}\": 1}}}}}}");
    // An existing other file; a file in a missing folder; a finding of linked crates; an unknown rule.
    for baseline in [
        stale("src/lib.rs", detached),
        stale("other/place.rs", detached),
        stale("src/report.rs", detached).replace("\"findings\"", "\"findings\": {}, \"linked\""),
        stale("src/report.rs", "ACM0001 node `RATE` shouts"),
    ] {
        assert_eq!(lint(&linter(), &baseline, FINE), [""; 0], "{baseline}");
    }
    for gone in ["src/gone.rs", "gone.rs"] {
        assert_eq!(lint(&linter(), &stale(gone, detached), FINE).len(), 1, "{gone}");
    }

    // A rule at level `allow` does not run, so its entries cannot be stale.
    let quiet = |name: &str| Linter::new(Settings::default().with_level(name, Level::Allow));
    assert_eq!(lint(&quiet("detached_task"), &stale("src/report.rs", detached), FINE), [""; 0]);
    assert_eq!(lint(&quiet("stale_baseline"), &stale("src/report.rs", detached), FINE), [""; 0]);

    // A file with a syntax error is not checked.
    assert_eq!(lint(&linter(), &stale("src/report.rs", detached), "#[node] fn {"), [""; 0]);
}

#[test]
fn stale_entry_has_a_location_in_the_baseline() {
    let baseline = Baseline::of(&linter().lint_text("src/report.rs", DETACHED));
    let baseline = Baseline::parse("lint.json", &baseline.to_text()).unwrap();
    let report = linter().lint_text("src/report.rs", FINE);
    let report = linter().apply_baseline(&baseline, report);
    let found = &report.diagnoses()[0];
    assert_eq!((found.file(), found.location().start()), ("lint.json", (5, 7)));
}
