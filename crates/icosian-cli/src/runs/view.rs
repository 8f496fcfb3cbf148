use std::io;

use clap::ValueEnum;
use icosian_runs::LineFault;
use icosian_runs::text::{Charset, ColourUse, TextStyle};
use serde_json::Value;

use crate::Exit;
use crate::screen::{Screen, note};

/// The number of columns of an output that is not a terminal.
const DEFAULT_WIDTH: usize = 100;

/// The output format of a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ViewFormat {
    /// For terminals
    #[default]
    Text,
    /// For programs
    Json,
}

pub(super) fn write_json(value: &Value, screen: &mut Screen<'_>) -> io::Result<()> {
    writeln!(screen.out(), "{}", serde_json::to_string_pretty(value)?)
}

/// Notes each line that is not an event. An incomplete last line is normal after a crash; other lines change the exit status.
pub(super) fn note_faults(faults: &[LineFault]) -> Exit {
    for fault in faults {
        note(format_args!("warning: {fault}"));
    }
    if faults.iter().all(|fault| fault.is_truncated) { Exit::Clean } else { Exit::Failed }
}

/// Returns the style of text on this screen.
pub(super) fn text_style(screen: &Screen<'_>) -> TextStyle {
    let width = screen.width().or_else(columns).unwrap_or(DEFAULT_WIDTH);
    let colour = if screen.is_coloured() { ColourUse::Always } else { ColourUse::Never };
    TextStyle::default().with_width(width).with_colour(colour).with_charset(charset())
}

/// Returns the value of `COLUMNS`, for outputs that are not terminals.
fn columns() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok()
}

/// Returns ASCII if the locale names another character set than UTF-8. Without a locale, most terminals display UTF-8.
fn charset() -> Charset {
    let variables = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter();
    let locale = variables.filter_map(|name| std::env::var(name).ok()).find(|value| !value.is_empty());
    match locale {
        Some(locale) if !is_utf8(&locale) => Charset::Ascii,
        _ => Charset::Unicode,
    }
}

fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}
