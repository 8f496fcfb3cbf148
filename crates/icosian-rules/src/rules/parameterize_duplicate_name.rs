use crate::rule;

rule! {
    /// ## What it does
    /// Finds decorators that make two nodes of the same name.
    ///
    /// ## Why is this bad
    /// A name stands for one value. Parameters that read it could mean either, so no driver is built from it.
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
