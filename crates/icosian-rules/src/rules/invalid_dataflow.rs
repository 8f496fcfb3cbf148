use crate::rule;

rule! {
    /// ## Check
    /// Finds `#[dataflow]` and `#[node]` on items that they cannot read, dataflows without nodes, and a node `dataflow`.
    ///
    /// ## Rationale
    /// `#[dataflow]` reads a module with its content, `#[node]` a function. The generated function `dataflow` returns the nodes.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    pub(crate) struct InvalidDataflow {
        code: "ICO0030",
        name: "invalid-dataflow",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
