//! The escaping of names and texts, which can contain any character.

use std::fmt::Write as _;

/// Escapes a text for XML and HTML, in elements and in quoted attributes.
///
/// Characters that XML does not allow become U+FFFD.
pub(crate) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' | '\r' => {
                let _ = write!(escaped, "&#{};", u32::from(character));
            }
            _ => escaped.push(allowed(character)),
        }
    }
    escaped
}

/// Escapes a text for a double-quoted string of DOT, without its quotes.
///
/// A backslash is doubled. In labels and tooltips `\n` starts a new line.
pub(crate) fn dot(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            _ => escaped.push(allowed(character)),
        }
    }
    escaped
}

/// Escapes a text for an HTML-like label of DOT. Graphviz refuses empty elements, so an empty text becomes a space.
pub(crate) fn dot_label(text: &str) -> String {
    if text.is_empty() { " ".to_owned() } else { xml(&single_line(text)) }
}

/// Escapes a text for a double-quoted label of Mermaid.
///
/// Every character that Markdown, HTML or Mermaid interprets becomes an entity code. An underscore inside a word is not Markdown.
pub(crate) fn mermaid(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut previous = ' ';
    let text = single_line(text);
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let is_inside_word =
            previous.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        let is_special = match character {
            '_' => !is_inside_word,
            '/' => previous == ':',
            _ => "\"#&<>'`\\*~|[]{}()%;$@^".contains(character),
        };
        if is_special {
            let _ = write!(escaped, "#{};", u32::from(character));
        } else {
            escaped.push(character);
        }
        previous = character;
    }
    escaped
}

/// Replaces line breaks and control characters by spaces.
pub(crate) fn single_line(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { allowed(it) }).collect()
}

/// Returns the character, or U+FFFD if XML 1.0 does not allow it.
fn allowed(character: char) -> char {
    match character {
        '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'.. => character,
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::{dot, mermaid, xml};

    #[test]
    fn characters_with_a_meaning_are_escaped() {
        let text = "<a href=\"x\">'&\n\u{0}";
        assert_eq!(xml(text), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#10;\u{FFFD}");
        assert_eq!(dot("a\"b\\\nc"), "a\\\"b\\\\\\nc");
        assert_eq!(mermaid("a\"b;c\nd_e _f"), "a#34;b#59;c d_e #95;f");
    }
}
