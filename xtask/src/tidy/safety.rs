//! The workspace forbids unsafe code, in one place.

use toml::Value;

use super::Problem;
use super::house::House;
use super::source::mentions;

/// Finds attributes that speak of unsafe code, and a root manifest that does not forbid it.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let mut problems = Vec::new();
    let lints = house.table.get("workspace").and_then(|it| it.get("lints")?.get("rust")?.get("unsafe_code"));
    if lints.and_then(Value::as_str) != Some("forbid") {
        problems.push(Problem::new(
            "Cargo.toml",
            "does not forbid unsafe code",
            "write `unsafe_code = \"forbid\"` below `[workspace.lints.rust]`",
        ));
    }
    for source in &house.sources {
        for attribute in source.attributes() {
            if mentions(&attribute.tokens, |word| word.starts_with("unsafe")) {
                problems.push(Problem::new(
                    format!("{}:{}", source.path, attribute.line),
                    "has an attribute about unsafe code",
                    "take it out: the root Cargo.toml forbids unsafe code for all members",
                ));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::house::House;
    use crate::tidy::sample::{check, file, root};

    const FORBIDDEN: &str = "[workspace.lints.rust]\nunsafe_code = \"forbid\"";

    #[test]
    fn the_workspace_forbids() {
        check(&problems(&root(FORBIDDEN)), &[]);
        check(
            &problems(&root("[workspace.lints.rust]\nunsafe_code = \"warn\"")),
            &["Cargo.toml: does not forbid unsafe code"],
        );
    }

    #[test]
    fn and_nobody_else_speaks_of_it() {
        let text = "//! Not unsafe.\n#![allow(unsafe_code)]\n#[unsafe(no_mangle)]\nfn f() {}\n";
        let house = House { sources: file("crates/a/src/lib.rs", text).sources, ..root(FORBIDDEN) };
        check(
            &problems(&house),
            &[
                "crates/a/src/lib.rs:2: has an attribute about unsafe code",
                "crates/a/src/lib.rs:3: has an attribute about unsafe code",
            ],
        );
    }
}
