use crate::rule;

rule! {
    /// ## What it does
    /// Finds two functions of one dataflow that give nodes of the same name.
    ///
    /// ## Why is this bad
    /// A name stands for one value. Parameters that read it could mean either, so no driver is built from such a dataflow.
    /// The names that `parameterize`, `extract_outputs` and their kin write are compared too. Functions under a `#[cfg(..)]`, and
    /// those whose names config decides, are not; of steps and subdags only a driver knows.
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
