//! The texts of both licences exist.

use super::problem::Problem;
use super::workspace::SourceTree;

/// Reports missing licence files.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let missing = ["LICENSE-MIT", "LICENSE-APACHE"]
        .into_iter()
        .filter(|file| !workspace.entries.iter().any(|it| it == file));
    missing
        .map(|file| Problem::new(file, "does not exist", "the crates are `MIT OR Apache-2.0`: add its text"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::check;
    use crate::tidy::workspace::SourceTree;

    #[test]
    fn missing_licence_is_reported() {
        let workspace = SourceTree { entries: vec!["LICENSE-MIT".into()], ..SourceTree::default() };
        check(&problems(&workspace), &["LICENSE-APACHE: does not exist"]);
    }
}
