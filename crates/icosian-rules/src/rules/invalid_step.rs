use crate::rule;

rule! {
    /// ## Check
    /// Finds steps of `pipe_input`, `pipe_output` and `mutate` without a parameter for the value. It also finds steps
    /// with decorators that do not wrap a body.
    ///
    /// ## Rationale
    /// A pipe adds one node for each step, and this node reads the previous value. A decorator such as `tag` or
    /// `parameterize` changes the nodes of a function, which a step does not have.
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
