//! Every crate begins by saying what it is.

use super::Problem;
use super::house::House;

/// Finds `lib.rs` and `main.rs` that do not start with a `//!` doc.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let roots = house.sources.iter().filter(|source| matches!(source.name(), "lib.rs" | "main.rs"));
    roots
        .filter(|source| !source.text.starts_with("//!"))
        .map(|source| {
            let way_out = "say in `//!` lines what it is, what it does not know, and where to go next";
            Problem::new(&source.path, "does not start with a `//!` doc", way_out)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, file};

    #[test]
    fn the_door_says_what_is_behind_it() {
        check(&problems(&file("crates/a/src/lib.rs", "//! A.\n")), &[]);
        check(&problems(&file("crates/a/src/plan.rs", "fn plan() {}\n")), &[]);
        check(
            &problems(&file("crates/a/src/main.rs", "fn main() {}\n//! A.\n")),
            &["crates/a/src/main.rs: does not start with a `//!` doc"],
        );
    }
}
