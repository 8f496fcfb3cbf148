//! Both licences are there to read.

use super::Problem;
use super::house::House;

/// Finds licence files that are missing.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let missing = ["LICENSE-MIT", "LICENSE-APACHE"]
        .into_iter()
        .filter(|file| !house.entries.iter().any(|it| it == file));
    missing
        .map(|file| Problem::new(file, "does not exist", "the crates are `MIT OR Apache-2.0`: add its text"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::house::House;
    use crate::tidy::sample::check;

    #[test]
    fn both_are_wanted() {
        let house = House { entries: vec!["LICENSE-MIT".into()], ..House::default() };
        check(&problems(&house), &["LICENSE-APACHE: does not exist"]);
    }
}
