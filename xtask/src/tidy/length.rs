//! Source files are short.

use super::problem::Problem;
use super::source::SourceFile;
use super::workspace::SourceTree;

/// The maximum number of lines of a file.
const LINES: usize = 600;

/// Reports longer files in `crates/`, except tests and generated files.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in
        workspace.sources.iter().filter(|source| source.path.starts_with("crates/") && !is_exempt(source))
    {
        let lines = source.text.lines().count();
        if lines > LINES {
            problems.push(Problem::new(
                &source.path,
                format!("has {lines} lines, more than {LINES}"),
                "move a second concept to a separate file",
            ));
        }
    }
    problems
}

fn is_exempt(source: &SourceFile) -> bool {
    let folders = source.path.split('/');
    let is_test = folders.into_iter().any(|folder| matches!(folder, "tests" | "tests.rs" | "generated"));
    let generated = source.text.lines().take(3).any(|line| line.contains("@generated"));
    is_test || generated
}

#[cfg(test)]
mod tests {
    use super::{LINES, problems};
    use crate::tidy::sample::{check, file};

    #[test]
    fn long_file_is_reported() {
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
