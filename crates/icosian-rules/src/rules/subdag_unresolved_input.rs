use crate::rule;

rule! {
    /// ## Check
    /// Finds names in `subdag` that do not resolve.
    ///
    /// These are inputs that no node of the subdag reads, inputs with the name of a node of the subdag, parameters that
    /// read no node of the subdag, and config values that the driver does not have.
    ///
    /// ## Rationale
    /// A value with a wrong name is not read, and the intended parameter has no value.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod spending {
    ///     /// Statistics of samples.
    ///     #[icosian::dataflow]
    ///     pub mod statistics {
    ///         /// The sum.
    ///         pub fn sum(samples: &[f64]) -> f64 { samples.iter().sum() }
    ///     }
    ///
    ///     /// The report of the spending.
    ///     #[subdag(statistics, inputs(sampels = source(spend)))]
    ///     pub fn report(sum: f64) -> String { sum.to_string() }
    /// }
    ///
    /// Driver::builder().with_dataflow(spending::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod spending {
    ///     /// Statistics of samples.
    ///     #[icosian::dataflow]
    ///     pub mod statistics {
    ///         /// The sum.
    ///         pub fn sum(samples: &[f64]) -> f64 { samples.iter().sum() }
    ///     }
    ///
    ///     /// The report of the spending.
    ///     #[subdag(statistics, inputs(samples = source(spend)))]
    ///     pub fn report(sum: f64) -> String { sum.to_string() }
    /// }
    ///
    /// Driver::builder().with_dataflow(spending::dataflow())
    /// ```
    pub(crate) struct SubdagUnresolvedInput {
        code: "ICO0414",
        name: "subdag-unresolved-input",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
