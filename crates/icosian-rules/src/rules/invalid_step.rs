use crate::rule;

rule! {
    /// ## Check
    /// Finds steps of `pipe_input`, `pipe_output` and `mutate` without a parameter for the value, or with decorators that do not wrap
    /// a body.
    ///
    /// ## Rationale
    /// A step is one node of a pipe. It reads the value before it, and a decorator such as `tag` or `parameterize` has no node to
    /// change.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[pipe_output(step(fixed))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    ///
    ///     fn fixed() -> f64 { 1.0 }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[pipe_output(step(rounded))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    ///
    ///     fn rounded(price: f64) -> f64 { price.round() }
    /// }
    /// ```
    pub(crate) struct InvalidStep {
        code: "ICO0431",
        name: "invalid-step",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
