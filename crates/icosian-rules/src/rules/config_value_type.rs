use crate::rule;

rule! {
    /// ## Check
    /// Finds config values that a decorator compares with values of another type.
    ///
    /// ## Rationale
    /// Values of two types are never equal: the function would be dropped, whatever config says.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// The rate as it is.
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
    ///     /// The rate as it is.
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
