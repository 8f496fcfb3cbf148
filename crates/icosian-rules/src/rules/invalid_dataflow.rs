use crate::rule;

rule! {
    /// ## Check
    /// Finds `#[dataflow]` and `#[node]` above items that they cannot read. It also finds dataflows without nodes, and
    /// nodes named `dataflow`.
    ///
    /// ## Rationale
    /// `#[dataflow]` reads a module with its content, and `#[node]` reads a function. The name `dataflow` belongs to
    /// the generated function that returns the nodes.
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
