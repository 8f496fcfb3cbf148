use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators whose names are reserved for a later version.
    ///
    /// ## Rationale
    /// The feature that the decorator needs does not exist yet.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[cache(format = "json")]
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
    pub(crate) struct ReservedDecorator {
        code: "ICO0425",
        name: "reserved-decorator",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
