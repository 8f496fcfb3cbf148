use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that name a parameter which the function does not have.
    ///
    /// ## Rationale
    /// The binding or the step would have no reader, and the intended parameter would read another value. For
    /// `parameterize` and similar decorators, the rule is `parameterize-unknown-param`.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::PipeInput;
    ///
    ///     /// The price.
    ///     #[decorate(PipeInput::new().on_input("rates"))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::PipeInput;
    ///
    ///     /// The price.
    ///     #[decorate(PipeInput::new().on_input("rate"))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct UnknownParam {
        code: "ICO0415",
        name: "unknown-param",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
