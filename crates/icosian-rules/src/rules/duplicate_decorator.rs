use crate::rule;

rule! {
    /// ## Check
    /// Finds repeated decorators with the same arguments, where the second has no effect, and a second decorator of a kind that a
    /// function has at most once: `limit`, `exclude`, `parameterize` and similar decorators.
    ///
    /// ## Rationale
    /// One of them has no effect, and may have been intended to have other arguments. Checks, pipes, retries and fallbacks may be
    /// stacked. Two timeouts are duplicates unless a `retry` or `fallback` is between them.
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
