use crate::rule;

rule! {
    /// ## Check
    /// Finds parts in `extract_outputs`, `extract_fields` and `unpack_fields` that do not match the output.
    ///
    /// ## Rationale
    /// A tuple has positions, a map has keys, and any other type has fields. The decorator must declare the types of
    /// fields.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The mean and the variance.
    ///     #[extract_fields(mean: f64, variance: f64)]
    ///     pub fn moments(samples: &[f64]) -> (f64, f64) { both(samples) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The mean and the variance.
    ///     #[unpack_fields(mean, variance)]
    ///     pub fn moments(samples: &[f64]) -> (f64, f64) { both(samples) }
    /// }
    /// ```
    pub(crate) struct InvalidPart {
        code: "ICO0430",
        name: "invalid-part",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
