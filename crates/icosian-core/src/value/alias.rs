/// An output that is the value of a parameter, or a part of it.
///
/// As long as such an output exists, its source must exist too. A node that consumes the source then needs a clone.
///
/// # Examples
/// ```
/// use icosian_core::{Node, Outline};
/// use icosian_core::value::Alias;
///
/// let raw = Node::sync(Outline::new("f_raw"), |_| Ok(1_u64));
/// assert_eq!(Node::forwarding(raw.outline(), "f").outline().output().alias(), Some(Alias::Whole(0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alias {
    /// The value of the parameter at this position.
    Whole(u8),
    /// A part of the value of the parameter at this position.
    Part(u8),
}
