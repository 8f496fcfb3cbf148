//! The root manifest forbids unsafe code.

use toml::Value;

use super::problem::Problem;
use super::source::mentions;
use super::workspace::SourceTree;

/// Reports attributes about unsafe code, and a root manifest that does not forbid it.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let lints =
        workspace.table.get("workspace").and_then(|it| it.get("lints")?.get("rust")?.get("unsafe_code"));
    if lints.and_then(Value::as_str) != Some("forbid") {
        problems.push(Problem::new(
            "Cargo.toml",
            "does not forbid unsafe code",
            "write `unsafe_code = \"forbid\"` below `[workspace.lints.rust]`",
        ));
    }
    for source in &workspace.sources {
        for attribute in source.attributes() {
            if mentions(&attribute.tokens, |word| word.starts_with("unsafe")) {
                problems.push(Problem::new(
                    format!("{}:{}", source.path, attribute.line),
                    "has an attribute about unsafe code",
                    "remove it: the root Cargo.toml forbids unsafe code for all members",
                ));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, file, root};
    use crate::tidy::workspace::SourceTree;

    const FORBIDDEN: &str = "[workspace.lints.rust]\nunsafe_code = \"forbid\"";

    #[test]
    fn root_manifest_must_forbid_unsafe_code() {
        check(&problems(&root(FORBIDDEN)), &[]);
        check(
            &problems(&root("[workspace.lints.rust]\nunsafe_code = \"warn\"")),
            &["Cargo.toml: does not forbid unsafe code"],
        );
    }

    #[test]
    fn attributes_about_unsafe_code_are_reported() {
        let text = "//! Not unsafe.\n#![allow(unsafe_code)]\n#[unsafe(no_mangle)]\nfn f() {}\n";
        let workspace = SourceTree { sources: file("crates/a/src/lib.rs", text).sources, ..root(FORBIDDEN) };
        check(
            &problems(&workspace),
            &[
                "crates/a/src/lib.rs:2: has an attribute about unsafe code",
                "crates/a/src/lib.rs:3: has an attribute about unsafe code",
            ],
        );
    }
}
