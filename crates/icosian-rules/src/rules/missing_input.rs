use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs that the requested outputs need and that the caller does not pass.
    ///
    /// The rule also finds required fields that are missing in a JSON object of inputs.
    ///
    /// ## Rationale
    /// A node cannot run without a value for each required parameter. The driver refuses the request before any node
    /// runs. Optional parameters and parameters with a default need no input.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, amount: f64) -> f64 { rate * amount }
    /// }
    ///
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_inputs(["rate"])
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, amount: f64) -> f64 { rate * amount }
    /// }
    ///
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_inputs(["rate", "amount"])
    /// ```
    pub(crate) struct MissingInput {
        code: "ICO0001",
        name: "missing-input",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
