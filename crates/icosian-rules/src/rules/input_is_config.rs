use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs and overrides that have the name of a config value.
    ///
    /// ## Rationale
    /// A config value is the same for every execution of a driver. Nobody could say which of the two counts.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, amount: f64) -> f64 { rate * amount }
    /// }
    ///
    /// let builder = Driver::builder().with_dataflow(prices::dataflow()).with_config(config! { rate: 1.5 });
    /// Check::new(builder).with_inputs(["rate", "amount"])
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
    /// let builder = Driver::builder().with_dataflow(prices::dataflow()).with_config(config! { rate: 1.5 });
    /// Check::new(builder).with_inputs(["amount"])
    /// ```
    pub(crate) struct InputIsConfig {
        code: "ICO0020",
        name: "input-is-config",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
