use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators whose values or functions are of another type than what they are put in place of: bound values,
    /// fallbacks, replaced bodies, wholes that are taken apart.
    ///
    /// ## Rationale
    /// Nodes read what the function gives as the type that it says. Nothing else can stand in its place.
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
