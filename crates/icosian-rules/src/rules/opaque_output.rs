use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes whose output has an unnamed type, such as `impl Iterator`, or is a future.
    ///
    /// ## Rationale
    /// The types of an edge are compared, and a parameter cannot name an unnamed type. A future as an output is passed on as a value
    /// and never awaited.
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
