use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes that are methods or associated functions.
    ///
    /// ## Rationale
    /// A parameter reads the node of its name, and no node is named `self`. A node's handle cannot be declared in an `impl`.
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
