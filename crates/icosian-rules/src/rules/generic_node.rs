use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes with type or constant parameters, and parameters of type `impl Trait`.
    ///
    /// ## Rationale
    /// The graph calls a node without type arguments, so the compiler could not infer the types.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The number of samples.
    ///     pub fn count<T>(samples: &[T]) -> usize { samples.len() }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// The number of samples.
    ///     pub fn count(samples: &[f64]) -> usize { length(samples) }
    ///
    ///     fn length<T>(samples: &[T]) -> usize { samples.len() }
    /// }
    /// ```
    pub(crate) struct GenericNode {
        code: "ICO0011",
        name: "generic-node",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
