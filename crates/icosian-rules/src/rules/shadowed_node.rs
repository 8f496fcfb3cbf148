use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds nodes for which something else stands: a node of a later dataflow, where overrides are allowed, or a config
    /// value.
    ///
    /// ## Rationale
    /// They never run under this driver, whatever is asked for. Where that is meant, allow the rule with a reason.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     pub fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// #[dataflow]
    /// pub mod fixed {
    ///     /// The rate, as it was agreed upon.
    ///     pub fn rate() -> f64 { 1.0 }
    /// }
    ///
    /// let builder = Driver::builder().with_dataflow(rates::dataflow()).with_dataflow(fixed::dataflow());
    /// builder.allow_module_overrides()
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     pub fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// #[dataflow]
    /// pub mod fixed {
    ///     /// The rate, as it was agreed upon.
    ///     pub fn fixed_rate() -> f64 { 1.0 }
    /// }
    ///
    /// let builder = Driver::builder().with_dataflow(rates::dataflow()).with_dataflow(fixed::dataflow());
    /// builder.allow_module_overrides()
    /// ```
    pub(crate) struct ShadowedNode {
        code: "ICO0007",
        name: "shadowed-node",
        level: Warn,
        stage: Plan,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let shadowed = facts.graph().map(|graph| graph.shadowed.as_slice()).unwrap_or_default();
    let found = shadowed.iter().map(|node| {
        let name = &node.name;
        let by = if node.by.is_some() { "a node of a later dataflow" } else { "a config value" };
        let finding =
            Finding::new(node.span, format!("{by} stands for node `{name}`")).labelled("never runs");
        let finding = finding.help(format!("rename one of the two, or leave this `{name}` out"));
        node.by.into_iter().fold(finding, |finding, by| finding.also(by, "runs in its place"))
    });
    found.collect()
}
