use std::borrow::Cow;

/// Returns `text` as one line that says nothing to a terminal: control characters, line ends and what changes the direction of text
/// are written out.
///
/// # Examples
/// ```
/// assert_eq!(icosian_lint::plain("src/größe.rs"), "src/größe.rs");
/// assert_eq!(icosian_lint::plain("a\nb\x1b[31mred \u{202e}"), r"a\nb\u{1b}[31mred \u{202e}");
/// ```
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(speaks) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if speaks(letter) {
            written.extend(letter.escape_default());
        } else {
            written.push(letter);
        }
    }
    Cow::Owned(written)
}

/// Returns `text` with its lines, each of them [`plain`].
pub(crate) fn plain_lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
}

/// Whether who shows `letter` does something else than to show it.
fn speaks(letter: char) -> bool {
    let turns = matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}
