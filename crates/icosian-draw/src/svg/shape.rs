//! The outlines of nodes.

use std::fmt::Write as _;

use crate::layout::Rect;
use crate::scene::NodeLook;

/// The cut of the corners of config values.
const CUT: i64 = 12;

/// Writes the outline of a node.
pub(super) fn write_outline(text: &mut String, look: NodeLook, rect: Rect) {
    let Rect { x, y, width, height } = rect;
    let rounded = |text: &mut String, class: &str, inset: i64, radius: i64| {
        let _ = write!(
            text,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{radius}\"/>",
            x + inset,
            y + inset,
            width - 2 * inset,
            height - 2 * inset
        );
    };
    match look {
        NodeLook::Function | NodeLook::Derived => rounded(text, "outline", 0, 6),
        NodeLook::Input => rounded(text, "outline", 0, height / 2),
        NodeLook::Shared => {
            rounded(text, "outline", 0, 4);
            rounded(text, "inner", 3, 2);
        }
        NodeLook::Config => {
            let cut = CUT.min(height / 2);
            let (right, bottom) = (x + width, y + height);
            let _ = write!(
                text,
                "<path class=\"outline\" d=\"M{} {y}H{}L{right} {}V{}L{} {bottom}H{}L{x} {}V{}Z\"/>",
                x + cut,
                right - cut,
                y + cut,
                bottom - cut,
                right - cut,
                x + cut,
                bottom - cut,
                y + cut
            );
        }
    }
}
