use crate::{Facts, Finding, SpanId, rule};

rule! {
    /// ## Check
    /// Finds config values that no node or decorator reads and that replace no node.
    ///
    /// ## Rationale
    /// Such a value has no effect. Its name is usually misspelt, and the intended parameter or condition receives no
    /// value.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, amount: Option<f64>) -> f64 { rate * amount.unwrap_or(1.0) }
    /// }
    ///
    /// let config = config! { amuont: 2.0 };
    /// Driver::builder().with_dataflow(prices::dataflow()).with_config(config)
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, amount: Option<f64>) -> f64 { rate * amount.unwrap_or(1.0) }
    /// }
    ///
    /// let config = config! { amount: 2.0 };
    /// Driver::builder().with_dataflow(prices::dataflow()).with_config(config)
    /// ```
    pub(crate) struct ConfigKeyUnknown {
        code: "ICO0504",
        name: "config-key-unknown",
        level: Warn,
        stage: Plan,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let keys = facts.plan.known().map(|plan| plan.config.as_slice()).unwrap_or_default();
    let unknown = keys.iter().filter(|key| !key.is_read).map(|key| {
        // The location of a config value is unknown.
        let finding =
            Finding::new(SpanId::NOWHERE, format!("no node or decorator reads config value `{}`", key.name));
        match &key.meant {
            Some(meant) => finding.help(format!("write `{meant}`")),
            None => finding.help("remove it, or add a parameter with this name"),
        }
    });
    unknown.collect()
}
