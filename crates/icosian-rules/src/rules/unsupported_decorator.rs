use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that cannot work under the adapter, on this kind of function.
    ///
    /// ## Rationale
    /// A decorator that would quietly do nothing is worse than none. Here, nobody can stop a sync function while it runs, so
    /// no timeout would end it.
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
