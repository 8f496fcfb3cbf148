//! Generated files are up to date.

use super::problem::Problem;
use super::workspace::SourceTree;

/// Finds generated files that differ from what `cargo xtask codegen` writes.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let stale = workspace.generated.iter().filter(|(path, expected)| {
        let found = workspace.sources.iter().find(|source| source.path == *path);
        found.is_none_or(|source| source.text != *expected)
    });
    stale.map(|(path, _)| Problem::new(path, "is out of date", "run `cargo xtask codegen`")).collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, file};

    #[test]
    fn outdated_file_is_found() {
        let mut workspace = file("crates/a/src/generated.rs", "one");
        workspace.generated = vec![("crates/a/src/generated.rs".to_owned(), "one".to_owned())];
        check(&problems(&workspace), &[]);
        workspace.generated.push(("crates/a/src/missing.rs".to_owned(), "two".to_owned()));
        workspace.sources[0].text = "changed".to_owned();
        check(
            &problems(&workspace),
            &["crates/a/src/generated.rs: is out of date", "crates/a/src/missing.rs: is out of date"],
        );
    }
}
