use crate::rule;

rule! {
    /// ## Check
    /// Finds outputs that are asked for by a handle whose type is not what the node gives in this driver.
    ///
    /// ## Rationale
    /// The handle is of one dataflow, and another dataflow or an override has replaced its node by one of another type.
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
    /// pub mod fixed {
    ///     /// The rate, as it was agreed upon.
    ///     pub fn rate() -> f32 { 1.0 }
    /// }
    ///
    /// let builder = Driver::builder().with_dataflow(rates::dataflow()).with_dataflow(fixed::dataflow());
    /// let driver = builder.allow_module_overrides().build()?;
    /// driver.prepare::<rates::rate>()
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
    /// pub mod fixed {
    ///     /// The rate, as it was agreed upon.
    ///     pub fn rate() -> f64 { 1.0 }
    /// }
    ///
    /// let builder = Driver::builder().with_dataflow(rates::dataflow()).with_dataflow(fixed::dataflow());
    /// let driver = builder.allow_module_overrides().build()?;
    /// driver.prepare::<rates::rate>()
    /// ```
    pub(crate) struct WrongOutputType {
        code: "ICO0021",
        name: "wrong-output-type",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
