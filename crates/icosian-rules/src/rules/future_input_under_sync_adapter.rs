use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs that are futures, under an adapter that does not await futures.
    ///
    /// ## Rationale
    /// The adapter would never poll the future, so its consumers would wait forever. The driver refuses the execution.
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
    /// let rate = Input::future(async { 1.5 });
    /// driver.execute_named(["price"], inputs! { rate, amount: 2.0 })
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
    pub(crate) struct FutureInputUnderSyncAdapter {
        code: "ICO0114",
        name: "future-input-under-sync-adapter",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
