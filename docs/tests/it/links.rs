//! Links lead to chapters, headings and files that exist.

use std::path::{Component, Path, PathBuf};

use crate::book::{Book, folder, read, repository};
use crate::chapter::Chapter;

/// The repository's pages for files and folders.
const FILES: [&str; 2] =
    ["https://github.com/icosian-rs/icosian/blob/main/", "https://github.com/icosian-rs/icosian/tree/main/"];

/// Returns why a link of the chapter `from` is broken.
fn fault(book: &Book, from: &str, link: &str) -> Option<String> {
    if let Some(file) = FILES.iter().find_map(|prefix| link.strip_prefix(prefix)) {
        let path = file.split('#').next().unwrap_or_default();
        return (!repository().join(path).exists()).then(|| format!("the repository has no `{path}`"));
    }
    if let Some(rest) = link.strip_prefix("https://") {
        let host = rest.split('/').next().unwrap_or_default();
        let is_well_formed = host.contains('.') && !link.contains(char::is_whitespace);
        return (!is_well_formed).then(|| "the URL is malformed".to_owned());
    }
    if link.contains("://") {
        return Some("the URL is not https".to_owned());
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = if path.is_empty() { from.to_owned() } else { resolve(from, path) };
    let Some(chapter) = book.chapters.get(&target) else {
        let exists = anchor.is_none() && folder().join("src").join(&target).is_file();
        return (!exists).then(|| format!("the book has no `{target}`"));
    };
    let anchor = anchor.filter(|anchor| !chapter.anchors.iter().any(|it| it == anchor))?;
    Some(format!("`{target}` has no heading `#{anchor}`"))
}

/// Resolves a path relative to the chapter `from`.
fn resolve(from: &str, path: &str) -> String {
    let mut resolved = PathBuf::new();
    for component in Path::new(from).parent().unwrap_or(Path::new("")).join(path).components() {
        if component == Component::ParentDir {
            resolved.pop();
        } else {
            resolved.push(component);
        }
    }
    resolved.to_string_lossy().replace('\\', "/")
}

#[test]
fn links_resolve() {
    let book = Book::load();
    let mut faults = Vec::new();
    for (name, chapter) in &book.chapters {
        for link in &chapter.links {
            faults.extend(fault(&book, name, link).map(|fault| format!("{name}: {link}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The pages of chapters in the repository, to which the readmes of crates link.
const CHAPTERS: &str = "https://github.com/icosian-rs/icosian/blob/main/docs/src/";

#[test]
fn readmes_link_to_chapters_that_exist() {
    let book = Book::load();
    let mut links = 0;
    for entry in std::fs::read_dir(repository().join("crates")).expect("the folder is readable") {
        let readme = entry.expect("the entry is readable").path().join("README.md");
        for link in Chapter::parse(&read(&readme)).links {
            let Some(chapter) = link.strip_prefix(CHAPTERS) else { continue };
            assert_eq!(fault(&book, "introduction.md", chapter), None, "{}", readme.display());
            links += 1;
        }
    }
    assert!(links > 10, "the readmes have only {links} links to chapters");
}

#[test]
fn broken_links_are_found() {
    let book = Book::load();
    let fault = |link: &str| fault(&book, "introduction.md", link);
    assert_eq!(fault("introduction.md"), None);
    assert!(fault("missing.md").is_some());
    assert!(fault("introduction.md#missing").is_some());
    assert!(fault("#missing").is_some());
    assert!(fault("http://docs.rs/icosian").is_some());
    assert!(fault("https://docs").is_some());
    assert_eq!(fault("https://github.com/icosian-rs/icosian/blob/main/README.md"), None);
    assert!(fault("https://github.com/icosian-rs/icosian/blob/main/MISSING.md").is_some());
}
