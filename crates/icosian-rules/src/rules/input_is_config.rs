use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs that have the name of a config value or a shared input.
    ///
    /// ## Rationale
    /// Config values and shared inputs are the same for every execution of a driver. With two values for one name, it
    /// would be unclear which value the nodes read. An override can replace the value for one execution.
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
