use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs that the outputs asked for need and that nobody gives.
    ///
    /// ## Rationale
    /// A node without one of its parameters cannot run, so the execution is refused before anything runs. Optional
    /// parameters, and those with a default, need no input.
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
