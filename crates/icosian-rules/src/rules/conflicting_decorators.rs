use crate::rule;

rule! {
    /// ## Check
    /// Finds two decorators of one function that exclude each other: two decorators that bind its parameters, or `offload` and
    /// `spawn`.
    ///
    /// ## Rationale
    /// The function cannot have the effect of both.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a region.
    ///     #[inject(region = value("eu"))]
    ///     #[parameterize(eu_rate(region = value("eu")))]
    ///     pub fn rate(region: &str) -> f64 { lookup(region) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a region.
    ///     #[parameterize(eu_rate(region = value("eu")))]
    ///     pub fn rate(region: &str) -> f64 { lookup(region) }
    /// }
    /// ```
    pub(crate) struct ConflictingDecorators {
        code: "ICO0407",
        name: "conflicting-decorators",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
