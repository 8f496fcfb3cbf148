//! Committed code is finished.

use super::problem::Problem;
use super::workspace::SourceTree;

/// Marks of unfinished code. They are concatenated, so that the rule does not report this file.
const MARKS: [&str; 5] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
    concat!("#[ig", "nore"),
];

/// Reports marks of unfinished work.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in &workspace.sources {
        for (line, text) in (1..).zip(source.text.lines()) {
            for mark in MARKS.into_iter().filter(|mark| contains(text, mark)) {
                problems.push(Problem::new(
                    format!("{}:{line}", source.path),
                    format!("`{mark}` is unfinished"),
                    "finish it, or move it to an issue",
                ));
            }
        }
    }
    problems
}

/// Returns whether `text` contains `mark` outside of longer words.
fn contains(text: &str, mark: &str) -> bool {
    let wordy = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    text.match_indices(mark).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + mark.len()..].chars().next();
        let open_ended = !mark.ends_with(char::is_alphanumeric) || mark.starts_with('#');
        !wordy(before) && (open_ended || !wordy(after))
    })
}

#[cfg(test)]
mod tests {
    use super::{MARKS, problems};
    use crate::tidy::sample::{check, file};

    #[test]
    fn each_mark_is_reported() {
        for mark in MARKS {
            check(
                &problems(&file("crates/a/src/a.rs", &format!("fn a() {{}}\n    {mark} \n"))),
                &[&format!("crates/a/src/a.rs:2: `{mark}` is unfinished")],
            );
        }
    }

    #[test]
    fn part_of_a_longer_word_is_accepted() {
        for mark in &MARKS[..4] {
            check(&problems(&file("crates/a/src/a.rs", &format!("MY_{mark}"))), &[]);
        }
        check(&problems(&file("crates/a/src/a.rs", &format!("{}S", MARKS[3]))), &[]);
    }
}
