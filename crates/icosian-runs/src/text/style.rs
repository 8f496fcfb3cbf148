use anstyle::{AnsiColor, Effects, Style};
use icosian_diagnostics::escape_controls;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::duration::format_duration;
use crate::recorded_run::{ExecutionStatus, RunOutcome};

/// The width, characters and colours of text.
///
/// # Examples
/// ```
/// use icosian_runs::text::{Charset, TextStyle};
///
/// let style = TextStyle::default().with_width(80).with_charset(Charset::Ascii);
/// assert_eq!(style.width(), 80);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStyle {
    width: usize,
    charset: Charset,
    colour: ColourUse,
}

/// The characters of bars and marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// Blocks, arrows and check marks.
    #[default]
    Unicode,
    /// Only ASCII, apart from the names in the record.
    Ascii,
}

/// The use of colours in text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourUse {
    /// No escape sequences.
    #[default]
    Never,
    /// Escape sequences of ANSI terminals.
    Always,
}

impl Default for TextStyle {
    fn default() -> Self {
        Self { width: 100, charset: Charset::Unicode, colour: ColourUse::Never }
    }
}

impl TextStyle {
    /// The smallest width of a line.
    pub const MIN_WIDTH: usize = 40;

    /// Sets the width in columns, which is at least [`MIN_WIDTH`](Self::MIN_WIDTH).
    #[must_use]
    pub fn with_width(self, width: usize) -> Self {
        Self { width: width.max(Self::MIN_WIDTH), ..self }
    }

    /// Sets the characters.
    #[must_use]
    pub fn with_charset(self, charset: Charset) -> Self {
        Self { charset, ..self }
    }

    /// Sets the use of colours.
    #[must_use]
    pub fn with_colour(self, colour: ColourUse) -> Self {
        Self { colour, ..self }
    }

    /// Returns the width in columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns `unicode` or `ascii`, depending on the characters.
    pub(crate) fn select<T>(&self, unicode: T, ascii: T) -> T {
        match self.charset {
            Charset::Unicode => unicode,
            Charset::Ascii => ascii,
        }
    }

    pub(crate) fn duration(&self, microseconds: u64) -> String {
        format_duration(microseconds, self.select('µ', 'u'))
    }

    pub(crate) fn mark(&self, status: ExecutionStatus) -> char {
        match status {
            ExecutionStatus::Succeeded => self.select('✓', '+'),
            ExecutionStatus::Failed => self.select('✗', 'x'),
            ExecutionStatus::Cancelled => self.select('⊘', '~'),
            ExecutionStatus::Skipped => self.select('·', '-'),
            ExecutionStatus::Unfinished => '?',
        }
    }

    pub(crate) fn outcome_mark(&self, outcome: RunOutcome) -> char {
        self.mark(match outcome {
            RunOutcome::Succeeded => ExecutionStatus::Succeeded,
            RunOutcome::Failed => ExecutionStatus::Failed,
            RunOutcome::Cancelled => ExecutionStatus::Cancelled,
            RunOutcome::Unfinished => ExecutionStatus::Unfinished,
        })
    }

    /// Escapes and shortens `text` to `width` columns. The middle is omitted, because names often differ at their ends.
    pub(crate) fn shorten(&self, text: &str, width: usize) -> String {
        let text = escape_controls(text);
        if text.width() <= width {
            return text.into_owned();
        }
        let gap = self.select("…", "~");
        let Some(room) = width.checked_sub(gap.width()) else { return String::new() };
        let start = take_columns(text.chars(), room.div_ceil(2));
        let end = take_columns(text.chars().rev(), room / 2);
        start.into_iter().chain(gap.chars()).chain(end.into_iter().rev()).collect()
    }

    /// Escapes `text` and cuts it after `width` columns, for sentences and values.
    pub(crate) fn cut(&self, text: &str, width: usize) -> String {
        let text = escape_controls(text);
        if text.width() <= width {
            return text.into_owned();
        }
        let gap = self.select("…", "~");
        let room = width.saturating_sub(gap.width());
        take_columns(text.chars(), room).into_iter().chain(gap.chars()).collect()
    }

    /// Encloses `text` in the escape sequences of `style`, if colours are used.
    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        match self.colour {
            ColourUse::Never => text.to_owned(),
            ColourUse::Always => format!("{style}{text}{style:#}"),
        }
    }
}

fn take_columns(letters: impl Iterator<Item = char>, room: usize) -> Vec<char> {
    let mut used = 0;
    let fits = |letter: &char| {
        used += letter.width().unwrap_or(0);
        used <= room
    };
    letters.take_while(fits).collect()
}

/// Returns `text` with spaces up to `width` columns.
pub(crate) fn pad_right(text: &str, width: usize) -> String {
    let spaces = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(spaces))
}

/// Returns `text` after spaces, `width` columns together.
pub(crate) fn pad_left(text: &str, width: usize) -> String {
    let spaces = width.saturating_sub(text.width());
    format!("{}{text}", " ".repeat(spaces))
}

pub(crate) const BOLD: Style = Style::new().effects(Effects::BOLD);
pub(crate) const DIM: Style = Style::new().effects(Effects::DIMMED);
pub(crate) const CRITICAL: Style = AnsiColor::Magenta.on_default().effects(Effects::BOLD);

/// Returns the colour of an outcome.
pub(crate) fn status_style(status: ExecutionStatus) -> Style {
    match status {
        ExecutionStatus::Succeeded => AnsiColor::Green.on_default(),
        ExecutionStatus::Failed => AnsiColor::Red.on_default().effects(Effects::BOLD),
        ExecutionStatus::Cancelled | ExecutionStatus::Unfinished => AnsiColor::Yellow.on_default(),
        ExecutionStatus::Skipped => DIM,
    }
}

/// Returns the colour of the outcome of a run.
pub(crate) fn outcome_style(outcome: RunOutcome) -> Style {
    status_style(match outcome {
        RunOutcome::Succeeded => ExecutionStatus::Succeeded,
        RunOutcome::Failed => ExecutionStatus::Failed,
        RunOutcome::Cancelled => ExecutionStatus::Cancelled,
        RunOutcome::Unfinished => ExecutionStatus::Unfinished,
    })
}

#[cfg(test)]
mod tests {
    use super::{Charset, TextStyle};

    #[test]
    fn long_names_lose_their_middle() {
        let style = TextStyle::default();
        assert_eq!(style.shorten("spend_per_signup_mean", 11), "spend…_mean");
        assert_eq!(style.with_charset(Charset::Ascii).shorten("spend_mean", 5), "sp~an");
        assert_eq!(style.shorten("数据数据数据", 7), "数…据");
        assert_eq!(style.shorten("ab", 0), "");
        assert_eq!(style.cut("a long sentence", 7), "a long…");
    }
}
