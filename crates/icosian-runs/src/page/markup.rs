//! Escaped text for HTML.

use std::fmt;

use crate::duration::format_duration;
use crate::recorded_run::{ExecutionStatus, RunOutcome};

/// Text that is escaped when it is displayed, for content and for quoted attributes.
///
/// The replacement character replaces control characters, which HTML does not allow, and marks that change the direction of text.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\n' | '\t' => write!(f, "{letter}")?,
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => f.write_str("\u{fffd}")?,
                letter if letter.is_control() => f.write_str("\u{fffd}")?,
                letter => write!(f, "{letter}")?,
            }
        }
        Ok(())
    }
}

/// Returns a duration as escaped text.
pub(super) fn duration(microseconds: u64) -> String {
    format_duration(microseconds, 'µ').replace('>', "&gt;")
}

/// Returns a position in percent of the span.
#[expect(clippy::cast_precision_loss, reason = "the position is rounded to four digits")]
pub(super) fn percent(time: u64, span: u64) -> f64 {
    (time.min(span) as f64 / span.max(1) as f64 * 1_000_000.0).round() / 10_000.0
}

/// Returns the character for an outcome.
pub(super) fn mark(status: ExecutionStatus) -> &'static str {
    match status {
        ExecutionStatus::Succeeded => "✓",
        ExecutionStatus::Failed => "✗",
        ExecutionStatus::Cancelled => "⊘",
        ExecutionStatus::Skipped => "–",
        ExecutionStatus::Unfinished => "?",
    }
}

/// Returns the character for the outcome of a run.
pub(super) fn outcome_mark(outcome: RunOutcome) -> &'static str {
    match outcome {
        RunOutcome::Succeeded => "✓",
        RunOutcome::Failed => "✗",
        RunOutcome::Cancelled => "⊘",
        RunOutcome::Unfinished => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::{Escaped, percent};

    #[test]
    fn markup_in_text_is_escaped() {
        let text = "</script><img src='x' onerror=\"a&b\">\u{0}\u{202e}\n";
        assert_eq!(
            Escaped(text).to_string(),
            "&lt;/script&gt;&lt;img src=&#39;x&#39; onerror=&quot;a&amp;b&quot;&gt;\u{fffd}\u{fffd}\n"
        );
    }

    #[test]
    fn positions_are_within_the_span() {
        assert_eq!(format!("{} {} {}", percent(1, 3), percent(9, 3), percent(0, 0)), "33.3333 100 0");
    }
}
