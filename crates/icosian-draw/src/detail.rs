/// A property of nodes that a picture can show.
///
/// # Examples
/// ```
/// use icosian_draw::{GraphPicture, NodeDetail};
/// use icosian_schema::graph::{GraphDescription, NodeDescription};
///
/// let mean = NodeDescription { output: Some("f64".to_owned()), ..NodeDescription::new("mean") };
/// let picture = GraphPicture::new(GraphDescription { nodes: vec![mean], edges: vec![] });
/// assert!(picture.to_dot().contains("f64"));
/// assert!(!picture.with_details([NodeDetail::Tags]).to_dot().contains("f64"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NodeDetail {
    /// The type of the output, and the types of items on the edges of expansions.
    Types,
    /// The kind of execution: async, offloaded or spawned.
    Execution,
    /// The decorators.
    Decorators,
    /// The tags and their values.
    Tags,
    /// The concurrency group.
    Limits,
    /// The documentation, as a tooltip.
    Documentation,
    /// The location of the function, as a tooltip or a link.
    Locations,
}

impl NodeDetail {
    /// All details, which is the default of a picture.
    pub const ALL: [Self; 7] = [
        Self::Types,
        Self::Execution,
        Self::Decorators,
        Self::Tags,
        Self::Limits,
        Self::Documentation,
        Self::Locations,
    ];
}
