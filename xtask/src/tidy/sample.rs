//! Small workspaces for tests of rules.

use super::problem::Problem;
use super::source::SourceFile;
use super::workspace::{Area, Dependency, Member, SourceTree};

/// Returns a workspace of these members.
pub(super) fn workspace(members: impl IntoIterator<Item = Member>) -> SourceTree {
    SourceTree { members: members.into_iter().collect(), ..SourceTree::default() }
}

/// Returns a workspace of one file.
pub(super) fn file(path: &str, text: &str) -> SourceTree {
    files(&[(path, text)])
}

/// Returns a workspace of these files: their paths and texts.
pub(super) fn files(files: &[(&str, &str)]) -> SourceTree {
    let source = |(path, text): &(&str, &str)| SourceFile { path: (*path).into(), text: (*text).into() };
    SourceTree { sources: files.iter().map(source).collect(), ..SourceTree::default() }
}

/// Returns a workspace of one Markdown file.
pub(super) fn document(path: &str, text: &str) -> SourceTree {
    let document = SourceFile { path: path.into(), text: text.into() };
    SourceTree { documents: vec![document], ..SourceTree::default() }
}

/// Returns a workspace with this root manifest.
pub(super) fn root(manifest: &str) -> SourceTree {
    let table = manifest.parse().expect("the sample is TOML");
    SourceTree { manifest: manifest.to_owned(), table, ..SourceTree::default() }
}

/// Returns a crate in `crates/`.
pub(super) fn member(name: &str) -> Member {
    Member { name: name.to_owned(), published: true, ..Member::default() }
}

impl Member {
    pub(super) fn on(mut self, name: &str) -> Self {
        self.dependencies.push(Dependency { name: name.to_owned(), dev: false, features: Vec::new() });
        self
    }

    pub(super) fn dev_on(mut self, name: &str) -> Self {
        self.dependencies.push(Dependency { name: name.to_owned(), dev: true, features: Vec::new() });
        self
    }

    pub(super) fn with_feature(mut self, feature: &str) -> Self {
        let last = self.dependencies.last_mut().expect("a feature comes after its dependency");
        last.features.push(feature.to_owned());
        self
    }

    pub(super) fn within(self, area: Area) -> Self {
        Self { area, ..self }
    }

    pub(super) fn written(self, manifest: &str) -> Self {
        Self { table: manifest.parse().expect("the sample is TOML"), ..self }
    }
}

/// Compares the problems of a rule, as `location: message`.
#[track_caller]
pub(super) fn check(found: &[Problem], expect: &[&str]) {
    let found: Vec<_> = found.iter().map(|it| format!("{}: {}", it.location, it.message)).collect();
    assert_eq!(found, expect);
}
