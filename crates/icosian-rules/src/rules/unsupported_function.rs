use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes that are `unsafe`, `extern` or variadic functions.
    ///
    /// ## Rationale
    /// The graph calls a node as a safe Rust function, with one value per parameter.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub unsafe fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 {
    ///         // SAFETY: the rate was checked when it was parsed.
    ///         unsafe { price_of(rate) }
    ///     }
    ///
    ///     unsafe fn price_of(rate: f64) -> f64 { rate }
    /// }
    /// ```
    pub(crate) struct UnsupportedFunction {
        code: "ICO0025",
        name: "unsupported-function",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
