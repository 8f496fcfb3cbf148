use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs that have the name of a node.
    ///
    /// ## Rationale
    /// The node would run all the same, and nobody would read the input. A value that stands for a node is an override.
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
