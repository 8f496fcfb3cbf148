use crate::rule;

rule! {
    /// ## Check
    /// Finds functions that are put on another which is not in their dataflow, or on none but such as config drops.
    ///
    /// ## Rationale
    /// `mutate` adds a step to functions of the same dataflow. Where there is no such function the step is never taken.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// #[dataflow]
    /// pub mod rounding {
    ///     use icosian::decorators::Mutate;
    ///
    ///     /// What is given.
    ///     pub fn total(rate: f64) -> f64 { rate }
    ///     /// Rounds it.
    ///     #[decorate(Mutate::of(["price"]))]
    ///     pub fn rounded(given: f64) -> f64 { given.round() }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow()).with_dataflow(rounding::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// #[dataflow]
    /// pub mod rounding {
    ///     use icosian::decorators::Mutate;
    ///
    ///     /// What is given.
    ///     pub fn total(rate: f64) -> f64 { rate }
    ///     /// Rounds it.
    ///     #[decorate(Mutate::of(["total"]))]
    ///     pub fn rounded(given: f64) -> f64 { given.round() }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow()).with_dataflow(rounding::dataflow())
    /// ```
    pub(crate) struct MutateTargetMissing {
        code: "ICO0413",
        name: "mutate-target-missing",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
