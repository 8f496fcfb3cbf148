use crate::rule;

rule! {
    /// ## Check
    /// Finds config values that a decorator compares with values of another type.
    ///
    /// ## Rationale
    /// Values of different types are never equal, so the condition would ignore the config. The driver is not built.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The current rate.
    ///     #[config_when(level = 3_u64)]
    ///     pub fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// Driver::builder().with_dataflow(rates::dataflow()).with_config(config! { level: 3_i32 })
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The current rate.
    ///     #[config_when(level = 3_u64)]
    ///     pub fn rate() -> f64 { 1.5 }
    /// }
    ///
    /// Driver::builder().with_dataflow(rates::dataflow()).with_config(config! { level: 3_u64 })
    /// ```
    pub(crate) struct ConfigValueType {
        code: "ICO0506",
        name: "config-value-type",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
