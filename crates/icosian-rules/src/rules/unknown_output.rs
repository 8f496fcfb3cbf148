use crate::rule;

rule! {
    /// ## Check
    /// Finds outputs that are asked for and are neither node nor input.
    ///
    /// ## Rationale
    /// Nobody can give them, so the execution is refused. Names are compared when outputs are asked for by name; a typed
    /// handle cannot be misspelt.
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
