use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators whose values or functions have another type than the value that they replace. Examples are
    /// bound values, defaults, fallbacks, replaced bodies and split outputs.
    ///
    /// ## Rationale
    /// Nodes read an output as the declared return type of its function. A value of another type cannot replace it.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::Fallback;
    ///
    ///     /// The price.
    ///     #[decorate(Fallback::value(1_u64))]
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
    ///     use icosian::decorators::Fallback;
    ///
    ///     /// The price.
    ///     #[decorate(Fallback::value(1.0))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct DecoratorTypeMismatch {
        code: "ICO0421",
        name: "decorator-type-mismatch",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
