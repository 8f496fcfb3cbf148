use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes whose output is a future or has an opaque type.
    ///
    /// `impl Iterator` is an example of an opaque type.
    ///
    /// ## Rationale
    /// The types at both ends of an edge must match, and a parameter cannot name an opaque type. An output that is a
    /// future is passed on as a value and never awaited.
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
