use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs that are given and that no node of the dataflows reads.
    ///
    /// ## Rationale
    /// It is nearly always a misspelt name, and where the parameter is optional nobody else would notice: so the execution
    /// is refused. Inputs that some node reads, and the outputs asked for do not need, are fine.
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
