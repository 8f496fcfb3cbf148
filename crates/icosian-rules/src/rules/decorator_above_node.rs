use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators above `#[node]`. In a `#[dataflow]` module the order does not matter: there, only the linter
    /// reads `#[node(allow(..))]`.
    ///
    /// ## Rationale
    /// The compiler expands attributes from the top, so `#[node]` only receives the attributes below it.
    ///
    /// ## Example
    /// ```bad
    /// #[tag(owner = "finance")]
    /// #[node]
    /// pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[node]
    /// #[tag(owner = "finance")]
    /// pub fn mean(total: f64, count: f64) -> f64 { total / count }
    /// ```
    pub(crate) struct DecoratorAboveNode {
        code: "ICO0404",
        name: "decorator-above-node",
        level: Deny,
        stage: Macro,
        fix: Safe,
    }
    reported_by_reader
}
