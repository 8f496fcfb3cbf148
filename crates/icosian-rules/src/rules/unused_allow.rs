use crate::{Allow, Edit, Facts, Finding, Fix, rule};

rule! {
    /// ## What it does
    /// Finds `allow(..)` of a rule that nothing in its scope breaks. It is told only where that rule ran.
    ///
    /// ## Why is this bad
    /// It is left over from code that is gone, and would hide the next such fault.
    ///
    /// ## Example
    /// ```bad
    /// #[node(allow(global_state_in_node, reason = "a counter for a test"))]
    /// pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[node]
    /// pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// ```
    pub(crate) struct UnusedAllow {
        code: "ICO1002",
        name: "unused-allow",
        level: Warn,
        stage: Macro,
        fix: Safe,
    }
    |facts: &Facts| facts.allows.iter().filter(|allow| allow.used.is(&false)).map(finding).collect()
}

fn finding(allow: &Allow) -> Finding {
    let finding =
        Finding::new(allow.rule_span, format!("nothing here breaks `{}`", allow.rule)).help("remove it");
    match allow.removal {
        Some(removal) => finding.fix(Fix::safe("remove the `allow(..)`", [Edit::removed(removal)])),
        None => finding,
    }
}
