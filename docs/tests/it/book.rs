//! The chapters as files, and the lists that name them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::chapter::Chapter;

/// The book: its chapters, by their path in `docs/src`.
pub(crate) struct Book {
    pub(crate) chapters: BTreeMap<String, Chapter>,
    summary: Chapter,
}

/// Returns the folder `docs`.
pub(crate) fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the root folder of the repository.
pub(crate) fn repository() -> PathBuf {
    folder().parent().expect("`docs` is in the repository").to_owned()
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

impl Book {
    pub(crate) fn load() -> Self {
        let source = folder().join("src");
        let mut files = Vec::new();
        markdown_files(&source, &mut files);
        let mut chapters: BTreeMap<_, _> = files
            .into_iter()
            .map(|path| {
                let name = path.strip_prefix(&source).expect("the file is in the folder");
                (name.to_str().expect("the name is UTF-8").replace('\\', "/"), Chapter::parse(&read(&path)))
            })
            .collect();
        let summary = chapters.remove("SUMMARY.md").expect("the book has a summary");
        Self { chapters, summary }
    }
}

fn markdown_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the entry is readable").path();
        if path.is_dir() {
            markdown_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
}

/// Returns the paths in the list of `lib.rs`, such as `src/introduction.md`, without `src/`.
fn compiled() -> BTreeSet<String> {
    let text = read(&folder().join("lib.rs"));
    let paths = text.split('"').filter_map(|literal| literal.strip_prefix("src/"));
    paths.map(str::to_owned).collect()
}

#[test]
fn summary_and_list_of_modules_name_every_chapter() {
    let book = Book::load();
    let chapters: BTreeSet<_> = book.chapters.keys().cloned().collect();
    let listed: Vec<_> =
        book.summary.links.iter().map(|link| link.trim_start_matches("./").to_owned()).collect();
    let distinct: BTreeSet<_> = listed.iter().cloned().collect();
    assert_eq!(listed.len(), distinct.len(), "the summary names a chapter twice");
    assert_eq!(distinct, chapters, "the summary names other chapters than the files of `docs/src`");
    assert_eq!(compiled(), chapters, "`docs/lib.rs` includes other chapters than the files of `docs/src`");
}

#[test]
fn every_chapter_has_one_title() {
    for (name, chapter) in Book::load().chapters {
        assert_eq!(chapter.titles, 1, "{name} needs exactly one heading of level 1");
    }
}

#[test]
fn decorator_chapter_covers_every_decorator() {
    let book = Book::load();
    let chapter = book.chapters.get("decorators.md").expect("the book has a chapter about decorators");
    for decorator in icosian_spec::BuiltIn::available() {
        let name = decorator.name();
        let page = format!("https://docs.rs/icosian/latest/icosian/decorators/attr.{name}.html");
        assert!(chapter.links.contains(&page), "decorators.md has no link to {page}");
        let attribute =
            |code: &str| code.contains(&format!("#[{name}(")) || code.contains(&format!("#[{name}]"));
        let is_shown = chapter.blocks.iter().any(|block| attribute(&block.text));
        assert!(is_shown, "decorators.md has no example of `{name}`");
    }
}
