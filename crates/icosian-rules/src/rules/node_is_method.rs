use crate::rule;

rule! {
    /// ## What it does
    /// Finds nodes that have a `self`.
    ///
    /// ## Why is this bad
    /// A node reads what its parameters name, and `self` names nothing.
    ///
    /// ## Example
    /// ```bad
    /// impl Samples {
    ///     #[node]
    ///     pub fn mean(&self) -> f64 { self.total / self.count }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[node]
    /// pub fn mean(samples: &Samples) -> f64 { samples.total / samples.count }
    /// ```
    pub(crate) struct NodeIsMethod {
        code: "ICO0010",
        name: "node-is-method",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
