//! The facts that rules judge.

use toml::{Table, Value};

use super::source::Source;

/// All that is known of the workspace.
#[derive(Debug, Default)]
pub(super) struct House {
    /// The version that the crates share.
    pub(super) version: String,
    /// The root `Cargo.toml` as it is written: comments count.
    pub(super) manifest: String,
    /// The root `Cargo.toml` as data.
    pub(super) table: Table,
    pub(super) members: Vec<Member>,
    /// Every Rust file of every member.
    pub(super) sources: Vec<Source>,
    /// The names in the root folder.
    pub(super) entries: Vec<String>,
    /// The names in the root folder that git ignores.
    pub(super) ignored: Vec<String>,
    /// What `cargo xtask codegen` would write: paths from the root, and texts.
    pub(super) generated: Vec<(String, String)>,
    /// `CHANGELOG.md`, when there is one.
    pub(super) changelog: Option<String>,
}

impl House {
    /// The crates that are published: those in `crates/`.
    pub(super) fn crates(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.room == Room::Crates)
    }

    /// The external entries of `[workspace.dependencies]`.
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
    pub(super) room: Room,
    /// Its own `Cargo.toml`, before inheritance.
    pub(super) table: Table,
    pub(super) card: Card,
    /// Whether a registry may have it.
    pub(super) published: bool,
    pub(super) dependencies: Vec<Dependency>,
}

impl Member {
    /// The entries of all of its dependency tables as they are written, those for a single target included.
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

/// Where a member lives.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    #[default]
    Crates,
    Examples,
    Benches,
    Xtask,
}

/// What a registry shows of a package, after inheritance.
#[derive(Debug, Default)]
pub(super) struct Card {
    pub(super) description: Option<String>,
    pub(super) license: Option<String>,
    pub(super) repository: Option<String>,
    pub(super) rust_version: Option<String>,
    /// The readme as the manifest names it, and whether there is such a file.
    pub(super) readme: Option<(String, bool)>,
    pub(super) keywords: Vec<String>,
    pub(super) categories: Vec<String>,
}

/// What a member depends on, after inheritance.
#[derive(Debug)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// Only for tests, examples and benches.
    pub(super) dev: bool,
    pub(super) features: Vec<String>,
}
