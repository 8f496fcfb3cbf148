use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes of one dataflow that read each other in a cycle, dataflows that include themselves, and functions that
    /// decorators lead back to.
    ///
    /// ## Rationale
    /// None of the nodes can be the first to run, so none ever runs. A dataflow that includes itself would never end. The source
    /// shows a dataflow that includes itself directly; longer cycles are reported when the driver is built. Edges that a
    /// decorator or a `#[cfg(..)]` decides are left out.
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
    ///     /// An egg, from a hen that was there before.
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
