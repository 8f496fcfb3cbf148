/// The kind of a node's function: sync or async.
///
/// # Examples
/// ```
/// use icosian_core::{Node, Outline};
/// use icosian_core::node::Asyncness;
///
/// let fetch = Node::future(Outline::new("fetch"), |_| async { Ok(1_u64) });
/// assert_eq!(fetch.outline().asyncness(), Asyncness::Async);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Asyncness {
    /// A `fn`, which runs to completion when called.
    #[default]
    Sync,
    /// An `async fn`, which returns a future that the adapter polls.
    Async,
}
