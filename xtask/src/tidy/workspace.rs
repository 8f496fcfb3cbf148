//! The input of the rules.

use toml::{Table, Value};

use super::source::SourceFile;

/// The data of the workspace.
#[derive(Debug, Default)]
pub(super) struct SourceTree {
    /// The version of all crates.
    pub(super) version: String,
    /// The text of the root `Cargo.toml`, with comments.
    pub(super) manifest: String,
    /// The root `Cargo.toml` as data.
    pub(super) table: Table,
    pub(super) members: Vec<Member>,
    /// All Rust files of all members.
    pub(super) sources: Vec<SourceFile>,
    /// The Markdown files of the root folder and of all members, without test data.
    pub(super) documents: Vec<SourceFile>,
    /// The names in the root folder.
    pub(super) entries: Vec<String>,
    /// The names in the root folder that git ignores.
    pub(super) ignored: Vec<String>,
    /// The expected output of `cargo xtask codegen`: paths from the root, and texts.
    pub(super) generated: Vec<(String, String)>,
    /// The text of `CHANGELOG.md`, if it exists.
    pub(super) changelog: Option<String>,
}

impl SourceTree {
    /// Returns the published crates: the members in `crates/`.
    pub(super) fn crates(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.area == Area::Crates)
    }

    /// Returns the external entries of `[workspace.dependencies]`.
    pub(super) fn external(&self) -> impl Iterator<Item = &str> {
        let entries =
            self.table.get("workspace").and_then(|it| it.get("dependencies")).and_then(Value::as_table);
        entries
            .into_iter()
            .flatten()
            .filter(|(_, value)| value.get("path").is_none())
            .map(|(name, _)| name.as_str())
    }
}

/// A package of the workspace.
#[derive(Debug, Default)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) area: Area,
    /// The `Cargo.toml` of the member, before inheritance.
    pub(super) table: Table,
    pub(super) metadata: Metadata,
    /// Set if it can be published.
    pub(super) published: bool,
    pub(super) dependencies: Vec<Dependency>,
}

impl Member {
    /// Returns the entries of all dependency tables, before inheritance, with the tables of single targets.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Value)> {
        const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
        let targets = self.table.get("target").and_then(Value::as_table).into_iter().flatten();
        let tables = targets.filter_map(|(_, target)| target.as_table());
        std::iter::once(&self.table)
            .chain(tables)
            .flat_map(|table| KINDS.iter().filter_map(|kind| table.get(*kind)?.as_table()))
            .flatten()
            .map(|(name, value)| (name.as_str(), value))
    }
}

/// The folder of a member.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    #[default]
    Crates,
    Examples,
    Benches,
    Docs,
    Xtask,
}

/// The registry metadata of a package, after inheritance.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub(super) description: Option<String>,
    pub(super) license: Option<String>,
    pub(super) repository: Option<String>,
    pub(super) rust_version: Option<String>,
    /// The path of the readme in the manifest. The flag is set if the file exists.
    pub(super) readme: Option<(String, bool)>,
    pub(super) keywords: Vec<String>,
    pub(super) categories: Vec<String>,
}

/// A dependency of a member, after inheritance.
#[derive(Debug)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// Set for dependencies of tests, examples and benches.
    pub(super) dev: bool,
    pub(super) features: Vec<String>,
}
