use crate::rule;

rule! {
    /// ## What it does
    /// Finds nodes that give a type without a name, such as `impl Iterator`, and plain functions that give a future.
    ///
    /// ## Why is this bad
    /// Edges are compared by type, and a parameter cannot name this one. A future that a plain function gives would be
    /// handed on as a value, and nobody would await it.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The squares.
    ///     pub fn squares(limit: u64) -> impl Iterator<Item = u64> { (0..limit).map(|it| it * it) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The squares.
    ///     pub fn squares(limit: u64) -> Vec<u64> { (0..limit).map(|it| it * it).collect() }
    /// }
    /// ```
    pub(crate) struct OpaqueOutput {
        code: "ICO0012",
        name: "opaque-output",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
