use crate::rule;

rule! {
    /// ## Check
    /// Finds overrides of what is no node.
    ///
    /// ## Rationale
    /// An override stands for a node that then does not run. Where there is no such node it would do nothing, and the node
    /// that was meant would run: so the execution is refused.
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
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_overrides(["prise"])
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
    /// Check::new(Driver::builder().with_dataflow(prices::dataflow())).with_overrides(["price"])
    /// ```
    pub(crate) struct UnknownOverride {
        code: "ICO0015",
        name: "unknown-override",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
