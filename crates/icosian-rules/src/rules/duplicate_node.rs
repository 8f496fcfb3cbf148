use crate::rule;

rule! {
    /// ## Check
    /// Finds two nodes of one name in a dataflow.
    ///
    /// ## Rationale
    /// A parameter reads a node by its name, so the name must be unique. The names in `parameterize`, `extract_outputs` and similar
    /// decorators count too. Functions below a `#[cfg(..)]` and variants that config selects are not compared, and only a driver
    /// knows the nodes of steps and included dataflows.
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
