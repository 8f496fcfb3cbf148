use crate::rule;

rule! {
    /// ## Check
    /// Finds `#[default]` without a value, repeated, above a function, or on an optional parameter.
    ///
    /// ## Rationale
    /// A default belongs to one parameter. The default of an `Option` is always `None`.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(amount: f64, #[default(1.0)] rate: Option<f64>) -> f64 { amount * rate.unwrap_or(1.0) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(amount: f64, #[default(1.0)] rate: f64) -> f64 { amount * rate }
    /// }
    /// ```
    pub(crate) struct InvalidDefault {
        code: "ICO0029",
        name: "invalid-default",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
