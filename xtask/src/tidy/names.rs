//! A file is named after the one thing in it.

use super::Problem;
use super::house::House;

/// Names, as of a file or a folder of modules, that say nothing about what is inside.
const EMPTY: [&str; 6] = ["utils", "util", "common", "helpers", "types", "misc"];

/// Finds files with such a name.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let named = house.sources.iter().filter(|source| {
        let (folders, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
        let stem = file.trim_end_matches(".rs");
        let module = if stem == "mod" { folders.rsplit('/').next().unwrap_or_default() } else { stem };
        EMPTY.contains(&module)
    });
    named
        .map(|source| {
            let way_out = "name it after the one thing in it, or move its items to where they are used";
            Problem::new(&source.path, "has a name that says nothing", way_out)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, file};

    #[test]
    fn a_drawer_for_everything_is_found() {
        check(&problems(&file("crates/a/src/plan.rs", "")), &[]);
        check(&problems(&file("crates/a/src/value_types.rs", "")), &[]);
        check(
            &problems(&file("crates/a/src/utils.rs", "")),
            &["crates/a/src/utils.rs: has a name that says nothing"],
        );
        check(
            &problems(&file("crates/a/src/common/mod.rs", "")),
            &["crates/a/src/common/mod.rs: has a name that says nothing"],
        );
    }
}
