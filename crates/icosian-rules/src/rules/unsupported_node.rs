use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes that the adapter refuses to run.
    ///
    /// ## Rationale
    /// An adapter knows its limits. For example, the tokio adapter refuses a group of nodes without a maximum
    /// concurrency, or with two different ones. The nodes of such a group would wait forever, or too many of them
    /// would run at once.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     #[limit("network")]
    ///     pub async fn rate() -> f64 { 1.5 }
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
    ///     #[limit("network", max_concurrency = 8)]
    ///     pub async fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(rates::dataflow())
    /// ```
    pub(crate) struct UnsupportedNode {
        code: "ICO0113",
        name: "unsupported-node",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
