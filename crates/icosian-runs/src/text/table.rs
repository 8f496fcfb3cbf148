use unicode_width::UnicodeWidthStr;

use crate::text::TextStyle;
use crate::text::style::{pad_left, pad_right};

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableColumn {
    pub(crate) title: &'static str,
    pub(crate) alignment: Alignment,
    /// The width down to which the column shrinks on a narrow terminal.
    pub(crate) min_width: usize,
    /// The order in which columns disappear if the table is still too wide: the largest first, 0 never.
    pub(crate) expendable: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alignment {
    Left,
    Right,
}

/// The number of columns between two columns.
const GAP: usize = 2;

/// Arranges rows in columns, at most as wide as the style. Returns each row as cells of equal width, with the titles first.
pub(crate) fn arrange(
    columns: &[TableColumn],
    rows: &[Vec<String>],
    style: &TextStyle,
) -> Vec<Vec<(usize, String)>> {
    let widths = fit_columns(columns, rows, style);
    let titles: Vec<String> = columns.iter().map(|column| column.title.to_owned()).collect();
    let fit = |row: &Vec<String>| {
        let cell = |(at, width): &(usize, usize)| {
            let text = style.shorten(&row[*at], *width);
            let text = match columns[*at].alignment {
                Alignment::Left => pad_right(&text, *width),
                Alignment::Right => pad_left(&text, *width),
            };
            (*at, text)
        };
        widths.iter().map(cell).collect()
    };
    std::iter::once(&titles).chain(rows).map(fit).collect()
}

/// Returns the positions and widths of the columns that fit. Columns shrink first; if that does not suffice, a column disappears.
fn fit_columns(columns: &[TableColumn], rows: &[Vec<String>], style: &TextStyle) -> Vec<(usize, usize)> {
    let widest = |at: usize| rows.iter().map(|row| row[at].width()).max().unwrap_or_default();
    let total = |widths: &[(usize, usize)]| widths.iter().map(|(_, width)| width + GAP).sum::<usize>() - GAP;
    let mut shown: Vec<usize> = (0..columns.len()).collect();
    loop {
        let natural = shown.iter().map(|at| (*at, widest(*at).max(columns[*at].title.width())));
        let mut widths: Vec<(usize, usize)> = natural.collect();
        while total(&widths) > style.width() {
            let can_shrink = |(at, width): &&mut (usize, usize)| *width > columns[*at].min_width;
            match widths.iter_mut().filter(can_shrink).max_by_key(|(_, width)| *width) {
                Some((_, width)) => *width -= 1,
                None => break,
            }
        }
        if total(&widths) <= style.width() || shown.len() == 1 {
            return widths;
        }
        let expendable = (0..shown.len()).max_by_key(|at| columns[shown[*at]].expendable);
        shown.remove(expendable.unwrap_or_default());
    }
}

/// Joins the cells of a row, without spaces at the end.
pub(crate) fn join(cells: impl IntoIterator<Item = String>) -> String {
    let line = cells.into_iter().collect::<Vec<_>>().join("  ");
    line.trim_end().to_owned()
}
