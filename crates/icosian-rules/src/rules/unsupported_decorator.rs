use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that the adapter does not support on this kind of function.
    ///
    /// ## Rationale
    /// A decorator without effect would be misleading, so the driver refuses it. For example, a sync function cannot be
    /// interrupted while it runs, so a timeout would not end it.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     #[timeout("1s")]
    ///     pub fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(rates::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     #[timeout("1s")]
    ///     pub async fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(rates::dataflow())
    /// ```
    pub(crate) struct UnsupportedDecorator {
        code: "ICO0102",
        name: "unsupported-decorator",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
