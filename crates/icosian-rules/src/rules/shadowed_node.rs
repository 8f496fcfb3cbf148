use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds nodes that a config value or a node of a later dataflow replaces.
    ///
    /// A later dataflow replaces nodes only if the driver allows module overrides.
    ///
    /// ## Rationale
    /// The replaced node never runs under this driver. If this is intended, allow the rule with a reason.
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
    ///     /// The agreed rate.
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
    ///     /// The agreed rate.
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
        let finding = Finding::new(node.span, format!("{by} replaces node `{name}`")).labelled("never runs");
        let finding = finding.help(format!("rename one of them, or remove this `{name}`"));
        node.by.into_iter().fold(finding, |finding, by| finding.also(by, "runs instead"))
    });
    found.collect()
}
