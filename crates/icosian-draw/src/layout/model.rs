//! The input and the result of a layout.

/// The direction from producers to consumers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    Down,
    Right,
}

/// The boxes, links and groups to arrange.
#[derive(Debug)]
pub(crate) struct LayoutGraph {
    pub(crate) axis: Axis,
    pub(crate) boxes: Vec<BoxSpec>,
    pub(crate) links: Vec<LayoutLink>,
    /// Parents precede their children. Each group contains a box.
    pub(crate) groups: Vec<GroupSpec>,
}

impl LayoutGraph {
    /// Returns whether a group contains both boxes.
    pub(crate) fn have_common_group(&self, left: usize, right: usize) -> bool {
        let outermost = |node: usize| {
            std::iter::successors(self.boxes[node].group, |group| self.groups[*group].parent).last()
        };
        self.boxes[left].group.is_some() && outermost(left) == outermost(right)
    }
}

/// The size of a box in pixels, and its innermost group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BoxSpec {
    pub(crate) size: Size,
    pub(crate) group: Option<usize>,
}

/// An arrow between two boxes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LayoutLink {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) label: Option<LinkLabel>,
}

/// A text beside a link. Links of one producer with equal texts share one label.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LinkLabel {
    pub(crate) text: usize,
    pub(crate) size: Size,
}

/// A group of boxes and other groups.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GroupSpec {
    pub(crate) parent: Option<usize>,
    pub(crate) title_width: i64,
}

/// The height of a group's title, including its margins.
pub(crate) const TITLE_HEIGHT: i64 = 26;
/// The distance between a group's border and its content.
pub(crate) const PADDING: i64 = 14;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) width: i64,
    pub(crate) height: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) x: i64,
    pub(crate) y: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rect {
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: i64,
    pub(crate) height: i64,
}

impl Rect {
    pub(crate) fn center(self) -> Point {
        Point { x: self.x + self.width / 2, y: self.y + self.height / 2 }
    }
}

/// The positions of all parts of a graph.
#[derive(Debug)]
pub(crate) struct GraphLayout {
    pub(crate) size: Size,
    pub(crate) boxes: Vec<Rect>,
    pub(crate) groups: Vec<Rect>,
    /// The route of each link. Empty for a link from a box to itself.
    pub(crate) routes: Vec<Route>,
}

/// The line of a link.
#[derive(Clone, Debug, Default)]
pub(crate) struct Route {
    /// The stops, from the producer to the consumer. The line is straight within a stop and curved between stops. It starts at the
    /// border of the producer, where the first stop is entered, and ends where the last stop is left.
    pub(crate) stops: Vec<Stop>,
    pub(crate) label: Option<Rect>,
    /// Set if the consumer is above the producer, which happens only in graphs with cycles.
    pub(crate) is_upward: bool,
}

/// A straight part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) enter: Point,
    pub(crate) leave: Point,
}
