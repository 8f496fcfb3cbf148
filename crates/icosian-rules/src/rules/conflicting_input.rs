use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs that two nodes read as incompatible types.
    ///
    /// ## Rationale
    /// No value can be read as both types. An execution that needs both nodes could never run, so the driver is not
    /// built.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod pages {
    ///     /// The first page.
    ///     pub fn first(limit: u64) -> u64 { limit }
    ///     /// The title of the page.
    ///     pub fn title(limit: &str) -> String { limit.to_string() }
    /// }
    ///
    /// Driver::builder().with_dataflow(pages::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod pages {
    ///     /// The first page.
    ///     pub fn first(limit: u64) -> u64 { limit }
    ///     /// The title of the page.
    ///     pub fn title(limit: u64) -> String { limit.to_string() }
    /// }
    ///
    /// Driver::builder().with_dataflow(pages::dataflow())
    /// ```
    pub(crate) struct ConflictingInput {
        code: "ICO0013",
        name: "conflicting-input",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
