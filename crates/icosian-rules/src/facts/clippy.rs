use crate::SpanId;

/// A diagnostic of clippy in the function of a node.
///
/// # Examples
/// ```
/// use icosian_rules::{Fact, Facts, Remark};
///
/// let remark = Remark { lint: "large_futures".into(), node: "rate".into(), ..Remark::default() };
/// let facts = Facts { clippy: Fact::Known(vec![remark]), ..Facts::default() };
/// assert_eq!(facts.remarks("large_futures").count(), 1);
/// assert_eq!(facts.remarks("await_holding_lock").count(), 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remark {
    /// The lint's name, without `clippy::`.
    pub lint: String,
    /// The message.
    pub message: String,
    /// The location.
    pub span: SpanId,
    /// The locations of its notes in the same function.
    pub others: Vec<SpanId>,
    /// The function's name.
    pub node: String,
}
