use crate::rule;

rule! {
    /// ## What it does
    /// Finds decorators that stand above `#[node]`. In a `#[dataflow]` module the order does not matter: `#[node(allow(..))]` only
    /// speaks to the linter there.
    ///
    /// ## Why is this bad
    /// Attributes are read from the top. A decorator only means something to the `#[node]` that reads it, and that sees
    /// what stands below itself.
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
