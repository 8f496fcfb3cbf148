use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes whose output is borrowed, or whose boxed error is not `Send` and `Sync`.
    ///
    /// ## Rationale
    /// An output outlives the call of its node and may be read on another thread.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The first word.
    ///     pub fn word(text: &str) -> &str { first_word(text) }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The first word.
    ///     pub fn word(text: &str) -> String { first_word(text).to_owned() }
    /// }
    /// ```
    pub(crate) struct UnsupportedOutput {
        code: "ICO0027",
        name: "unsupported-output",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
