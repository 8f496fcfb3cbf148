use std::borrow::Cow;

/// Escapes control characters, line breaks, and marks that change the direction of text.
///
/// The result is one line that cannot control a terminal.
///
/// # Examples
/// ```
/// use icosian_diagnostics::escape_controls;
///
/// assert_eq!(escape_controls("src/größe.rs"), "src/größe.rs");
/// assert_eq!(escape_controls("a\nb\x1b[31mred \u{202e}"), r"a\nb\u{1b}[31mred \u{202e}");
/// ```
#[must_use]
pub fn escape_controls(text: &str) -> Cow<'_, str> {
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

/// Returns whether a terminal or a viewer does more with `letter` than to display it.
fn is_control(letter: char) -> bool {
    let changes_direction = matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    changes_direction || letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}
