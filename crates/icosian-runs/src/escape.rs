//! Escapes the text of records, which programs of users write.

use std::borrow::Cow;

/// Escapes control characters, line breaks, and marks that change the direction of text. The result is one line that cannot control a
/// terminal.
pub(crate) fn escape_controls(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_control(letter) {
            escaped.extend(letter.escape_default());
        } else {
            escaped.push(letter);
        }
    }
    Cow::Owned(escaped)
}

/// Escapes each line as [`escape_controls`] does, and keeps line breaks and tabs.
pub(crate) fn escape_lines(text: &str) -> String {
    let lines = text.lines().map(|line| escape_controls(&line.replace('\t', "    ")).into_owned());
    lines.collect::<Vec<_>>().join("\n")
}

fn is_control(letter: char) -> bool {
    let changes_direction = matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    changes_direction || letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::{escape_controls, escape_lines};

    #[test]
    fn text_cannot_control_a_terminal() {
        assert_eq!(escape_controls("größe"), "größe");
        assert_eq!(escape_controls("a\x1b[2J\nb\u{202e}"), r"a\u{1b}[2J\nb\u{202e}");
        assert_eq!(escape_lines("a\tb\r\nc\x07"), "a    b\nc\\u{7}");
    }
}
