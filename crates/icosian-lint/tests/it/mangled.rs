//! The linter accepts any text without a panic, and its locations lie inside the text.

use icosian_lint::FixScope;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::strict;

/// Source texts to mangle.
const SEEDS: [&str; 4] = [
    include_str!("rules.rs"),
    include_str!("../../src/source/body.rs"),
    include_str!("../../../../examples/async-service/src/pipeline.rs"),
    SEED,
];

const SEED: &str = "#!/usr/bin/env x\n//! Ä.\nuse a::{self, b as c, d::*};\nstatic mut X: Mutex<u8> = x;\n\
    #[tag(ä = 1)] #[node(allow(x, reason = \"ö\"), crate = y)]\npub async fn r#f<T>(r#in: &T, #[default(1)] b: Option<&str>) -> impl Z {\n\
    for a in b { c.d().await; } while x { yield_now(); } loop { println!(\"{}\", X); } std::process::Command::new(x).output()?; }\n\
    #[dataflow(name = \"é\", allow(y))] pub mod m { #[timeout(1)] #[offload] pub fn a(b: u8) -> ! {} pub fn b(a: u8) {} }\n";

/// Fragments to insert.
const BITS: [&str; 24] = [
    "#[node]",
    "#[dataflow]",
    "#[tag(",
    "fn",
    "pub ",
    "(",
    ")",
    "{",
    "}",
    "\"",
    "'",
    "r#",
    "/*",
    "//",
    "\\",
    "\u{feff}",
    "\u{0}",
    "\r",
    "é",
    "async ",
    ".await",
    "::",
    "<",
    "!",
];

fn check(text: &str) {
    let report = strict().lint_text("src/lib.rs", text);
    let read = text.strip_prefix('\u{feff}').unwrap_or(text);
    for notice in report.notices() {
        assert!(!notice.message().contains("panic"), "{notice}: {text}");
    }
    for found in report.diagnoses() {
        let bytes = found.location().bytes();
        assert!(read.get(bytes).is_some_and(|part| !part.is_empty()), "{found:?}: {text}");
        for (place, _) in found.patch().iter().flat_map(|patch| patch.edits()) {
            assert!(read.get(place.bytes()).is_some(), "{found:?}: {text}");
        }
    }
    let (_, fixed) = strict().fix_text("src/lib.rs", text, FixScope::All);
    assert!(fixed.reverted.is_empty(), "{:?}: {text}", fixed.reverted);
}

#[test]
fn seeds_are_valid() {
    SEEDS.into_iter().for_each(check);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mangled_files_cause_no_panic(
        seed in select(SEEDS.to_vec()),
        cuts in prop::collection::vec((any::<Index>(), 0_usize..20, prop::option::of(select(BITS.to_vec()))), 1..8),
    ) {
        let mut letters: Vec<char> = seed.chars().collect();
        for (at, length, bit) in cuts {
            let start = at.index(letters.len().max(1)).min(letters.len());
            let end = (start + length).min(letters.len());
            letters.splice(start..end, bit.unwrap_or_default().chars());
        }
        check(&letters.into_iter().collect::<String>());
    }

    #[test]
    fn arbitrary_text_causes_no_panic(text in "[#\\[\\](){}<>a-c!:;,.'\"/*&|\\\\ \nnode]{0,80}") {
        check(&format!("{text}\n#[node]\npub fn f() {{}}"));
        check(&text);
    }
}

#[test]
fn deeply_nested_files_are_parsed_or_refused() {
    for depth in [1_200, 2_400, 4_900, 100_000] {
        for (before, open, middle, close, after) in [
            ("fn f() {", "(", "1", ")", "}"),
            ("fn f() {", "{", "1", "}", "}"),
            ("fn f() {", "!", "1", "", "}"),
            ("fn f() {", "|x| ", "1", "", "}"),
            ("fn f() {", "async move {", "x.await", "}", "}"),
            ("fn f() {", "if a {} else ", "{}", "", "}"),
            ("fn f() {", "a(", "1", ")", "}"),
            ("fn f() { a", ".b()", "", "", "}"),
            ("fn f() { 1", " + 1", "", "", "}"),
            ("fn f() { println!", "(println!", "()", ")", "}"),
            ("fn f(a: ", "Box<", "u8", ">", ") {}"),
            ("fn f(a: ", "&", "u8", "", ") {}"),
            ("fn f(", "&", "a", "", ": u8) {}"),
            ("use ", "a::{", "b", "}", ";"),
            ("use ", "a::", "b", "", ";"),
            ("", "mod a {", "", "}", ""),
        ] {
            let text = format!("{before}{}{middle}{}{after}", open.repeat(depth), close.repeat(depth));
            let report = strict().lint_text("src/lib.rs", format!("#[node] {text}"));
            let told = report.notices().iter().all(|notice| !notice.message().contains("panic"));
            assert!(told, "{depth} {open}: {:?}", report.notices());
        }
    }
}
