use crate::rule;

rule! {
    /// ## Check
    /// Finds functions inside a macro call whose name is read by a node of the module.
    ///
    /// ## Rationale
    /// `#[dataflow]` reads the module before the compiler expands the call. The function is not a node, so the
    /// parameter of this name reads an input.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     platform! { pub fn rate() -> f64 { 0.5 } }
    ///
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The rate.
    ///     pub fn rate() -> f64 { 0.5 }
    ///
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    /// ```
    pub(crate) struct FunctionInMacroCall {
        code: "ICO0034",
        name: "function-in-macro-call",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
