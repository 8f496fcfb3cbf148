//! Words and sentences of a text.

/// Returns `text` without Markdown: a code span becomes one word, a link becomes its text.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['`', '<', '[', ']']) {
        plain.push_str(&rest[..at]);
        let (mark, after) = (rest.as_bytes()[at], &rest[at + 1..]);
        rest = match mark {
            b'`' => {
                plain.push_str("code");
                after_mark(after, '`')
            }
            // A tag or an address, if the bracket is closed.
            b'<' if after.starts_with(|first: char| first.is_ascii_alphabetic() || "/!".contains(first)) => {
                after_mark(after, '>')
            }
            b']' if after.starts_with('(') => after_mark(after, ')'),
            b']' if after.starts_with('[') => after_mark(after, ']'),
            _ => after,
        };
    }
    plain.push_str(rest);
    plain
}

/// Returns the text after the first `mark`, or no text without one.
fn after_mark(text: &str, mark: char) -> &str {
    text.split_once(mark).map_or("", |(_, rest)| rest)
}

/// Returns the words of `text` in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric() && !"'’-_".contains(character));
    words.filter(|word| word.chars().any(char::is_alphanumeric)).map(str::to_lowercase).collect()
}

/// Returns the number of words of each sentence. A sentence ends with `.`, `!`, `?`, `:` or `;`.
pub(super) fn sentence_lengths(text: &str) -> Vec<usize> {
    let mut lengths = vec![0];
    for word in text.split_whitespace() {
        if let Some(last) = lengths.last_mut() {
            *last += usize::from(word.chars().any(char::is_alphanumeric));
        }
        if word.trim_end_matches([')', '"', '*']).ends_with(['.', '!', '?', ':', ';']) {
            lengths.push(0);
        }
    }
    // Shorter ones are labels and names, no sentences.
    lengths.retain(|&length| length >= 3);
    lengths
}

#[cfg(test)]
mod tests {
    use super::{plain, sentence_lengths, words};

    #[test]
    fn markdown_is_removed() {
        assert_eq!(plain("Runs `f(x)` in [a page](https://a.b) now."), "Runs code in a page now.");
        assert_eq!(plain("See [`Plan`][plan] or <br> a < b"), "See code or  a  b");
        assert_eq!(plain("an open `span"), "an open code");
    }

    #[test]
    fn words_are_in_lower_case() {
        assert_eq!(words("Don't re-run [it, (Node)."), ["don't", "re-run", "it", "node"]);
        assert!(words("- / …").is_empty());
    }

    #[test]
    fn sentences_end_with_punctuation() {
        assert_eq!(sentence_lengths("One two three. Four five six seven: a b c; Yes."), [3, 4, 3]);
        assert_eq!(sentence_lengths("It calls a.b and (so on.) Then it is over"), [6, 4]);
        assert!(sentence_lengths("").is_empty());
    }
}
