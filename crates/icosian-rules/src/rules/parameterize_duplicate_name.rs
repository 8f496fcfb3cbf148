use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that declare two nodes with the same name.
    ///
    /// ## Rationale
    /// A parameter reads a node by its name, so the name must be unique.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a region.
    ///     #[parameterize(eu_rate(region = value("eu")), eu_rate(region = value("us")))]
    ///     pub fn rate(region: &str) -> f64 { lookup(region) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a region.
    ///     #[parameterize(eu_rate(region = value("eu")), us_rate(region = value("us")))]
    ///     pub fn rate(region: &str) -> f64 { lookup(region) }
    /// }
    /// ```
    pub(crate) struct ParameterizeDuplicateName {
        code: "ICO0411",
        name: "parameterize-duplicate-name",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
