use crate::rule;

rule! {
    /// ## Check
    /// Finds hooks whose `after_build` returns an error or panics.
    ///
    /// ## Rationale
    /// `build` calls `after_build` of each hook with the validated graph. A hook that fails would also fail each execution, so `build`
    /// returns its error.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// #[derive(Debug)]
    /// struct Published;
    ///
    /// impl Hook for Published {
    ///     fn after_build(&self, _: &icosian::graph::Graph) -> Result<(), icosian::BoxError> {
    ///         Err("the catalogue is not reachable".into())
    ///     }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow()).with_hook(Published)
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
    /// #[derive(Debug)]
    /// struct Published;
    ///
    /// impl Hook for Published {
    ///     fn after_build(&self, graph: &icosian::graph::Graph) -> Result<(), icosian::BoxError> {
    ///         let _description = graph.describe();
    ///         Ok(())
    ///     }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow()).with_hook(Published)
    /// ```
    pub(crate) struct BuildHookFailed {
        code: "ICO0037",
        name: "build-hook-failed",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
