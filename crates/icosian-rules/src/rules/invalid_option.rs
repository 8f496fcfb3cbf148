use crate::rule;

rule! {
    /// ## Check
    /// Finds options of `#[dataflow(..)]` and `#[node(..)]` that do not exist or are malformed.
    ///
    /// ## Rationale
    /// A misspelt option would otherwise be ignored.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow(nmae = "prices")]
    /// pub mod costs {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow(name = "prices")]
    /// pub mod costs {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    pub(crate) struct InvalidOption {
        code: "ICO0033",
        name: "invalid-option",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
