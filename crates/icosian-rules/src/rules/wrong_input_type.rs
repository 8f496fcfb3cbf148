use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs and overrides of a type that their readers do not accept.
    ///
    /// ## Rationale
    /// The driver does not convert values: `3` is an `i32`, not an `f64`. It refuses the request before any node runs.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64, amount: f64) -> f64 { rate * amount }
    /// }
    ///
    /// let driver = Driver::builder().with_dataflow(prices::dataflow()).build()?;
    /// driver.execute_named(["price"], inputs! { rate: "high", amount: 2.0 })
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
    /// let driver = Driver::builder().with_dataflow(prices::dataflow()).build()?;
    /// driver.execute_named(["price"], inputs! { rate: 1.5, amount: 2.0 })
    /// ```
    pub(crate) struct WrongInputType {
        code: "ICO0018",
        name: "wrong-input-type",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
