//! The estimated width of texts. An SVG has no font metrics, so all texts of nodes use monospace fonts.

use unicode_width::UnicodeWidthStr as _;

/// The width of a column as a part of the font size. The common monospace fonts have 0.55 to 0.605.
const COLUMN: f64 = 0.605;

/// Returns the width of a text in pixels.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "texts are shortened, so their width is small"
)]
pub(crate) fn text_width(text: &str, font_size: f64) -> i64 {
    (text.width() as f64 * font_size * COLUMN).ceil() as i64
}

/// Shortens a text to a number of characters. The end is replaced by an ellipsis.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.push('…');
    short
}
