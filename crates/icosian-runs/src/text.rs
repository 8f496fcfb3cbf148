//! Lists and waterfalls for a terminal.
//!
//! Lines are at most as wide as the [`TextStyle`], for widths of at least [`TextStyle::MIN_WIDTH`].

mod bar;
mod header;
mod list;
mod style;
mod summary;
mod table;
mod waterfall;

pub(crate) use bar::{round_step, shorten_zeros};
pub use header::render_header;
pub(crate) use header::{counts, lost_events};
pub(crate) use list::node_count;
pub use list::render_list;
pub use style::{Charset, ColourUse, TextStyle};
pub use summary::render_summary;
pub use waterfall::{ItemDisplay, WaterfallOptions, render_waterfall};

use crate::RunReport;

/// Renders the header and the waterfall of a run, with default [`WaterfallOptions`], and its summary.
///
/// A program that also shows the errors renders the parts one by one: [`render_header`], [`render_waterfall`], each
/// [`NodeFailure`](crate::NodeFailure), and [`render_summary`].
#[must_use]
pub fn render_run(report: &RunReport<'_>, style: &TextStyle) -> String {
    let waterfall = render_waterfall(report, &WaterfallOptions::default(), style);
    let parts = [render_header(report, style), waterfall, render_summary(report, style)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}
