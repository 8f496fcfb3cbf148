//! Generated files are up to date.

use super::Problem;
use super::house::House;

/// Finds generated files that differ from what `cargo xtask codegen` writes.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let stale = house.generated.iter().filter(|(path, expected)| {
        let found = house.sources.iter().find(|source| source.path == *path);
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
        let mut house = file("crates/a/src/generated.rs", "one");
        house.generated = vec![("crates/a/src/generated.rs".to_owned(), "one".to_owned())];
        check(&problems(&house), &[]);
        house.generated.push(("crates/a/src/missing.rs".to_owned(), "two".to_owned()));
        house.sources[0].text = "changed".to_owned();
        check(
            &problems(&house),
            &["crates/a/src/generated.rs: is out of date", "crates/a/src/missing.rs: is out of date"],
        );
    }
}
