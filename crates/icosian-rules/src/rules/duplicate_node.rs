use crate::rule;

rule! {
    /// ## Check
    /// Finds two nodes with the same name.
    ///
    /// ## Rationale
    /// A parameter reads a node by its name, so the name must be unique. The names in `parameterize`, `extract_outputs`
    /// and similar decorators count too. The source check does not compare functions below a `#[cfg(..)]` or variants
    /// that config selects. Only a driver knows the nodes of steps and of included dataflows.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     pub fn mean(samples: &[f64]) -> f64 { samples.iter().sum() }
    ///     /// The mean again.
    ///     pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     pub fn mean(samples: &[f64]) -> f64 { samples.iter().sum() }
    ///     /// The mean of parts.
    ///     pub fn mean_of_parts(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    pub(crate) struct DuplicateNode {
        code: "ICO0002",
        name: "duplicate-node",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
