/// The order in which decorators are applied. The written order matters only within one phase.
///
/// # Examples
/// ```
/// use icosian_spec::Phase;
///
/// assert!(Phase::Resolve < Phase::Create && Phase::Mark < Phase::Wrap);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Keeps or drops the function by config, or is replaced by other decorators.
    Resolve,
    /// Replaces the body, or creates other nodes in place of the function.
    Create,
    /// Adds nodes before parameters.
    Inject,
    /// Creates several nodes from the function. A function has at most one such decorator.
    Parameterize,
    /// Adds nodes after the function.
    Transform,
    /// Adds metadata to the nodes.
    Mark,
    /// Wraps the function's body, in the node that the phases before have put it in.
    Wrap,
}
