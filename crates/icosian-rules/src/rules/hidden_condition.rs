use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes, parameters and decorators with a condition that `#[dataflow]` cannot read. Examples are a `cfg` or
    /// a decorator behind `cfg_attr`, and a `cfg` on a parameter.
    ///
    /// ## Rationale
    /// The compiler resolves `cfg_attr` after `#[dataflow]`, so the handle of a node could exist without its function.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[cfg_attr(unix, tag(owner = "finance"))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[cfg(unix)]
    ///     #[tag(owner = "finance")]
    ///     pub fn price(rate: f64) -> f64 { rate }
    ///     /// The price.
    ///     #[cfg(not(unix))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    pub(crate) struct HiddenCondition {
        code: "ICO0028",
        name: "hidden-condition",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
