use crate::rule;

rule! {
    /// ## Check
    /// Finds names in a subdag that stand for nothing: inputs that no node of it reads, or that are nodes of it;
    /// parameters that read no node of it; config values that the driver does not have.
    ///
    /// ## Rationale
    /// What is given under such a name is read by nobody, and what was meant goes without.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod spending {
    ///     /// What is known of numbers.
    ///     #[icosian::dataflow]
    ///     pub mod statistics {
    ///         /// The sum.
    ///         pub fn sum(samples: &[f64]) -> f64 { samples.iter().sum() }
    ///     }
    ///
    ///     /// What was spent.
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
    ///     /// What is known of numbers.
    ///     #[icosian::dataflow]
    ///     pub mod statistics {
    ///         /// The sum.
    ///         pub fn sum(samples: &[f64]) -> f64 { samples.iter().sum() }
    ///     }
    ///
    ///     /// What was spent.
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
