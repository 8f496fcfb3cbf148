use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators above items that are not nodes.
    ///
    /// ## Rationale
    /// Only `#[dataflow]` and `#[node]` apply decorators. Above another item, a decorator would have no effect.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: &Rate) -> f64 { rate.value }
    ///
    ///     #[tag(owner = "finance")]
    ///     pub struct Rate { value: f64 }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[tag(owner = "finance")]
    ///     pub fn price(rate: &Rate) -> f64 { rate.value }
    ///
    ///     pub struct Rate { value: f64 }
    /// }
    /// ```
    pub(crate) struct MisplacedDecorator {
        code: "ICO0426",
        name: "misplaced-decorator",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
