//! Chapters contain copies of diagnostics, tables and example code. A test compares each copy with its file.
//!
//! A comment `<!-- copy: FILE -->` or `<!-- copy: FILE#PART -->` is above each copy, which is a code block or a table. A part is the lines
//! between comments with `ANCHOR: PART` and `ANCHOR_END: PART`. `BOOK=overwrite cargo test -p icosian-book` updates all copies.

use std::fmt::Write;
use std::fs;

use crate::book::{Book, folder, read, repository};
use crate::code::dedented;

/// Returns the text of `source`: a file, or a part of it.
fn original(source: &str) -> String {
    let (path, part) = source.split_once('#').map_or((source, None), |(path, part)| (path, Some(part)));
    let text = read(&repository().join(path));
    let text = match part {
        Some(part) => between(&text, part).unwrap_or_else(|| panic!("{path} has no part `{part}`")),
        None if path.rsplit_once('.').is_some_and(|(_, extension)| extension == "snap") => {
            body_of_snapshot(&text)
        }
        None => text,
    };
    text.trim_end().to_owned()
}

/// Returns the lines between the comments with `ANCHOR: part` and `ANCHOR_END: part`, without their common indentation.
fn between(text: &str, part: &str) -> Option<String> {
    let is_marker = |line: &str, marker: &str| {
        line.trim_matches(['/', '<', '!', '-', '>', ' ']) == format!("{marker}: {part}")
    };
    let mut lines = text.lines().skip_while(|line| !is_marker(line, "ANCHOR"));
    lines.next()?;
    let lines: Vec<_> = lines.take_while(|line| !is_marker(line, "ANCHOR_END")).collect();
    Some(dedented(&lines.join("\n")).join("\n"))
}

/// Returns a snapshot of insta without its header, which is between two lines `---`.
fn body_of_snapshot(text: &str) -> String {
    text.splitn(3, "---\n").nth(2).expect("a snapshot has a header").to_owned()
}

/// Returns the chapter with each copy replaced by the text that `original` returns for its source.
fn refreshed(chapter: &str, original: impl Fn(&str) -> String) -> String {
    let mut lines = chapter.lines().peekable();
    let mut text = String::new();
    while let Some(line) = lines.next() {
        let _ = writeln!(text, "{line}");
        let Some(source) = line.strip_prefix("<!-- copy: ").and_then(|it| it.strip_suffix(" -->")) else {
            continue;
        };
        while let Some(blank) = lines.next_if(|line| line.is_empty()) {
            let _ = writeln!(text, "{blank}");
        }
        if let Some(fence) = lines.next_if(|line| line.starts_with("```")) {
            while lines.next_if(|line| !line.starts_with("```")).is_some() {}
            let _ = writeln!(text, "{fence}\n{}", original(source));
        } else {
            while lines.next_if(|line| line.starts_with('|')).is_some() {}
            let _ = writeln!(text, "{}", original(source));
        }
    }
    text
}

#[test]
fn copies_are_current() {
    let overwrites = std::env::var("BOOK").is_ok_and(|it| it == "overwrite");
    for (name, chapter) in Book::load().chapters {
        let current = refreshed(&chapter.text, original);
        if current == chapter.text {
            continue;
        }
        assert!(overwrites, "{name} has old copies; run BOOK=overwrite cargo test -p icosian-book --test it");
        fs::write(folder().join("src").join(&name), current).expect("the chapter is writable");
    }
}

#[test]
fn blocks_and_tables_are_refreshed() {
    let chapter = "a\n<!-- copy: one -->\n\n```rs\nold\n```\n\n<!-- copy: two -->\n| old |\n| old |\n\nb\n";
    let current = refreshed(chapter, |source| format!("| {source} |"));
    assert_eq!(current, "a\n<!-- copy: one -->\n\n```rs\n| one |\n```\n\n<!-- copy: two -->\n| two |\n\nb\n");
}

#[test]
fn parts_of_files_are_found() {
    let file = "x\n    // ANCHOR: p\n    one\n      two\n    // ANCHOR_END: p\ny\n<!-- ANCHOR: q -->\n| z |\n<!-- ANCHOR_END: q -->\n";
    assert_eq!(between(file, "p").as_deref(), Some("one\n  two"));
    assert_eq!(between(file, "q").as_deref(), Some("| z |"));
    assert_eq!(between(file, "r"), None);
    assert_eq!(body_of_snapshot("---\nsource: a\n---\nb\n---\nc\n"), "b\n---\nc\n");
}
