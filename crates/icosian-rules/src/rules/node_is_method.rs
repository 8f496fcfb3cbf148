use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes that are methods or associated functions.
    ///
    /// ## Rationale
    /// A parameter reads the node with its name, and no node can have the name `self`. The macro also generates a
    /// handle beside each node, and an `impl` block cannot contain one.
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
