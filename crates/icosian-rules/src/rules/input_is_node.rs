use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs that have the name of a node.
    ///
    /// ## Rationale
    /// The node would still run, and the input would have no consumer. An override replaces a node for one execution,
    /// and a config value replaces it for all executions.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, amount: f64) -> f64 { rate * amount }
    ///     /// The price as text.
    ///     pub fn label(price: f64) -> String { price.to_string() }
    /// }
    ///
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_inputs(["rate", "amount", "price"]).with_outputs(["label"])
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, amount: f64) -> f64 { rate * amount }
    ///     /// The price as text.
    ///     pub fn label(price: f64) -> String { price.to_string() }
    /// }
    ///
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_inputs(["rate", "amount"]).with_overrides(["price"]).with_outputs(["label"])
    /// ```
    pub(crate) struct InputIsNode {
        code: "ICO0019",
        name: "input-is-node",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
