use crate::rule;

rule! {
    /// ## What it does
    /// Finds two decorators above one function that exclude each other: two that bind the function's
    /// parameters, or `offload` and `spawn`.
    ///
    /// ## Why is this bad
    /// The function cannot follow both: the compiler or the driver refuses it.
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
