//! The parts of a scene.

use crate::change::ChangeKind;
use crate::group_kind::GroupKind;

/// A node with its texts.
#[derive(Debug)]
pub(crate) struct SceneNode {
    /// The index in the description.
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) look: NodeLook,
    /// The type, after the kind of an input.
    pub(crate) subtitle: Option<String>,
    pub(crate) badges: Vec<Badge>,
    pub(crate) status: Option<SceneStatus>,
    pub(crate) change: Option<(ChangeKind, String)>,
    pub(crate) emphasis: Emphasis,
    pub(crate) tooltip: String,
    pub(crate) link: Option<String>,
    pub(crate) group: Option<usize>,
}

/// The shape of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NodeLook {
    Function,
    Derived,
    Input,
    Config,
    Shared,
}

impl NodeLook {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Derived => "derived",
            Self::Input => "input",
            Self::Config => "config",
            Self::Shared => "shared",
        }
    }
}

/// A short text below a node's name.
#[derive(Clone, Debug)]
pub(crate) struct Badge {
    pub(crate) kind: BadgeKind,
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BadgeKind {
    Execution,
    Expansion,
    Decorator,
    Limit,
    Tag,
}

impl BadgeKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Execution => "execution",
            Self::Expansion => "expansion",
            Self::Decorator => "decorator",
            Self::Limit => "limit",
            Self::Tag => "tag",
        }
    }
}

/// The status of a node in a run.
#[derive(Clone, Debug)]
pub(crate) struct SceneStatus {
    pub(crate) tone: StatusTone,
    pub(crate) text: String,
    /// The time of the node as a part of the longest one, in percent.
    pub(crate) share: Option<i64>,
}

pub(crate) use crate::run_overlay::OverlayStatus as StatusTone;

/// The prominence of a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Emphasis {
    #[default]
    Normal,
    Highlighted,
    Dimmed,
}

impl Emphasis {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Normal => "",
            Self::Highlighted => " highlighted",
            Self::Dimmed => " dimmed",
        }
    }
}

/// An arrow between two nodes. Parameters that look the same share one.
#[derive(Debug)]
pub(crate) struct SceneEdge {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) label: Option<String>,
    pub(crate) is_optional: bool,
    pub(crate) change: Option<ChangeKind>,
    pub(crate) emphasis: Emphasis,
    pub(crate) tooltip: String,
}

/// A box around nodes.
#[derive(Debug)]
pub(crate) struct SceneGroup {
    pub(crate) kind: GroupKind,
    pub(crate) title: String,
    pub(crate) parent: Option<usize>,
    pub(crate) emphasis: Emphasis,
}
