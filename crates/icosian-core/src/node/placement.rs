/// The task or thread that runs a node.
///
/// # Examples
/// ```
/// use icosian_core::Outline;
/// use icosian_core::node::Placement;
///
/// assert_eq!(Outline::new("resize").with_placement(Placement::Offload).placement(), Placement::Offload);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Placement {
    /// The thread of the run for a sync node, the task that awaits the run for an async node.
    #[default]
    Inline,
    /// A thread that may block, for nodes that compute long or call blocking functions.
    Offload,
    /// A separate task, which any worker of the runtime can poll.
    Spawn,
}
