use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes whose return type is `!`.
    ///
    /// ## Rationale
    /// Such a node never returns, so it has no output and its execution never succeeds. A node that exists for its side
    /// effect omits the return type. Its output is `()`, and other nodes can read it to run later.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod report {
    ///     /// Prints the mean.
    ///     pub fn printed(mean: f64) -> ! { panic!("{mean}") }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod report {
    ///     /// Prints the mean.
    ///     pub fn printed(mean: f64) { println!("{mean}") }
    /// }
    /// ```
    pub(crate) struct NodeWithoutOutput {
        code: "ICO0009",
        name: "node-without-output",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
