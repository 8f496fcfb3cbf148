//! Every external dependency earns its place with a sentence above it in `[workspace.dependencies]`.
//!
//! A comment speaks for all lines that follow it, up to the next blank line.

use super::Problem;
use super::house::House;

/// Finds dependencies without a comment.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let external: Vec<_> = house.external().collect();
    let mut problems = Vec::new();
    let mut inside = false;
    let mut said = false;
    for (line, text) in (1..).zip(house.manifest.lines().map(str::trim_end)) {
        let mut name = None;
        if let Some(header) = text.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            inside = header == "workspace.dependencies";
            name = header.strip_prefix("workspace.dependencies.");
        } else if text.is_empty() {
            said = false;
        } else if let Some(comment) = text.strip_prefix('#') {
            said = !comment.trim().is_empty();
        } else if inside {
            name = text.split(['=', '.']).next();
        }
        let Some(name) = name.map(|name| name.trim().trim_matches('"')) else { continue };
        if !said && external.contains(&name) {
            problems.push(Problem::new(
                format!("Cargo.toml:{line}"),
                format!("`{name}` comes without a reason"),
                "write a sentence above it: what it is for, and why not do without",
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
    fn each_dependency_has_a_sentence() {
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
                "Cargo.toml:6: `bare` comes without a reason",
                "Cargo.toml:13: `late` comes without a reason",
                "Cargo.toml:15: `table` comes without a reason",
            ],
        );
    }
}
