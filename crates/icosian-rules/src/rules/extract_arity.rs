use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that name more parts than a tuple has.
    ///
    /// ## Rationale
    /// The superfluous parts have no value. Tuples behind an alias are not checked.
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
