use crate::rule;

rule! {
    /// ## Check
    /// Finds layers whose target matches no node, or a node that no layer can wrap.
    ///
    /// ## Rationale
    /// A layer without a node has no effect, so a limit or a timeout would be missing. A layer can wrap only nodes that run a function, and
    /// not nodes that forward a value or return a part of an output. A sync function with a `CollectStream` runs the nodes of the block on
    /// its own thread, so the function cannot become async. `build` returns an error for such layers.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate.
    ///     pub async fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// let layer = tower::timeout::TimeoutLayer::new(std::time::Duration::from_secs(1));
    /// AsyncDriver::builder().with_dataflow(rates::dataflow()).with_layer_on(LayerTarget::named("rates"), layer)
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
    /// let layer = tower::timeout::TimeoutLayer::new(std::time::Duration::from_secs(1));
    /// AsyncDriver::builder().with_dataflow(rates::dataflow()).with_layer_on(LayerTarget::node::<rates::rate>(), layer)
    /// ```
    pub(crate) struct InvalidLayer {
        code: "ICO0039",
        name: "invalid-layer",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
