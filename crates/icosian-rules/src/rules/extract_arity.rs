use crate::rule;

rule! {
    /// ## What it does
    /// Finds decorators that take more parts out of a tuple than it has.
    ///
    /// ## Why is this bad
    /// There is nothing for the last of them to give. Tuples behind an alias or in a `Result` are not seen.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean and the variance.
    ///     #[unpack_fields(mean, variance, median)]
    ///     pub fn moments(samples: &[f64]) -> (f64, f64) { both(samples) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The mean and the variance.
    ///     #[unpack_fields(mean, variance)]
    ///     pub fn moments(samples: &[f64]) -> (f64, f64) { both(samples) }
    /// }
    /// ```
    pub(crate) struct ExtractArity {
        code: "ICO0402",
        name: "extract-arity",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
