use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that never have an effect. Examples are `retry` and `fallback` on a function that cannot fail,
    /// and decorators of a function that is not a node.
    ///
    /// ## Rationale
    /// The decorator suggests a behaviour that does not exist. `retry` and `fallback` do not handle panics.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[retry(attempts = 3)]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[retry(attempts = 3)]
    ///     pub fn price(rate: &str) -> Result<f64, ParseFloatError> { rate.parse() }
    /// }
    /// ```
    pub(crate) struct DecoratorWithoutEffect {
        code: "ICO0427",
        name: "decorator-without-effect",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
