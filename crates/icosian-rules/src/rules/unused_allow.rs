use crate::{Allow, Edit, Facts, Finding, Fix, RuleMetadata, Stage, rule};

rule! {
    /// ## Check
    /// Finds `allow(..)` of a rule that has no finding in its scope.
    ///
    /// The rule checks an `allow(..)` only if the named rule ran on all code in the scope.
    ///
    /// ## Rationale
    /// The `allow(..)` is a remnant of earlier code, and it would hide the next finding.
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
    |facts: &Facts| {
        let unused = facts.allows.iter().filter(|allow| allow.used.is(&false));
        unused.map(|allow| finding(allow, &facts.rules)).collect()
    }
}

fn finding(allow: &Allow, rules: &[&'static RuleMetadata]) -> Finding {
    let finding =
        Finding::new(allow.rule_span, format!("unused `allow` of rule `{}`", allow.rule)).help("remove it");
    let Some(removal) = allow.removal else { return finding };
    // Rules of later stages may report more for a driver that combines this dataflow with others.
    let is_of_source = rules
        .iter()
        .filter(|metadata| metadata.is_called(&allow.rule))
        .all(|metadata| metadata.stage <= Stage::Source);
    let make = if is_of_source { Fix::safe } else { Fix::risky };
    finding.fix(make("remove the `allow(..)`", [Edit::removed(removal)]))
}
