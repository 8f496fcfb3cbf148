use crate::rule;

rule! {
    /// ## Check
    /// Finds `#[node]` on functions of a `#[dataflow]` module, and a repeated `#[node]` or `#[dataflow]`.
    ///
    /// ## Rationale
    /// Each `pub fn` of the module is a node without the attribute. Only `#[node(allow(..))]` has an effect there.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[node]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    pub(crate) struct RedundantAttribute {
        code: "ICO0032",
        name: "redundant-attribute",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
