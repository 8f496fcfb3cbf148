use crate::rule;

rule! {
    /// ## Check
    /// Finds parameters of type `RunContext` that have the name of a node or of a config value.
    ///
    /// ## Rationale
    /// A parameter of this type always reads the context of the run. If the parameter has the name of a node, it seems to read the node,
    /// but it reads the context.
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
    /// pub mod reports {
    ///     use icosian::RunContext;
    ///
    ///     /// True if the report is cancelled.
    ///     pub fn report(rate: &RunContext) -> bool { rate.is_cancelled() }
    /// }
    ///
    /// Driver::builder().with_dataflow(rates::dataflow()).with_dataflow(reports::dataflow())
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
    /// pub mod reports {
    ///     use icosian::RunContext;
    ///
    ///     /// True if the report is cancelled.
    ///     pub fn report(context: &RunContext) -> bool { context.is_cancelled() }
    /// }
    ///
    /// Driver::builder().with_dataflow(rates::dataflow()).with_dataflow(reports::dataflow())
    /// ```
    pub(crate) struct ContextParam {
        code: "ICO0014",
        name: "context-param",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
