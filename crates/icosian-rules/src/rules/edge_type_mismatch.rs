use crate::rule;

rule! {
    /// ## Check
    /// Finds parameters whose type differs from the node or config value that they read.
    ///
    /// ## Rationale
    /// A parameter cannot read a value of another type. Within one module the compiler reports the mismatch. Across
    /// modules, and where decorators or config select the source, the driver reports it when it is built.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     pub fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// #[dataflow]
    /// pub mod labels {
    ///     /// The rate as text.
    ///     pub fn label(rate: &str) -> String { rate.to_owned() }
    /// }
    ///
    /// Driver::builder().with_dataflow(rates::dataflow()).with_dataflow(labels::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     pub fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// #[dataflow]
    /// pub mod labels {
    ///     /// The rate as text.
    ///     pub fn label(rate: f64) -> String { rate.to_string() }
    /// }
    ///
    /// Driver::builder().with_dataflow(rates::dataflow()).with_dataflow(labels::dataflow())
    /// ```
    pub(crate) struct EdgeTypeMismatch {
        code: "ICO0004",
        name: "edge-type-mismatch",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
