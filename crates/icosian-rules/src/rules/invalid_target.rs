use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that name an output which their function does not have, or split one of several outputs without a name.
    ///
    /// ## Rationale
    /// The decorator has no output to apply to, or several.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The mean and the variance.
    ///     #[tag(owner = "finance", on(maen))]
    ///     #[unpack_fields(mean, variance)]
    ///     pub fn moments(samples: &[f64]) -> (f64, f64) { both(samples) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The mean and the variance.
    ///     #[tag(owner = "finance", on(mean))]
    ///     #[unpack_fields(mean, variance)]
    ///     pub fn moments(samples: &[f64]) -> (f64, f64) { both(samples) }
    /// }
    /// ```
    pub(crate) struct InvalidTarget {
        code: "ICO0429",
        name: "invalid-target",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
