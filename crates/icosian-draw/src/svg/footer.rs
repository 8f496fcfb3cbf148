//! The legend below a picture.

use std::fmt::Write as _;

use super::shape::write_outline;
use crate::escape::xml;
use crate::layout::{Rect, Size};
use crate::scene::{LegendEntry, LegendSample};
use crate::text_width::text_width;

const SAMPLE_WIDTH: i64 = 26;
const SAMPLE_HEIGHT: i64 = 14;
const ROW_HEIGHT: i64 = 22;
const GAP: i64 = 18;
/// The distance to the picture.
const TOP: i64 = 18;

/// Writes the entries in rows of at most `width`.
pub(super) fn write_legend(entries: &[LegendEntry], width: i64) -> (String, Size) {
    let mut text = String::new();
    if entries.is_empty() {
        return (text, Size::default());
    }
    let (mut x, mut y, mut widest) = (0, TOP, 0);
    for entry in entries {
        let own = SAMPLE_WIDTH + 8 + text_width(&entry.text, 10.5);
        if x > 0 && x + own > width {
            (x, y) = (0, y + ROW_HEIGHT);
        }
        write_entry(&mut text, entry, x, y);
        widest = widest.max(x + own);
        x += own + GAP;
    }
    (text, Size { width: widest, height: y + SAMPLE_HEIGHT + 4 })
}

fn write_entry(text: &mut String, entry: &LegendEntry, x: i64, y: i64) {
    let rect = Rect { x, y, width: SAMPLE_WIDTH, height: SAMPLE_HEIGHT };
    let plain = |radius: i64| {
        format!(
            "<rect class=\"outline\" x=\"{x}\" y=\"{y}\" width=\"{SAMPLE_WIDTH}\" height=\"{SAMPLE_HEIGHT}\" rx=\"{radius}\"/>"
        )
    };
    let (center, baseline) = (x + SAMPLE_WIDTH / 2, y + SAMPLE_HEIGHT - 3);
    let sign = |class: &str, node: &str, sign: char| {
        format!(
            "<g class=\"node function {node}\">{}<text class=\"{class}\" x=\"{center}\" y=\"{baseline}\">{sign}</text></g>",
            plain(3)
        )
    };
    let sample = match entry.sample {
        LegendSample::Node(look) => {
            let mut sample = format!("<g class=\"node {}\">", look.word());
            write_outline(&mut sample, look, rect);
            sample.push_str("</g>");
            sample
        }
        LegendSample::Badge(kind) => {
            let radius = if kind == crate::scene::BadgeKind::Tag { 2 } else { SAMPLE_HEIGHT / 2 };
            format!("<g class=\"badge {}\">{}</g>", kind.word(), plain(radius))
        }
        LegendSample::Group(kind) => format!("<g class=\"group {}\">{}</g>", kind.word(), plain(4)),
        LegendSample::OptionalEdge => {
            let middle = y + SAMPLE_HEIGHT / 2;
            format!(
                "<g class=\"edge optional\"><path class=\"line\" d=\"M{x} {middle}h{SAMPLE_WIDTH}\"/></g>"
            )
        }
        LegendSample::Change(kind) => sign("change", kind.word(), kind.sign()),
        LegendSample::Status(tone) => sign("status", tone.word(), tone.symbol()),
        LegendSample::Highlight => format!("<g class=\"node function highlighted\">{}</g>", plain(3)),
    };
    let label = x + SAMPLE_WIDTH + 8;
    let _ = writeln!(
        text,
        "{sample}<text class=\"meaning\" x=\"{label}\" y=\"{baseline}\">{}</text>",
        xml(&entry.text)
    );
}
