//! Whoever opens the house sees a short list.

use super::Problem;
use super::house::House;

/// What the root folder may hold, names with a leading dot and what git ignores aside.
const ENTRIES: [&str; 15] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "benches",
    "clippy.toml",
    "crates",
    "deny.toml",
    "examples",
    "rustfmt.toml",
    "target",
    "xtask",
];

/// Finds anything else in the root folder.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let others = house.entries.iter().filter(|name| {
        !name.starts_with('.') && !ENTRIES.contains(&name.as_str()) && !house.ignored.contains(name)
    });
    others
        .map(|name| {
            let way_out = "move it into crates/, examples/, benches/ or xtask/, or list it in xtask/src/tidy/top_level.rs";
            Problem::new(name, "does not belong into the root folder", way_out)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::house::House;
    use crate::tidy::sample::check;

    #[test]
    fn the_root_folder_is_short() {
        let entries = [".ci", "Cargo.toml", "crates", "wip", "notes.md"].map(String::from).to_vec();
        let house = House { entries, ignored: vec!["wip".into()], ..House::default() };
        check(&problems(&house), &["notes.md: does not belong into the root folder"]);
    }
}
