//! Every error that a user can see has a code, and every code has an explanation.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use icosian_rules::{ExplanationKind, Level, RuleMetadata, Stage, explanations, rules};

/// The crates whose errors have codes.
const CRATES: [&str; 8] = [
    "icosian-core",
    "icosian-graph",
    "icosian-adapter",
    "icosian-decorators",
    "icosian-driver",
    "icosian-check",
    "icosian-observe",
    "icosian-tower",
];

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

/// Returns the sources of a crate without comments and without the test modules at the ends of files.
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

/// Returns the contents of the string literals.
fn literals(source: &str) -> impl Iterator<Item = &str> {
    source.split('"').skip(1).step_by(2)
}

fn is_code(text: &str) -> bool {
    text.strip_prefix("ICO").is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_digit()))
}

fn display_code(code: &str, name: &str) -> String {
    format!("{code} {name}")
}

/// Returns the codes in the sources with their names, as errors print them.
fn reported() -> BTreeSet<String> {
    let sources = CRATES.iter().flat_map(|name| sources(name));
    let codes = |source: String| {
        let codes = literals(&source).filter(|text| is_code(text) && text.contains(' '));
        codes.map(str::to_owned).collect::<Vec<_>>()
    };
    sources.flat_map(codes).collect()
}

#[test]
fn every_code_in_the_sources_is_explained() {
    let known: BTreeSet<String> = explanations().map(|page| display_code(page.code, page.name)).collect();
    let reported = reported();
    assert!(reported.is_subset(&known), "{:?}", reported.difference(&known).collect::<Vec<_>>());
    assert!(reported.len() >= 60, "only {} codes were found: {reported:?}", reported.len());
}

#[test]
fn every_explained_error_of_an_execution_is_reported() {
    let reported = reported();
    let errors: Vec<_> = explanations().filter(|page| page.kind == ExplanationKind::RunError).collect();
    assert!(errors.len() >= 22, "{errors:?}");
    for page in errors {
        assert!(
            reported.contains(&display_code(page.code, page.name)),
            "no error has the code {}",
            page.code
        );
        for section in ["## What happened\n", "## Why\n", "## Example\n```", "## What to do\n"] {
            assert!(page.text.contains(section), "{} has no section {section:?}", page.code);
        }
    }
}

#[test]
fn every_error_of_the_tools_has_an_explained_code() {
    let sources: Vec<_> = ["icosian-draw", "icosian-lint", "icosian-cli", "icosian-runs"]
        .into_iter()
        .flat_map(sources)
        .collect();
    let pages: Vec<_> = explanations().filter(|page| page.kind == ExplanationKind::ToolError).collect();
    assert!(pages.len() >= 14, "{pages:?}");
    for page in &pages {
        let code = format!("code(\"{} {}\")", page.code, page.name);
        assert!(sources.iter().any(|source| source.contains(&code)), "no error has the code {}", page.code);
    }
    for source in &sources {
        assert!(!source.contains("code(icosian::"), "a path is not a code");
        let written = ["with_code(\"", "diagnostic(code(\""].into_iter();
        let written = written.flat_map(|start| source.split(start).skip(1));
        for code in written.filter_map(|rest| rest.split('"').next()) {
            assert!(
                pages.iter().any(|page| code == display_code(page.code, page.name)),
                "{code} has no page"
            );
        }
    }
}

#[test]
fn rules_that_no_driver_reports_are_warnings() {
    let reported = reported();
    let is_ours = |metadata: &&RuleMetadata| metadata.stage > Stage::Source && metadata.stage < Stage::Clippy;
    for metadata in rules().iter().map(|rule| rule.metadata()).filter(is_ours) {
        if !reported.contains(&display_code(metadata.code, metadata.name)) {
            assert_eq!(metadata.level, Level::Warn, "no driver reports {}", metadata.code);
        }
    }
}

#[test]
fn all_codes_have_the_scheme() {
    for (name, source) in CRATES.iter().flat_map(|name| sources(name).into_iter().map(move |it| (name, it))) {
        // The `code(..)` of an error with a derived diagnostic. Functions have longer names, such as `node_code`.
        let is_attribute =
            |at: &usize| !source[..*at].ends_with(|it: char| it == '_' || it.is_alphanumeric());
        let attributes = source.match_indices("code(").map(|(at, _)| at).filter(is_attribute);
        let arguments = attributes.map(|at| &source[at + "code(".len()..]);
        for code in arguments.filter(|it| !it.starts_with(['&', ')'])) {
            let code = code.trim_start().trim_start_matches('"');
            assert!(code.starts_with("ICO"), "{name}: {}", code.lines().next().unwrap_or_default());
        }
        // Errors of decorators. `wrong.rs` forwards a code, or selects one of two.
        for call in source.split("wrong(\n").skip(1).chain(source.split("DecorateError::new(").skip(1)) {
            let first = call.trim_start().split(',').next().unwrap_or_default();
            let is_chosen = first.starts_with("code") || first.starts_with("if is_given_above");
            let is_code = first.trim_matches('"').starts_with("ICO");
            assert!(is_chosen || is_code || *name == "icosian-core", "{name}: {first}");
        }
    }
}
