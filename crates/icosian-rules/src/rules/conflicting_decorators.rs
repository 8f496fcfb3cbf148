use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that exclude each other. Examples are two decorators that bind the parameters of one function,
    /// `offload` with `spawn`, and different quotas for one rate limit.
    ///
    /// ## Rationale
    /// The function cannot have the effect of both decorators.
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
