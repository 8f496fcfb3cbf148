use crate::rule;

rule! {
    /// ## Check
    /// Finds nodes that others read and of which config keeps no variant.
    ///
    /// ## Rationale
    /// Without a function the node would become an input that nobody knows of. It is told when a driver is built, because
    /// only then it is known what config says.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate as it is.
    ///     #[config_when(env = "prod")]
    ///     pub fn rate__live() -> f64 { 1.5 }
    ///     /// The rate for trying things.
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
    ///     /// The rate as it is.
    ///     #[config_when(env = "prod")]
    ///     pub fn rate__live() -> f64 { 1.5 }
    ///     /// The rate for trying things.
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
