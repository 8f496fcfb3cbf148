use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that name an output which their function does not have. It also finds decorators that split an
    /// output of a function with several outputs, without its name.
    ///
    /// ## Rationale
    /// The decorator has no output to apply to, or more than one.
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
