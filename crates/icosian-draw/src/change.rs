//! The changes between two graphs.

use std::fmt;

/// A node or an edge that differs between two graphs.
///
/// The text of a change is one line, such as ``+ node `audit` `` or ``~ node `total`: output `f64` -> `f32` ``.
///
/// # Examples
/// ```
/// use icosian_draw::{ChangeKind, diff};
/// use icosian_schema::graph::{GraphDescription, NodeDescription};
///
/// let graph = |output: &str| GraphDescription {
///     nodes: vec![NodeDescription { output: Some(output.to_owned()), ..NodeDescription::new("total") }],
///     edges: vec![],
/// };
/// let diff = diff(&graph("f64"), &graph("f32"));
/// let change = &diff.changes()[0];
/// assert_eq!(change.kind(), ChangeKind::Changed);
/// assert_eq!(change.to_string(), "~ node `total`: output `f64` -> `f32`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphChange {
    pub(crate) kind: ChangeKind,
    pub(crate) part: GraphPart,
    pub(crate) fields: Vec<FieldChange>,
}

/// The kind of a [`GraphChange`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Only the new graph contains it.
    Added,
    /// Only the old graph contains it.
    Removed,
    /// Both graphs contain it, with different properties.
    Changed,
}

impl ChangeKind {
    /// Returns the sign in texts and pictures: `+`, `-` or `~`.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Changed => '~',
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// A part of a graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GraphPart {
    /// A node or an input.
    Node {
        /// The name.
        name: String,
    },
    /// A parameter that reads a node.
    Edge {
        /// The node that produces the value.
        from: String,
        /// The node that reads the value.
        to: String,
        /// The name of the parameter.
        parameter: String,
    },
}

/// A property with its old and its new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The name of the property, such as `output`.
    pub field: &'static str,
    /// The old value. Empty if there was no value.
    pub old: String,
    /// The new value. Empty if there is no value.
    pub new: String,
}

impl GraphChange {
    /// Returns the kind of the change.
    #[must_use]
    pub fn kind(&self) -> ChangeKind {
        self.kind
    }

    /// Returns the node or edge.
    #[must_use]
    pub fn part(&self) -> &GraphPart {
        &self.part
    }

    /// Returns the properties that differ. Empty for added and removed parts.
    #[must_use]
    pub fn fields(&self) -> &[FieldChange] {
        &self.fields
    }
}

impl fmt::Display for GraphChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.sign(), self.part)?;
        for (index, field) in self.fields.iter().enumerate() {
            write!(f, "{}{field}", if index == 0 { ": " } else { ", " })?;
        }
        Ok(())
    }
}

impl fmt::Display for GraphPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node { name } => write!(f, "node `{name}`"),
            Self::Edge { from, to, parameter } if from == parameter => write!(f, "edge `{from}` -> `{to}`"),
            Self::Edge { from, to, parameter } => {
                write!(f, "edge `{from}` -> `{to}` (parameter `{parameter}`)")
            }
        }
    }
}

impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, old, new } = self;
        match (old.as_str(), new.as_str()) {
            _ if *field == "documentation" => write!(f, "documentation"),
            ("", new) => write!(f, "{field} `{new}` added"),
            (old, "") => write!(f, "{field} `{old}` removed"),
            (old, new) => write!(f, "{field} `{old}` -> `{new}`"),
        }
    }
}
