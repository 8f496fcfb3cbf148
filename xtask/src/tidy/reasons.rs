//! Each external dependency has a reason: a comment above it in `[workspace.dependencies]`.
//!
//! A comment applies to all following lines, up to the next blank line.

use super::problem::Problem;
use super::workspace::SourceTree;

/// Reports dependencies without a comment.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let external: Vec<_> = workspace.external().collect();
    let mut problems = Vec::new();
    let mut inside = false;
    let mut has_reason = false;
    for (line, text) in (1..).zip(workspace.manifest.lines().map(str::trim_end)) {
        let mut name = None;
        if let Some(header) = text.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            inside = header == "workspace.dependencies";
            name = header.strip_prefix("workspace.dependencies.");
        } else if text.is_empty() {
            has_reason = false;
        } else if let Some(comment) = text.strip_prefix('#') {
            has_reason = !comment.trim().is_empty();
        } else if inside {
            name = text.split(['=', '.']).next();
        }
        let Some(name) = name.map(|name| name.trim().trim_matches('"')) else { continue };
        if !has_reason && external.contains(&name) {
            problems.push(Problem::new(
                format!("Cargo.toml:{line}"),
                format!("`{name}` has no reason"),
                "describe its use in a comment above it",
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, root};

    #[test]
    fn dependency_without_comment_is_reported() {
        let manifest = r#"
[workspace.dependencies]
# Rooms.

icosian-core = { path = "crates/icosian-core" }
bare = "1"
# Errors.
thiserror = "2"
miette = { version = "7", features = [
    "derive",
] }

late.version = "1"

[workspace.dependencies.table]
version = "1"

[workspace.lints.rust]
unsafe_code = "forbid"
"#;
        check(
            &problems(&root(manifest)),
            &[
                "Cargo.toml:6: `bare` has no reason",
                "Cargo.toml:13: `late` has no reason",
                "Cargo.toml:15: `table` has no reason",
            ],
        );
    }
}
