//! What is in the house is done.

use super::Problem;
use super::house::House;

/// What marks something as not done, in code and in comments. Assembled, so that this file is not found itself.
const MARKS: [&str; 5] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
    concat!("#[ig", "nore"),
];

/// Finds marks of unfinished work.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in &house.sources {
        for (line, text) in (1..).zip(source.text.lines()) {
            for mark in MARKS.into_iter().filter(|mark| has(text, mark)) {
                problems.push(Problem::new(
                    format!("{}:{line}", source.path),
                    format!("`{mark}` is left over"),
                    "finish it, or take it out: what waits belongs to the issues",
                ));
            }
        }
    }
    problems
}

/// Whether `text` has `mark` where it is not a part of a longer word.
fn has(text: &str, mark: &str) -> bool {
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
    fn every_mark_is_found() {
        for mark in MARKS {
            check(
                &problems(&file("crates/a/src/a.rs", &format!("fn a() {{}}\n    {mark} \n"))),
                &[&format!("crates/a/src/a.rs:2: `{mark}` is left over")],
            );
        }
    }

    #[test]
    fn a_part_of_a_longer_word_is_not() {
        for mark in &MARKS[..4] {
            check(&problems(&file("crates/a/src/a.rs", &format!("MY_{mark}"))), &[]);
        }
        check(&problems(&file("crates/a/src/a.rs", &format!("{}S", MARKS[3]))), &[]);
    }
}
