use crate::{Fact, SpanId};

/// A part of the source in which a rule may be broken: `#[node(allow(rule, reason = ".."))]`.
///
/// # Examples
/// ```
/// use icosian_rules::{Allow, Fact};
///
/// let allow = Allow { rule: "global-state-in-node".into(), ..Allow::default() };
/// assert_eq!((allow.reason, allow.used), (None, Fact::Unknown));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Allow {
    /// The rule's name or code, as it is written.
    pub rule: String,
    /// Whether that is known to be a rule of another linter, of which this one knows nothing.
    pub is_of_other: bool,
    /// Where that is written.
    pub rule_span: SpanId,
    /// Why, unless nobody says or the text is empty.
    pub reason: Option<String>,
    /// What may break the rule.
    pub scope: SpanId,
    /// What can be removed so that nothing is allowed any more, if that can be said.
    pub removal: Option<SpanId>,
    /// Whether something in the scope breaks the rule; unknown before all rules ran, and where this one did not.
    pub used: Fact<bool>,
}
