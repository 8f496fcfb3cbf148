use crate::rule;

rule! {
    /// ## Check
    /// Finds `mutate` decorators whose target is not a function of the same dataflow.
    ///
    /// The rule also finds a `mutate` whose targets all exist but define no node: config drops them, or they are steps
    /// of other functions.
    ///
    /// ## Rationale
    /// `mutate` adds a step to functions of the same dataflow. Without a target, the step never runs.
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
    ///     /// The total.
    ///     pub fn total(rate: f64) -> f64 { rate }
    ///     /// Rounds the value.
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
    ///     /// The total.
    ///     pub fn total(rate: f64) -> f64 { rate }
    ///     /// Rounds the value.
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
