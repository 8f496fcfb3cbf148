use crate::rule;

rule! {
    /// ## Check
    /// Finds parameters of type `RunContext` that have the name of a node or of a config value.
    ///
    /// ## Rationale
    /// A parameter of that type reads the run's own context, whatever its name. One that is named after a node looks as if
    /// it read the node, and does not.
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
    ///     /// Whether there is a report.
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
    ///     /// Whether there is a report.
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
