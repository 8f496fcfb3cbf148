use crate::rule;

rule! {
    /// ## Check
    /// Finds async nodes under an adapter that runs sync nodes only.
    ///
    /// ## Rationale
    /// Such an adapter does not poll futures. The driver refuses an execution that needs an async node, and runs none
    /// of its nodes. The driver never returns a future in place of a value.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     pub async fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// Driver::builder().with_dataflow(rates::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     pub async fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(rates::dataflow())
    /// ```
    pub(crate) struct AsyncNodeUnderSyncAdapter {
        code: "ICO0101",
        name: "async-node-under-sync-adapter",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
