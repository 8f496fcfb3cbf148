//! A file holds one thing, and so it ends.

use super::Problem;
use super::house::House;
use super::source::Source;

/// The longest that a file of a crate may get.
const LINES: usize = 600;

/// Finds longer files in `crates/`, tests and generated ones aside.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in
        house.sources.iter().filter(|source| source.path.starts_with("crates/") && !excepted(source))
    {
        let lines = source.text.lines().count();
        if lines > LINES {
            problems.push(Problem::new(
                &source.path,
                format!("has {lines} lines, more than {LINES}"),
                "look for the second thing hiding in it, and give that a file",
            ));
        }
    }
    problems
}

fn excepted(source: &Source) -> bool {
    let folders = source.path.split('/');
    let by_place = folders.into_iter().any(|folder| matches!(folder, "tests" | "tests.rs" | "generated"));
    let generated = source.text.lines().take(3).any(|line| line.contains("@generated"));
    by_place || generated
}

#[cfg(test)]
mod tests {
    use super::{LINES, problems};
    use crate::tidy::sample::{check, file};

    #[test]
    fn a_long_file_is_found() {
        let long = "\n".repeat(LINES + 1);
        check(&problems(&file("crates/a/src/plan.rs", &"\n".repeat(LINES))), &[]);
        check(
            &problems(&file("crates/a/src/plan.rs", &long)),
            &["crates/a/src/plan.rs: has 601 lines, more than 600"],
        );
        check(&problems(&file("crates/a/tests/it/plan.rs", &long)), &[]);
        check(&problems(&file("crates/a/src/tests.rs", &long)), &[]);
        check(&problems(&file("crates/a/src/table.rs", &format!("// @generated\n{long}"))), &[]);
    }
}
