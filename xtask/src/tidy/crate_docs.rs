//! Every crate root starts with documentation.

use super::problem::Problem;
use super::workspace::SourceTree;

/// Reports each `lib.rs` and `main.rs` that does not start with a `//!` doc.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let roots = workspace.sources.iter().filter(|source| matches!(source.name(), "lib.rs" | "main.rs"));
    roots
        .filter(|source| !source.text.starts_with("//!"))
        .map(|source| {
            let help = "describe in `//!` lines its purpose, its limits, and related crates";
            Problem::new(&source.path, "does not start with a `//!` doc", help)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, file};

    #[test]
    fn crate_root_without_docs_is_reported() {
        check(&problems(&file("crates/a/src/lib.rs", "//! A.\n")), &[]);
        check(&problems(&file("crates/a/src/plan.rs", "fn plan() {}\n")), &[]);
        check(
            &problems(&file("crates/a/src/main.rs", "fn main() {}\n//! A.\n")),
            &["crates/a/src/main.rs: does not start with a `//!` doc"],
        );
    }
}
