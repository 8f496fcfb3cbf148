//! Code blocks are compiled, or they are the text of a file of the repository.

use crate::book::{Book, read, repository};
use crate::chapter::{CodeBlock, Origin};

/// The languages of code blocks. `rs` is Rust that another package compiles: rustdoc skips it, and mdBook highlights it.
const LANGUAGES: [&str; 9] = ["cpp", "json", "python", "rs", "rust", "sh", "text", "toml", "yaml"];

/// The fault of a code block, if it has one.
fn fault(block: &CodeBlock) -> Option<&'static str> {
    let mut attributes = block.info.split(',');
    let language = attributes.next().unwrap_or_default();
    if !LANGUAGES.contains(&language) {
        return Some("has no known language");
    }
    if language == "rust" && attributes.any(|attribute| !matches!(attribute, "compile_fail" | "should_panic"))
    {
        return Some("is Rust code that is not compiled and run");
    }
    if language == "rs" && block.origin.is_none() {
        return Some("is Rust code of no package: write `rust`, or copy or quote a file");
    }
    None
}

#[test]
fn rust_blocks_are_compiled() {
    for (name, chapter) in Book::load().chapters {
        for block in &chapter.blocks {
            if let Some(fault) = fault(block) {
                panic!("{name}: a block `{}` {fault}:\n{}", block.info, block.text);
            }
        }
    }
}

#[test]
fn skipped_blocks_are_found() {
    let fault =
        |info: &str, text: &str| fault(&CodeBlock { info: info.into(), text: text.into(), origin: None });
    assert_eq!(fault("rust", "fn f() {}"), None);
    assert_eq!(fault("rust,compile_fail", "fn f() {}"), None);
    assert!(fault("rust,ignore", "fn f() {}").is_some());
    assert!(fault("rust,no_run", "fn f() {}").is_some());
    assert!(fault("", "fn f() {}").is_some());
    assert!(fault("rs", "fn f() {}").is_some());
    let origin = Some(Origin::Copy);
    assert_eq!(super::code::fault(&CodeBlock { info: "rs".into(), text: String::new(), origin }), None);
}

/// Returns the lines of `text` without their common indentation.
pub(crate) fn dedented(text: &str) -> Vec<String> {
    let indentation = |line: &&str| line.len() - line.trim_start().len();
    let lines = || text.lines().map(str::trim_end);
    let least =
        lines().filter(|line| !line.is_empty()).map(|line| indentation(&line)).min().unwrap_or_default();
    lines().map(|line| line.get(least..).unwrap_or_default().to_owned()).collect()
}

/// Returns whether consecutive lines of `file` are equal to `quote`, apart from common indentation.
fn has_lines(file: &str, quote: &str) -> bool {
    let (lines, quote) = (file.lines().collect::<Vec<_>>(), dedented(quote));
    lines.windows(quote.len()).any(|window| dedented(&window.join("\n")) == quote)
}

#[test]
fn quotes_are_lines_of_their_files() {
    for (name, chapter) in Book::load().chapters {
        for block in &chapter.blocks {
            let Some(Origin::Quote(file)) = &block.origin else { continue };
            let text = read(&repository().join(file));
            assert!(
                has_lines(&text, &block.text),
                "{name} quotes lines that {file} does not have:\n{}",
                block.text
            );
        }
    }
}

#[test]
fn changed_quote_is_found() {
    let file = "mod m {\n    fn f() {\n        1\n    }\n}\n";
    assert!(has_lines(file, "fn f() {\n    1\n}\n"));
    assert!(!has_lines(file, "fn f() {\n    2\n}\n"));
    assert!(!has_lines(file, "fn f() {\n}\n"));
}
