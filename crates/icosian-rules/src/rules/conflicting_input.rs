use crate::rule;

rule! {
    /// ## Check
    /// Finds inputs that two nodes read as types that no value has both of.
    ///
    /// ## Rationale
    /// Whatever value is given, one of the nodes cannot read it: no execution that needs both could ever run, and no
    /// driver is built.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod pages {
    ///     /// The first page.
    ///     pub fn first(limit: u64) -> u64 { limit }
    ///     /// What the page is called.
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
    ///     /// What the page is called.
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
