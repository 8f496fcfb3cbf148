//! The root folder has few entries.

use super::problem::Problem;
use super::workspace::SourceTree;

/// The allowed entries. Names with a leading dot and ignored files are not checked.
const ENTRIES: [&str; 17] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "benches",
    "clippy.toml",
    "crates",
    "deny.toml",
    "docs",
    "examples",
    "rustfmt.toml",
    "target",
    "xtask",
];

/// Reports all other entries of the root folder.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let others = workspace.entries.iter().filter(|name| {
        !name.starts_with('.') && !ENTRIES.contains(&name.as_str()) && !workspace.ignored.contains(name)
    });
    others
        .map(|name| {
            let help = "move it into crates/, examples/, benches/ or xtask/, or list it in xtask/src/tidy/top_level.rs";
            Problem::new(name, "does not belong in the root folder", help)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::check;
    use crate::tidy::workspace::SourceTree;

    #[test]
    fn unknown_entry_is_reported() {
        let entries = [".ci", "Cargo.toml", "crates", "wip", "notes.md"].map(String::from).to_vec();
        let workspace = SourceTree { entries, ignored: vec!["wip".into()], ..SourceTree::default() };
        check(&problems(&workspace), &["notes.md: does not belong in the root folder"]);
    }
}
