use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs that no node of the dataflows reads.
    ///
    /// ## Rationale
    /// The name of such an input is nearly always misspelt. If the intended parameter is optional, the mistake would go
    /// unnoticed, so the driver refuses the request. An input that some node reads is accepted, even if the requested
    /// outputs do not need the node.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, discount: Option<f64>) -> f64 { rate - discount.unwrap_or(0.0) }
    /// }
    ///
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_inputs(["rate", "discuont"])
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, discount: Option<f64>) -> f64 { rate - discount.unwrap_or(0.0) }
    /// }
    ///
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_inputs(["rate", "discount"])
    /// ```
    pub(crate) struct UnusedInput {
        code: "ICO0008",
        name: "unused-input",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
