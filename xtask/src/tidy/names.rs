//! File names describe their content.

use super::problem::Problem;
use super::workspace::SourceTree;

/// Names of files and folders that do not describe any content.
const EMPTY: [&str; 6] = ["utils", "util", "common", "helpers", "types", "misc"];

/// Reports files with such a name.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let named = workspace.sources.iter().filter(|source| {
        let (folders, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
        let stem = file.trim_end_matches(".rs");
        let module = if stem == "mod" { folders.rsplit('/').next().unwrap_or_default() } else { stem };
        EMPTY.contains(&module)
    });
    named
        .map(|source| {
            let help = "name it after its main item, or move its items to the files that use them";
            Problem::new(&source.path, "has a name without meaning", help)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, file};

    #[test]
    fn meaningless_name_is_reported() {
        check(&problems(&file("crates/a/src/plan.rs", "")), &[]);
        check(&problems(&file("crates/a/src/value_types.rs", "")), &[]);
        check(
            &problems(&file("crates/a/src/utils.rs", "")),
            &["crates/a/src/utils.rs: has a name without meaning"],
        );
        check(
            &problems(&file("crates/a/src/common/mod.rs", "")),
            &["crates/a/src/common/mod.rs: has a name without meaning"],
        );
    }
}
