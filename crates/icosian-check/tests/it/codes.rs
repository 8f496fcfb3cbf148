//! Every code that is told before a run is that of a rule.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use icosian_rules::{Card, Stage, rules};

/// The crates that refuse something before a run.
const CRATES: [&str; 4] = ["icosian-core", "icosian-graph", "icosian-decorators", "icosian-driver"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("crates have sources") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

/// Returns the sources of a crate, without comments and without the tests at the ends of files.
fn sources(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src"), &mut found);
    let source = |path| {
        let text = std::fs::read_to_string(path).expect("it can be read");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    };
    found.into_iter().map(source).collect()
}

/// Returns what stands in quotes, wherever it does.
fn literals(source: &str) -> impl Iterator<Item = &str> {
    source.split('"').skip(1).step_by(2)
}

fn is_code(text: &str) -> bool {
    text.strip_prefix("ICO").is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_digit()))
}

fn written(card: &Card) -> String {
    format!("{} {}", card.code, card.name)
}

#[test]
fn every_code_in_the_sources_is_that_of_a_rule() {
    let known: BTreeSet<String> = rules().iter().map(|rule| written(rule.card())).collect();
    let mut told = BTreeSet::new();
    for source in CRATES.iter().flat_map(|name| sources(name)) {
        told.extend(literals(&source).filter(|text| is_code(text)).map(str::to_owned));
    }
    assert!(told.is_subset(&known), "{:?}", told.difference(&known).collect::<Vec<_>>());
    assert!(told.len() >= 38, "only {} codes were found: {told:?}", told.len());
    let explained = |card: &Card| told.contains(&written(card));
    let untold: Vec<_> = rules().iter().map(|rule| rule.card()).filter(|card| !explained(card)).collect();
    // What only `icosian-check` finds has a check of its own, and is never more than a warning.
    let is_ours = |card: &Card| card.stage > Stage::Source && card.stage < Stage::Clippy;
    for card in untold.iter().filter(|card| is_ours(card)) {
        assert_eq!(card.level, icosian_rules::Level::Warn, "nobody tells {}", written(card));
    }
}

#[test]
fn no_error_before_a_run_has_another_code() {
    for (name, source) in CRATES.iter().flat_map(|name| sources(name).into_iter().map(move |it| (name, it))) {
        // `code(..)` of an error that miette derives; `RunError` says what happens in a run.
        for code in source.split("code(").skip(1).filter(|it| !it.starts_with(['&', ')'])) {
            let begins = code.trim_start().trim_start_matches('"');
            assert!(
                begins.starts_with("ICO") || begins.starts_with("icosian::run::"),
                "{name}: {}",
                &code[..40]
            );
        }
        // What decorators say; in `wrong.rs` it is handed on, or chosen among two.
        for call in source.split("wrong(\n").skip(1).chain(source.split("DecorateError::new(").skip(1)) {
            let first = call.trim_start().split(',').next().unwrap_or_default();
            let is_chosen = first.starts_with("code") || first.starts_with("if is_given_above");
            let is_code = first.trim_matches('"').starts_with("ICO");
            assert!(is_chosen || is_code || *name == "icosian-core", "{name}: {first}");
        }
    }
}
