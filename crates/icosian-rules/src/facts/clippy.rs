use crate::SpanId;

/// What clippy says of a node's function.
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
    /// What it says.
    pub message: String,
    /// Of which place.
    pub span: SpanId,
    /// The places that its notes are about, in the same function.
    pub others: Vec<SpanId>,
    /// The function's name.
    pub node: String,
}
