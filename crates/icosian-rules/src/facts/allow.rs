use crate::{Fact, SpanId};

/// A suppression of a rule in a part of the source: `#[node(allow(rule, reason = ".."))]`.
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
    /// The rule's name or code as written.
    pub rule: String,
    /// True for a rule of another linter.
    pub is_of_other: bool,
    /// The location of the rule's name.
    pub rule_span: SpanId,
    /// The reason, unless it is missing or empty.
    pub reason: Option<String>,
    /// The source in which the rule is suppressed.
    pub scope: SpanId,
    /// The source to remove together with the suppression, if it is known.
    pub removal: Option<SpanId>,
    /// True if the scope has a finding of the rule; unknown before all rules ran, and if this rule did not run.
    pub used: Fact<bool>,
}
