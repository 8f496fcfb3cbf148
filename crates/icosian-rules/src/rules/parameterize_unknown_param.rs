use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that bind a parameter which the function does not have.
    ///
    /// ## Rationale
    /// The binding has no effect, and the intended parameter still reads the node with its name.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate of a region.
    ///     #[parameterize(eu_rate(regoin = value("eu")))]
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
    pub(crate) struct ParameterizeUnknownParam {
        code: "ICO0410",
        name: "parameterize-unknown-param",
        level: Deny,
        stage: Macro,
        fix: Unsafe,
    }
    reported_by_reader
}
