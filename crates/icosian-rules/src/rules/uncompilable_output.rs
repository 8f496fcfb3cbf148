use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes and decorators of compiled outputs that need a driver.
    ///
    /// ## Rationale
    /// `#[dataflow(outputs(report), compile)]` writes a plain function for the output `report`. The function has no
    /// config, no adapter and no other dataflows. It supports `tag`, `tag_outputs`, `exclude`, `extract_outputs`,
    /// `extract_fields`, `unpack_fields`, `check_output`, `retry`, `timeout` and `fallback`. A node below a
    /// `#[cfg(..)]` could change the steps of the function.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow(outputs(report), compile)]
    /// pub mod prices {
    ///     /// The price.
    ///     #[offload]
    ///     pub fn price(rate: f64) -> f64 { 2.0 * rate }
    ///
    ///     /// The report.
    ///     pub fn report(price: f64) -> String { price.to_string() }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// A driver, or a node without the decorator:
    /// ```good
    /// #[dataflow(outputs(report), compile)]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { 2.0 * rate }
    ///
    ///     /// The report.
    ///     pub fn report(price: f64) -> String { price.to_string() }
    /// }
    /// ```
    pub(crate) struct UncompilableOutput {
        code: "ICO0035",
        name: "uncompilable-output",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
