use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds `allow(..)` without a `reason`.
    ///
    /// ## Rationale
    /// A reason shows whether a suppression is still needed. An `allow(..)` without a reason suppresses nothing.
    ///
    /// ## Example
    /// ```bad
    /// #[node(allow(undocumented_node))]
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
    pub(crate) struct AllowWithoutReason {
        code: "ICO1003",
        name: "allow-without-reason",
        level: Deny,
        stage: Macro,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let silent = facts.allows.iter().filter(|allow| allow.reason.is_none());
    let found = silent.map(|allow| {
        let message = format!("`{}` is allowed without a reason", allow.rule);
        Finding::new(allow.rule_span, message)
            .help("write `reason = \"..\"` as the last argument of `allow(..)`")
    });
    found.collect()
}
