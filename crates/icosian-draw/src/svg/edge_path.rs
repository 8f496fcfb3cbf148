//! The line and the arrowhead of an edge.

use std::fmt::Write as _;

use crate::layout::{Axis, Point, Rect, Route};

/// The length of an arrowhead, and half of its width.
const HEAD_LENGTH: i64 = 8;
const HEAD_WIDTH: i64 = 4;

/// The path data of an edge.
#[derive(Debug)]
pub(super) struct EdgePath {
    pub(super) line: String,
    pub(super) head: String,
}

/// Returns the paths of a route. A route without stops has none.
pub(super) fn edge_path(axis: Axis, route: &Route) -> Option<EdgePath> {
    let (first, last) = (route.stops.first()?, route.stops.last()?);
    let direction = if route.is_upward { -1 } else { 1 };
    let tip = last.leave;
    let base = shift(axis, tip, -direction * (HEAD_LENGTH - 1), 0);
    // The last curve ends at the arrowhead, or where the rank begins if the box is smaller than the rank.
    let last_enter = if last.enter == last.leave { base } else { last.enter };
    let mut line = format!("M{} {}", first.enter.x, first.enter.y);
    straight(&mut line, axis, first.enter, first.leave, None);
    let mut from = first.leave;
    for (index, stop) in route.stops.iter().enumerate().skip(1) {
        if index + 1 == route.stops.len() {
            curve(&mut line, axis, from, last_enter);
            straight(&mut line, axis, last_enter, base, None);
        } else {
            curve(&mut line, axis, from, stop.enter);
            straight(&mut line, axis, stop.enter, stop.leave, route.label);
        }
        from = stop.leave;
    }
    let end = shift(axis, tip, -direction * HEAD_LENGTH, 0);
    let (left, right) = (shift(axis, end, 0, -HEAD_WIDTH), shift(axis, end, 0, HEAD_WIDTH));
    let head = format!("M{} {}L{} {}L{} {}Z", left.x, left.y, tip.x, tip.y, right.x, right.y);
    Some(EdgePath { line, head })
}

fn shift(axis: Axis, point: Point, along: i64, across: i64) -> Point {
    match axis {
        Axis::Down => Point { x: point.x + across, y: point.y + along },
        Axis::Right => Point { x: point.x + along, y: point.y + across },
    }
}

/// Adds a curve that starts and ends in the direction of the axis.
fn curve(line: &mut String, axis: Axis, from: Point, to: Point) {
    let (first, second) = match axis {
        Axis::Down if from.x != to.x => {
            let middle = i64::midpoint(from.y, to.y);
            (Point { x: from.x, y: middle }, Point { x: to.x, y: middle })
        }
        Axis::Right if from.y != to.y => {
            let middle = i64::midpoint(from.x, to.x);
            (Point { x: middle, y: from.y }, Point { x: middle, y: to.y })
        }
        _ => {
            let _ = write!(line, "L{} {}", to.x, to.y);
            return;
        }
    };
    let _ = write!(line, "C{} {} {} {} {} {}", first.x, first.y, second.x, second.y, to.x, to.y);
}

/// Adds a straight part, with a gap for the label.
fn straight(line: &mut String, axis: Axis, from: Point, to: Point, label: Option<Rect>) {
    let is_inside = |label: &Rect| match axis {
        Axis::Down => {
            label.y >= from.y.min(to.y) && label.y <= from.y.max(to.y) && label.center().x == from.x
        }
        Axis::Right => {
            label.x >= from.x.min(to.x) && label.x <= from.x.max(to.x) && label.center().y == from.y
        }
    };
    if let Some(label) = label.filter(is_inside) {
        let (before, after) = match axis {
            Axis::Down => (Point { y: label.y, ..from }, Point { y: label.y + label.height, ..from }),
            Axis::Right => (Point { x: label.x, ..from }, Point { x: label.x + label.width, ..from }),
        };
        let is_reversed = (to.y, to.x) < (from.y, from.x);
        let (start, end) = if is_reversed { (after, before) } else { (before, after) };
        let _ = write!(line, "L{} {}M{} {}", start.x, start.y, end.x, end.y);
    }
    if from != to {
        let _ = write!(line, "L{} {}", to.x, to.y);
    }
}
