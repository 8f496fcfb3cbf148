use crate::rule;

rule! {
    /// ## Check
    /// Finds functions of a `#[dataflow]` module that are neither `pub` nor private.
    ///
    /// ## Rationale
    /// A `pub` function is a node, and a private function is a helper. `pub(crate)` does not show which of the two is
    /// intended.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rounded(rate) }
    ///
    ///     pub(crate) fn rounded(price: f64) -> f64 { price.round() }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rounded(rate) }
    ///
    ///     fn rounded(price: f64) -> f64 { price.round() }
    /// }
    /// ```
    pub(crate) struct UnclearVisibility {
        code: "ICO0031",
        name: "unclear-visibility",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
