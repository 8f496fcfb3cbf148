use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that name more parts than a tuple has elements.
    ///
    /// ## Rationale
    /// The additional parts have no value. The rule does not check tuples behind a type alias.
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
