//! The phrases that readers of other projects do not know, each with the usual words.

/// A phrase and the words to write instead.
struct Phrase {
    /// The words of the phrase. `|` separates the forms of a word.
    words: &'static str,
    instead: &'static str,
    /// The words that make the phrase a usual one if they follow it.
    unless: &'static [&'static str],
}

const fn phrase(words: &'static str, instead: &'static str) -> Phrase {
    Phrase { words, instead, unless: &[] }
}

/// Verbs and articles after `what` that a noun replaces.
const WHAT: &str = "what a|an|are|can|cannot|did|does|gives|had|has|have|is|it|needs|no|one|others|reads|runs|should|takes|the|they|was|\
                    were|would";

const PHRASES: &[Phrase] = &[
    phrase(
        "anybody|nobody|somebody|someone|whoever|whomever",
        "name the caller, the driver, the adapter or the node",
    ),
    phrase("tell|telling|tells|told", "write: report, return, emit, print"),
    phrase("say|says how|nothing|so|that|what|whether|which", "write: state, set, declare, return"),
    phrase("of his|its|one's|our|their|your own", "write: separate, custom"),
    Phrase { words: "so many|often", instead: "name the number or the limit", unless: &["that"] },
    phrase("at its|their place", "write: at its location"),
    phrase("way|ways out", "write: fix, help"),
    phrase("mend|mended|mending|mends", "write: fix"),
    phrase("in|of the house", "write: built-in, of the workspace"),
    phrase("look|looked|looking|looks at", "write: read, check, inspect"),
    phrase("all of it", "name the whole"),
    phrase("all the same", "leave it out"),
    phrase("those that|which|who", "repeat the noun"),
    phrase("the one that|which|who", "repeat the noun"),
    phrase("that one", "repeat the noun"),
    phrase(WHAT, "use a noun"),
    phrase("such a one", "repeat the noun"),
    phrase("such as do|does", "write: which"),
    phrase("be there", "write: exist"),
    Phrase { words: "is there", instead: "write: exists", unless: &["a", "an", "any", "no"] },
    phrase("let|lets|letting go", "write: drop, release"),
    phrase("stand|standing|stands|stood", "write: is, appears, means"),
];

/// Returns each phrase in `text`, a list of words in lower case, with the help for it.
pub(super) fn find(text: &[String]) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for start in 0..text.len() {
        for phrase in PHRASES {
            let end = start + phrase.words.split(' ').count();
            let Some(candidate) = text.get(start..end) else { continue };
            let is_usual = text.get(end).is_some_and(|next| phrase.unless.contains(&next.as_str()));
            let mut pairs = phrase.words.split(' ').zip(candidate);
            if !is_usual && pairs.all(|(forms, word)| forms.split('|').any(|form| form == word)) {
                found.push((candidate.join(" "), phrase.instead));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::find;

    fn found(text: &str) -> Vec<String> {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        find(&words).into_iter().map(|(phrase, _)| phrase).collect()
    }

    #[test]
    fn each_form_of_a_phrase_is_found() {
        assert_eq!(found("it looks at a node of its own"), ["looks at", "of its own"]);
        assert_eq!(found("nobody reads what the driver told"), ["nobody", "what the", "told"]);
        assert_eq!(found("keep those that fail and that one"), ["those that", "that one"]);
    }

    #[test]
    fn usual_phrases_are_no_findings() {
        assert!(found("is there a limit and so often that it waits").is_empty());
        assert!(found("those nodes and the one node of its type").is_empty());
        assert!(found("what").is_empty());
    }
}
