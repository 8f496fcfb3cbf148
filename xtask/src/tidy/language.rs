//! Texts are plain: usual phrases, doc comments that start with a verb or a noun, and short sentences.
//!
//! The rule reads Markdown, doc comments, other comments, and the strings of code that are messages. Code blocks and code spans are no
//! text.

use super::problem::Problem;
use super::workspace::SourceTree;
use phrases::find;
use prose::{Prose, ProseKind, of_markdown, of_rust};

mod phrases;
mod prose;
mod sentences;

use sentences::{plain, sentence_lengths, words};

/// The first words that make a doc comment a question or an incomplete sentence.
const OPENERS: [&str; 10] = ["how", "say", "says", "that", "what", "where", "whether", "which", "who", "why"];
/// The maximum number of words of a sentence. A colon or a semicolon ends a sentence too.
const LONGEST: usize = 40;
/// The maximum mean of words in the sentences of a file.
const MEAN: usize = 16;
/// The number of sentences from which on a mean is significant.
const ENOUGH: usize = 8;
/// The folder of this rule, whose strings are the phrases.
const OWN_FOLDER: &str = "xtask/src/tidy/language";

/// Reports phrases, first words and sentences that a reader may not understand at once.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let documents = workspace.documents.iter().map(|file| (&*file.path, of_markdown(&file.text)));
    let sources = workspace.sources.iter().filter(|file| !file.path.starts_with(OWN_FOLDER));
    let sources = sources.map(|file| (&*file.path, of_rust(file)));
    documents.chain(sources).flat_map(|(path, prose)| check(path, &prose)).collect()
}

fn check(path: &str, prose: &[Prose]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut lengths = Vec::new();
    for piece in prose {
        let location = format!("{path}:{}", piece.line);
        let text = plain(&piece.text);
        for (found, instead) in find(&words(&text)) {
            problems.push(Problem::new(&location, format!("has the phrase `{found}`"), instead));
        }
        if piece.kind == ProseKind::DocStart
            && let Some(first) = words(&text).first().filter(|first| OPENERS.contains(&first.as_str()))
        {
            let message = format!("has a doc comment that starts with `{first}`");
            problems.push(Problem::new(
                &location,
                message,
                "start with a verb in the third person, or with a noun",
            ));
        }
        for length in sentence_lengths(&text) {
            if length > LONGEST {
                let message = format!("has a sentence of {length} words, more than {LONGEST}");
                problems.push(Problem::new(&location, message, "split the sentence"));
            }
            lengths.push(length);
        }
    }
    let sum: usize = lengths.iter().sum();
    if lengths.len() >= ENOUGH && sum > MEAN * lengths.len() {
        let mean = sum.div_ceil(lengths.len());
        let message = format!("has sentences of {mean} words on average, more than {MEAN}");
        problems.push(Problem::new(path, message, "split the longest sentences"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, document, file};

    #[test]
    fn phrases_are_reported_in_every_kind_of_text() {
        let text = "\
//! Nobody waits.

/// Returns the node.
/// It is told why.
fn f() {
    // Those that wait are dropped.
    let help = \"this is the way out of it\";
}
";
        check(
            &problems(&file("crates/a/src/a.rs", text)),
            &[
                "crates/a/src/a.rs:1: has the phrase `nobody`",
                "crates/a/src/a.rs:3: has the phrase `told`",
                "crates/a/src/a.rs:6: has the phrase `those that`",
                "crates/a/src/a.rs:7: has the phrase `way out`",
            ],
        );
        check(
            &problems(&document("README.md", "# Title\n\nA list:\n\n- It tells.\n")),
            &["README.md:5: has the phrase `tells`"],
        );
    }

    #[test]
    fn replacement_is_in_the_help() {
        let found = problems(&document("README.md", "Mend the file.\n"));
        assert_eq!(found[0].help, "write: fix");
    }

    #[test]
    fn doc_comment_must_not_start_with_a_question_word() {
        let text = "/// Whether it is there.\nstruct A;\n\n/// The name.\n///\n/// How to set it.\nstruct B;\n// What a day.\n";
        check(
            &problems(&file("crates/a/src/a.rs", text)),
            &[
                "crates/a/src/a.rs:1: has the phrase `is there`",
                "crates/a/src/a.rs:1: has a doc comment that starts with `whether`",
                "crates/a/src/a.rs:8: has the phrase `what a`",
            ],
        );
    }

    #[test]
    fn long_sentences_are_reported() {
        let sentence = |words: usize| format!("{}end.", "word ".repeat(words - 1));
        check(
            &problems(&document("a.md", &format!("{} {}", sentence(40), sentence(41)))),
            &["a.md:1: has a sentence of 41 words, more than 40"],
        );
        let many = |words: usize| format!("{} ", sentence(words)).repeat(8);
        check(&problems(&document("a.md", &many(16))), &[]);
        check(
            &problems(&document("a.md", &many(17))),
            &["a.md: has sentences of 17 words on average, more than 16"],
        );
    }

    #[test]
    fn code_is_no_text() {
        let text = "/// Calls `nobody`.\n///\n/// ```\n/// // It tells.\n/// ```\nfn tells() {}\n\
                    #[cfg(test)]\nmod tests { const A: &str = \"it is told by nobody\"; }\n";
        check(&problems(&file("crates/a/src/a.rs", text)), &[]);
        check(&problems(&file("crates/a/tests/it/a.rs", "const A: &str = \"it is told by nobody\";")), &[]);
        check(&problems(&document("a.md", "```sh\ntell\n```\n\n[the page](nobody.md)\n")), &[]);
    }
}
