//! Builds the book and checks the links of its pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cargo;
use crate::lint_pipeline::root;
use crate::task_error::TaskError;

/// The folder of the pages, which `docs/book.toml` sets.
const PAGES: &str = "target/book";
/// The builder that `.ci/run` installs, if none is in the search path.
const INSTALLED: &str = "target/mdbook/bin/mdbook";
/// The address of this workspace's API documentation. `https://docs.rs/CRATE/latest/` contains the pages that `cargo doc` writes.
const API: &str = "https://docs.rs/icosian";

/// Returns the command of mdBook, if it is installed.
pub(super) fn builder() -> Option<PathBuf> {
    let candidates = [PathBuf::from("mdbook"), root().join(INSTALLED)];
    let works =
        |path: &PathBuf| Command::new(path).arg("--version").output().is_ok_and(|it| it.status.success());
    candidates.into_iter().find(works)
}

/// Builds the pages, then checks their links. Returns whether all of them resolve.
pub(super) fn run() -> Result<bool, TaskError> {
    let builder = builder().ok_or("mdbook is not installed")?;
    if !cargo::passes(Command::new(builder).arg("build").arg(root().join("docs")))? {
        return Ok(false);
    }
    let pages = Pages::read(&root().join(PAGES))?;
    let api = root().join("target/doc");
    let api = api.join("icosian").is_dir().then_some(api);
    if api.is_none() {
        println!(
            "links to docs.rs are not checked: `cargo xtask ci --only doc` builds the API documentation"
        );
    }
    let faults = pages.faults(api.as_deref());
    for fault in &faults {
        eprintln!("{fault}");
    }
    println!("{} pages, {} broken links", pages.0.len(), faults.len());
    Ok(faults.is_empty())
}

/// The pages of the book, by their path in its folder.
#[derive(Debug, Default)]
struct Pages(BTreeMap<String, Page>);

/// The links and anchors of a page.
#[derive(Debug, Default)]
struct Page {
    links: Vec<String>,
    anchors: BTreeSet<String>,
}

impl Pages {
    fn read(folder: &Path) -> Result<Self, TaskError> {
        let mut pages = Self::default();
        pages.add(folder, "")?;
        Ok(pages)
    }

    fn add(&mut self, folder: &Path, prefix: &str) -> Result<(), TaskError> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("{prefix}{name}");
            if path.is_dir() {
                self.add(&path, &format!("{name}/"))?;
            } else if path.extension().is_some_and(|it| it == "html") {
                self.0.insert(name, Page::parse(&fs::read_to_string(&path)?));
            } else {
                self.0.insert(name, Page::default());
            }
        }
        Ok(())
    }

    /// Returns a line for each broken link.
    fn faults(&self, api: Option<&Path>) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, page) in &self.0 {
            for link in &page.links {
                if !self.resolves(name, link, api) {
                    faults.push(format!("{name}: broken link: {link}"));
                }
            }
        }
        faults
    }

    fn resolves(&self, from: &str, link: &str, api: Option<&Path>) -> bool {
        if link.starts_with(API) {
            return api.is_none_or(|folder| api_has(folder, link));
        }
        if link.contains("://") || link.starts_with("mailto:") {
            return true;
        }
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let target = if path.is_empty() { from.to_owned() } else { resolve(from, path) };
        self.0.get(&target).is_some_and(|page| anchor.is_empty() || page.anchors.contains(anchor))
    }
}

impl Page {
    fn parse(html: &str) -> Self {
        let links = attributes(html, "href").chain(attributes(html, "src"));
        Self { links: links.collect(), anchors: attributes(html, "id").collect() }
    }
}

/// Returns the values of an attribute of all elements. mdBook and rustdoc write attributes in double quotes.
fn attributes<'a>(html: &'a str, name: &str) -> impl Iterator<Item = String> + use<'a> {
    let start = format!(" {name}=\"");
    let mut rest = html;
    std::iter::from_fn(move || {
        let (_, value) = rest.split_once(&start)?;
        let (value, after) = value.split_once('"')?;
        rest = after;
        Some(value.replace("&amp;", "&").replace("%20", " "))
    })
}

/// Resolves a path relative to the page `from`.
fn resolve(from: &str, path: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Returns whether the API documentation in `folder` has the page and the anchor of a link to docs.rs.
fn api_has(folder: &Path, link: &str) -> bool {
    let (url, anchor) = link.split_once('#').unwrap_or((link, ""));
    // `https://docs.rs/CRATE` leads to the first page of the crate.
    let Some((_, path)) = url.split_once("/latest/") else {
        let name = url.rsplit('/').next().unwrap_or_default().replace('-', "_");
        return folder.join(name).join("index.html").is_file();
    };
    let path = folder.join(path);
    let page = if path.is_dir() { path.join("index.html") } else { path };
    let Ok(html) = fs::read_to_string(page) else { return false };
    anchor.is_empty() || attributes(&html, "id").any(|id| id == anchor)
}

#[cfg(test)]
mod tests {
    use super::{Page, Pages, resolve};

    fn pages() -> Pages {
        let one = Page::parse(
            r##"<h1 id="top">One</h1><a href="part/two.html#end">x</a><a class="y" href="#top">x</a>"##,
        );
        let two = Page::parse(r#"<p id="end"><img src="../gone.svg"><a href="../one.html#no">x</a></p>"#);
        Pages([("one.html".to_owned(), one), ("part/two.html".to_owned(), two)].into())
    }

    #[test]
    fn broken_links_are_reported() {
        let expect =
            ["part/two.html: broken link: ../one.html#no", "part/two.html: broken link: ../gone.svg"];
        assert_eq!(pages().faults(None), expect);
    }

    #[test]
    fn links_to_the_api_need_a_page_of_the_documentation() {
        let folder = std::env::temp_dir().join(format!("icosian-book-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("icosian")).unwrap();
        std::fs::write(folder.join("icosian/struct.Driver.html"), r#"<h4 id="method.execute"></h4>"#)
            .unwrap();
        let resolves = |link: &str| pages().resolves("one.html", link, Some(&folder));
        assert!(resolves("https://docs.rs/icosian/latest/icosian/struct.Driver.html"));
        assert!(resolves("https://docs.rs/icosian/latest/icosian/struct.Driver.html#method.execute"));
        assert!(!resolves("https://docs.rs/icosian/latest/icosian/struct.Driver.html#method.run"));
        assert!(!resolves("https://docs.rs/icosian/latest/icosian/struct.Gone.html"));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn paths_are_relative_to_the_page() {
        assert_eq!(resolve("a/b.html", "../c.html"), "c.html");
        assert_eq!(resolve("a/b.html", "c/d.html"), "a/c/d.html");
        assert_eq!(resolve("b.html", "./c.html"), "c.html");
    }
}
