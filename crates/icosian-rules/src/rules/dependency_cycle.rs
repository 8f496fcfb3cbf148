use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes that read each other in a cycle, dataflows that include themselves, and functions that decorators
    /// call in a cycle.
    ///
    /// ## Rationale
    /// No node of a cycle can run first, so none of them ever runs. A dataflow that includes itself would never end.
    /// The source shows a dataflow that includes itself directly; the driver reports longer cycles when it is built.
    /// The source check ignores edges that depend on a decorator or a `#[cfg(..)]`.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod farm {
    ///     /// A hen, from an egg.
    ///     pub fn hen(egg: &str) -> String { egg.to_owned() }
    ///     /// An egg, from a hen.
    ///     pub fn egg(hen: &str) -> String { hen.to_owned() }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod farm {
    ///     /// A hen, from an egg.
    ///     pub fn hen(egg: &str) -> String { egg.to_owned() }
    ///     /// An egg, from the first hen.
    ///     pub fn egg(first_hen: &str) -> String { first_hen.to_owned() }
    /// }
    /// ```
    pub(crate) struct DependencyCycle {
        code: "ICO0003",
        name: "dependency-cycle",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
