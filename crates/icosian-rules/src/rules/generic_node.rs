use crate::rule;

rule! {
    /// ## What it does
    /// Finds nodes with type or constant parameters, or with a parameter that is of any type with a trait (`impl Trait`).
    ///
    /// ## Why is this bad
    /// A node is called by the graph, and nothing there says which type is meant.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// How many there are.
    ///     pub fn count<T>(samples: &[T]) -> usize { samples.len() }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod statistics {
    ///     /// How many there are.
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
