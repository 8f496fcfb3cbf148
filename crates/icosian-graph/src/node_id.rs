/// The index of a node in one [`Graph`](crate::Graph).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// Returns the index of the node's outline in the list that the graph was built from.
    #[must_use]
    pub const fn position(self) -> usize {
        self.0 as usize
    }
}
