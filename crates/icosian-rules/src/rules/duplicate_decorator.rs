use crate::rule;

rule! {
    /// ## What it does
    /// Finds decorators that stand twice above a function, with the same arguments, where the second changes nothing; and
    /// two of those of which a function has one at most: `limit`, `parameterize` and its kin.
    ///
    /// ## Why is this bad
    /// One of them says nothing, and was perhaps meant to say something else. Checks, pipes, retries and fallbacks may be stacked, so
    /// they are left out; so is a `timeout` with one of these, or with an `offload`, between it and the same again.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     #[tag(owner = "finance")]
    ///     #[tag(owner = "finance")]
    ///     pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean.
    ///     #[tag(owner = "finance")]
    ///     #[tag(team = "reports")]
    ///     pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// }
    /// ```
    pub(crate) struct DuplicateDecorator {
        code: "ICO0406",
        name: "duplicate-decorator",
        level: Deny,
        stage: Macro,
        fix: Safe,
    }
    reported_by_reader
}
