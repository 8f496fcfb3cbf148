use crate::rule;

rule! {
    /// ## Check
    /// Finds requested outputs that are neither a node nor an input.
    ///
    /// ## Rationale
    /// No node produces such an output, so the driver refuses the request. Only outputs that are requested by name can
    /// be misspelt: the compiler checks typed handles.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, amount: f64) -> f64 { rate * amount }
    /// }
    ///
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_outputs(["prise"])
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
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_outputs(["price"])
    /// ```
    pub(crate) struct UnknownOutput {
        code: "ICO0006",
        name: "unknown-output",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
