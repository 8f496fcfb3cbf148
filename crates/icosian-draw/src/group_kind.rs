/// A kind of box around nodes.
///
/// # Examples
/// ```
/// use icosian_draw::{GraphPicture, GroupKind};
/// use icosian_schema::graph::{GraphDescription, NodeDescription};
///
/// let mean = NodeDescription { subdags: vec!["statistics".to_owned()], ..NodeDescription::new("statistics.mean") };
/// let picture = GraphPicture::new(GraphDescription { nodes: vec![mean], edges: vec![] });
/// assert!(picture.to_dot().contains("subgraph"));
/// assert!(!picture.with_groups([GroupKind::Block]).to_dot().contains("subgraph"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum GroupKind {
    /// The nodes of a dataflow. Drawn if the graph has several dataflows.
    Dataflow,
    /// The nodes of a subdag.
    Subdag,
    /// The nodes that run once for each item of an expansion.
    Block,
}

impl GroupKind {
    /// All kinds, which is the default of a picture.
    pub const ALL: [Self; 3] = [Self::Dataflow, Self::Subdag, Self::Block];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Dataflow => "dataflow",
            Self::Subdag => "subdag",
            Self::Block => "block",
        }
    }
}
