use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that repeat another decorator of the function without an effect. It also finds a second
    /// decorator of a kind that a function can have only once, such as `limit`, `exclude` and `parameterize`.
    ///
    /// ## Rationale
    /// One of the two has no effect, and was possibly intended to have other arguments. Checks, pipes, retries and
    /// fallbacks may be stacked. Two timeouts are duplicates unless a `retry` or `fallback` is between them.
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
