use icosian_diagnostics::nearest;

use crate::{Allow, Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds `allow(..)` with the name of a rule that does not exist.
    ///
    /// ## Rationale
    /// The `allow(..)` suppresses nothing, although a reader expects it to.
    ///
    /// ## Example
    /// ```bad
    /// #[node(allow(global_state, reason = "a counter for a test"))]
    /// pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// static CALLS: std::sync::Mutex<u64> = std::sync::Mutex::new(0);
    ///
    /// #[node(allow(global_state_in_node, reason = "a counter for a test"))]
    /// pub fn calls() -> u64 { *CALLS.lock().unwrap() }
    /// ```
    pub(crate) struct UnknownRule {
        code: "ICO1001",
        name: "unknown-rule",
        level: Deny,
        stage: Macro,
    }
    |facts: &Facts| facts.allows.iter().filter_map(|allow| unknown(allow, facts)).collect()
}

fn unknown(allow: &Allow, facts: &Facts) -> Option<Finding> {
    if allow.is_of_other || facts.rules.iter().any(|metadata| metadata.is_called(&allow.rule)) {
        return None;
    }
    let names = facts.rules.iter().map(|metadata| metadata.name);
    let help = match nearest(&allow.rule.replace('_', "-"), names) {
        Some(meant) => format!("write `{}`", meant.replace('-', "_")),
        None => "list all rules with `cargo icosian rules`".to_owned(),
    };
    Some(Finding::new(allow.rule_span, format!("unknown rule `{}`", allow.rule)).help(help))
}
