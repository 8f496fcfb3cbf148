use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes that the adapter says it cannot run.
    ///
    /// ## Rationale
    /// An adapter knows its own bounds: a group of nodes for which nobody says how many may run at a time, or two numbers
    /// for one group. What it refuses would hang or do less than it says.
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
