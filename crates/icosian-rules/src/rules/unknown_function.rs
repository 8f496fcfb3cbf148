use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that name a function which the module does not have.
    ///
    /// ## Rationale
    /// The decorator has no function to call or change. A glob import or a macro call may add functions, so the rule
    /// does not check modules with one of them.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[pipe_output(step(ruonded))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    ///
    ///     fn rounded(price: f64) -> f64 { price.round() }
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
    pub(crate) struct UnknownFunction {
        code: "ICO0428",
        name: "unknown-function",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
