use crate::rule;

rule! {
    /// ## Check
    /// Finds parameters that ask for another type than their node, or the config value of their name, gives.
    ///
    /// ## Rationale
    /// A value is read as what it is. Within one module the compiler refuses such a parameter; across modules, and where
    /// decorators or config decide what is read, no driver is built.
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
