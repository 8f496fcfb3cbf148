use crate::rule;

rule! {
    /// ## Check
    /// Finds overrides of nodes that do not exist.
    ///
    /// ## Rationale
    /// An override replaces a node for one execution. Without the node it would have no effect, and the intended node
    /// would still run. The driver refuses such a request.
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
