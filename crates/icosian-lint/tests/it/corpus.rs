//! Recall and precision of the rules on bodies, measured on nodes as people write them.
//!
//! `tests/corpus/faulty` and `tests/corpus/correct` are parsed, not compiled. `//~ ICO0201` ends a line where the rule
//! reports: at a call, the line of the function's or the method's name. `//@ adapter: tokio` names the adapter of a file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use icosian_lint::{Linter, Settings};
use icosian_rules::Level;

/// The rules that the corpus is about.
const MEASURED: [&str; 7] = ["ICO0201", "ICO0204", "ICO0205", "ICO0209", "ICO0210", "ICO0211", "ICO0212"];

/// The number of expected findings that may be missed, by rule. It must never increase.
const MISSED: [(&str, usize); 0] = [];

/// The findings of one corpus file: expected and reported ones, each a line and a code.
struct Judged {
    name: String,
    expected: BTreeSet<(usize, String)>,
    reported: BTreeSet<(usize, String)>,
    nodes: usize,
}

impl Judged {
    fn missed(&self) -> impl Iterator<Item = &(usize, String)> {
        self.expected.difference(&self.reported)
    }

    fn unexpected(&self) -> impl Iterator<Item = &(usize, String)> {
        self.reported.difference(&self.expected)
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new("tests/corpus").join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "rs"));
    files.sort();
    files
}

fn judge(file: &Path) -> Judged {
    let text = std::fs::read_to_string(file).unwrap();
    let adapter = text.lines().find_map(|line| line.strip_prefix("//@ adapter: "));
    let settings = adapter.map_or(String::new(), |name| format!("adapter = \"{name}\"\n"));
    let settings = Settings::parse("icosian.toml", &settings).unwrap();
    let expected = text.lines().zip(1..).flat_map(|(line, number)| {
        let codes = line.split_once("//~ ").map_or("", |(_, codes)| codes);
        codes.split(' ').filter(|code| !code.is_empty()).map(move |code| (number, code.to_owned()))
    });
    let report =
        Linter::new(settings.with_level("await-in-loop", Level::Warn)).lint_text(file, text.as_str());
    assert!(report.is_complete(), "{}: {:?}", file.display(), report.notices());
    let reported = report.diagnoses().iter().map(|it| (it.location().start().0, it.code().to_owned()));
    Judged {
        name: file.display().to_string(),
        expected: expected.collect(),
        reported: reported.collect(),
        nodes: report.nodes(),
    }
}

#[test]
fn recall_and_precision_do_not_decrease() {
    let faulty: Vec<_> = files("faulty").iter().map(|file| judge(file)).collect();
    let correct: Vec<_> = files("correct").iter().map(|file| judge(file)).collect();
    let count = |judged: &[Judged]| judged.iter().map(|it| it.nodes).sum::<usize>();
    assert!(count(&faulty) >= 60 && count(&correct) >= 60, "{} and {}", count(&faulty), count(&correct));
    assert!(correct.iter().all(|it| it.expected.is_empty()));

    let mut by_rule: BTreeMap<&str, (usize, usize)> = MEASURED.iter().map(|code| (*code, (0, 0))).collect();
    let (mut table, mut wrong) = (String::new(), String::new());
    for judged in faulty.iter().chain(&correct) {
        for (_, code) in &judged.expected {
            by_rule.get_mut(code.as_str()).expect("the corpus expects measured rules only").1 += 1;
        }
        for (line, code) in judged.missed() {
            by_rule.get_mut(code.as_str()).expect("the corpus expects measured rules only").0 += 1;
            writeln!(table, "missed {}:{line} {code}", judged.name).unwrap();
        }
        for (line, code) in judged.unexpected() {
            writeln!(wrong, "unexpected {}:{line} {code}", judged.name).unwrap();
        }
    }
    let (mut missed, mut expected) = (0, 0);
    for (code, (missed_of_rule, expected_of_rule)) in &by_rule {
        writeln!(table, "{code}: {} of {expected_of_rule}", expected_of_rule - missed_of_rule).unwrap();
        missed += missed_of_rule;
        expected += expected_of_rule;
    }
    let found = expected - missed;
    println!(
        "{table}recall {found} of {expected} ({} %), false findings {}\n{wrong}",
        found * 100 / expected,
        wrong.lines().count()
    );

    assert_eq!(wrong, "", "false findings");
    for (code, (missed, _)) in by_rule {
        let allowed = MISSED.iter().find(|(it, _)| *it == code).map_or(0, |(_, allowed)| *allowed);
        assert!(missed <= allowed, "{code} misses {missed}, {allowed} were recorded:\n{table}");
        assert!(missed >= allowed, "{code} misses {missed} only: record that, instead of {allowed}");
    }
    assert!(found * 10 >= expected * 9, "{table}");
}
