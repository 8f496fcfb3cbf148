use crate::rule;

rule! {
    /// ## Check
    /// Finds typed outputs whose node has another output type in this driver.
    ///
    /// ## Rationale
    /// The handle belongs to one dataflow, and another dataflow has replaced its node by a node of another type.
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
    ///     /// The agreed rate.
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
    ///     /// The agreed rate.
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
