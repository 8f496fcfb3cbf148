use crate::rule;

rule! {
    /// ## Check
    /// Finds values in `with_shared` that executions cannot share: futures, overrides and a `RunContext`.
    ///
    /// ## Rationale
    /// All executions of a driver read the same shared input. A future can be awaited only once, and overrides and
    /// contexts belong to one execution. `build` returns an error for such values.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// let shared = inputs! { rate: Input::future(async { 1.5 }) };
    /// AsyncDriver::builder().with_dataflow(prices::dataflow()).with_shared(shared)
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// let rate = 1.5;
    /// AsyncDriver::builder().with_dataflow(prices::dataflow()).with_shared(inputs! { rate })
    /// ```
    pub(crate) struct SharedInputRefused {
        code: "ICO0023",
        name: "shared-input-refused",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
