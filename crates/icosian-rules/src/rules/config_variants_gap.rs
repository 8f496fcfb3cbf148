use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes that another node requires and for which config selects no variant.
    ///
    /// ## Rationale
    /// Without a variant, the node would become an input that callers do not expect. The driver reports the gap when it
    /// is built, because the config is not known earlier.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The current rate.
    ///     #[config_when(env = "prod")]
    ///     pub fn rate__live() -> f64 { 1.5 }
    ///     /// A fixed rate for tests.
    ///     #[config_when(env = "test")]
    ///     pub fn rate__fixed() -> f64 { 1.0 }
    ///     /// The rate as text.
    ///     pub fn label(rate: f64) -> String { rate.to_string() }
    /// }
    ///
    /// Driver::builder().with_dataflow(rates::dataflow()).with_config(config! { "env": "staging" })
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The current rate.
    ///     #[config_when(env = "prod")]
    ///     pub fn rate__live() -> f64 { 1.5 }
    ///     /// A fixed rate for tests.
    ///     #[config_when(env = "test")]
    ///     pub fn rate__fixed() -> f64 { 1.0 }
    ///     /// The rate as text.
    ///     pub fn label(rate: f64) -> String { rate.to_string() }
    /// }
    ///
    /// Driver::builder().with_dataflow(rates::dataflow()).with_config(config! { "env": "prod" })
    /// ```
    pub(crate) struct ConfigVariantsGap {
        code: "ICO0502",
        name: "config-variants-gap",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
