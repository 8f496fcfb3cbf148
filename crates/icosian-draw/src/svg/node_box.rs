//! The box of a node.

use std::fmt::Write as _;

use super::links::NodeLinks;
use super::shape::write_outline;
use crate::escape::{single_line, xml};
use crate::layout::{Rect, Size};
use crate::scene::{BadgeKind, NodeLook, SceneNode};
use crate::text_width::text_width;

const NAME_SIZE: f64 = 13.0;
const TEXT_SIZE: f64 = 11.0;
const BADGE_SIZE: f64 = 10.0;
const NAME_HEIGHT: i64 = 18;
const TEXT_HEIGHT: i64 = 16;
const BADGE_HEIGHT: i64 = 15;
const BADGE_ROW: i64 = 19;
const BADGE_PADDING: i64 = 6;
const BADGE_GAP: i64 = 4;
/// A row of badges does not exceed this width, unless the name is wider.
const ROW_WIDTH: i64 = 190;
const PADDING_X: i64 = 14;
const PADDING_Y: i64 = 9;
const BAR_HEIGHT: i64 = 4;
const MIN_WIDTH: i64 = 84;

/// The arrangement of a node's texts.
#[derive(Debug)]
pub(super) struct NodeBox {
    size: Size,
    /// The indices of the badges in each row.
    rows: Vec<Vec<usize>>,
}

impl NodeBox {
    pub(super) fn new(node: &SceneNode) -> Self {
        let status = node.status.as_ref().map(|it| text_width(&it.text, TEXT_SIZE) + 18);
        let change = node.change.as_ref().map(|it| text_width(&it.1, TEXT_SIZE) + 18);
        let lines = [
            Some(text_width(&node.name, NAME_SIZE)),
            node.subtitle.as_ref().map(|it| text_width(it, TEXT_SIZE)),
            status,
            change,
        ];
        let widest = lines.into_iter().flatten().max().unwrap_or_default();
        let (rows, rows_width) = arrange_badges(node, widest.max(ROW_WIDTH));
        let inset = match node.look {
            NodeLook::Function | NodeLook::Derived => 0,
            NodeLook::Shared => 3,
            NodeLook::Input | NodeLook::Config => 8,
        };
        let width = (widest.max(rows_width) + 2 * (PADDING_X + inset)).max(MIN_WIDTH);
        let texts =
            i64::from(node.subtitle.is_some()) + i64::from(status.is_some()) + i64::from(change.is_some());
        let row_count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let bar = node.status.as_ref().and_then(|it| it.share).map_or(0, |_| BAR_HEIGHT + 2);
        let height = bar + 2 * PADDING_Y + NAME_HEIGHT + texts * TEXT_HEIGHT + row_count * BADGE_ROW;
        Self { size: Size { width: width + width % 2, height: height + height % 2 }, rows }
    }

    pub(super) fn size(&self) -> Size {
        self.size
    }

    /// Writes the node.
    pub(super) fn write(
        &self,
        text: &mut String,
        node: &SceneNode,
        index: usize,
        rect: Rect,
        links: NodeLinks,
    ) {
        let link = match links {
            NodeLinks::Sources => node.link.clone(),
            NodeLinks::Sections => Some(format!("#node-{index}")),
        };
        if let Some(link) = &link {
            let _ = write!(text, "<a href=\"{}\" data-node=\"{index}\">", xml(link));
        }
        let _ = write!(text, "<g class=\"node {}", node.look.word());
        if let Some(badge) = node.badges.iter().find(|it| it.kind == BadgeKind::Execution) {
            let _ = write!(text, " {}", badge.text);
        }
        if let Some(status) = &node.status {
            let _ = write!(text, " {}", status.tone.word());
        }
        if let Some((kind, _)) = &node.change {
            let _ = write!(text, " {}", kind.word());
        }
        let _ = write!(text, "{}\"><title>{}</title>", node.emphasis.class(), xml(&node.tooltip));
        write_outline(text, node.look, rect);
        self.write_texts(text, node, rect);
        text.push_str("</g>");
        if link.is_some() {
            text.push_str("</a>");
        }
        text.push('\n');
    }

    fn write_texts(&self, text: &mut String, node: &SceneNode, rect: Rect) {
        let center = rect.center().x;
        let mut top = rect.y + PADDING_Y;
        let mut line = |text: &mut String, class: &str, content: &str, height: i64| {
            let content = xml(&single_line(content));
            let baseline = top + height - 5;
            let _ = write!(text, "<text class=\"{class}\" x=\"{center}\" y=\"{baseline}\">{content}</text>");
            top += height;
        };
        line(text, "name", &node.name, NAME_HEIGHT);
        if let Some(subtitle) = &node.subtitle {
            line(text, "type", subtitle, TEXT_HEIGHT);
        }
        if let Some((kind, change)) = &node.change {
            line(text, "change", &format!("{} {change}", kind.sign()), TEXT_HEIGHT);
        }
        if let Some(status) = &node.status {
            line(text, "status", &format!("{} {}", status.tone.symbol(), status.text), TEXT_HEIGHT);
        }
        for row in &self.rows {
            write_badges(text, node, row, center, top + (BADGE_ROW - BADGE_HEIGHT));
            top += BADGE_ROW;
        }
        if let Some(share) = node.status.as_ref().and_then(|it| it.share) {
            let full = rect.width - 2 * PADDING_X;
            let _ = write!(
                text,
                "<rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{BAR_HEIGHT}\" rx=\"2\"/>",
                rect.x + PADDING_X,
                rect.y + rect.height - BAR_HEIGHT - 4,
                (full * share / 100).max(2)
            );
        }
    }
}

fn badge_width(text: &str) -> i64 {
    text_width(text, BADGE_SIZE) + 2 * BADGE_PADDING
}

/// Distributes the badges over rows. Returns the rows and the width of the widest one.
fn arrange_badges(node: &SceneNode, limit: i64) -> (Vec<Vec<usize>>, i64) {
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let (mut width, mut widest) = (0, 0);
    for (index, badge) in node.badges.iter().enumerate() {
        let own = badge_width(&badge.text);
        match rows.last_mut() {
            Some(row) if width + BADGE_GAP + own <= limit => {
                row.push(index);
                width += BADGE_GAP + own;
            }
            _ => {
                rows.push(vec![index]);
                width = own;
            }
        }
        widest = widest.max(width);
    }
    (rows, widest)
}

fn write_badges(text: &mut String, node: &SceneNode, row: &[usize], center: i64, top: i64) {
    let gaps = i64::try_from(row.len() - 1).unwrap_or_default() * BADGE_GAP;
    let total: i64 = row.iter().map(|it| badge_width(&node.badges[*it].text)).sum::<i64>() + gaps;
    let mut left = center - total / 2;
    for badge in row.iter().map(|it| &node.badges[*it]) {
        let width = badge_width(&badge.text);
        let radius = if badge.kind == BadgeKind::Tag { 2 } else { BADGE_HEIGHT / 2 };
        let _ = write!(
            text,
            "<g class=\"badge {}\"><rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{BADGE_HEIGHT}\" \
             rx=\"{radius}\"/><text x=\"{}\" y=\"{}\">{}</text></g>",
            badge.kind.word(),
            left + width / 2,
            top + BADGE_HEIGHT - 4,
            xml(&single_line(&badge.text))
        );
        left += width + BADGE_GAP;
    }
}
