use crate::rule;

rule! {
    /// ## Check
    /// Finds `retry` decorators with contradictory settings.
    ///
    /// The decorator makes no attempt, its first wait is longer than its longest wait, or it has jitter without a wait.
    ///
    /// ## Rationale
    /// The decorator cannot behave as its settings suggest.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     use std::time::Duration;
    ///     use icosian::decorators::Retry;
    ///
    ///     /// The rate.
    ///     #[decorate(Retry::new(3).backoff(Duration::from_secs(9), Duration::from_secs(2)))]
    ///     pub async fn rate() -> Result<f64, std::io::Error> { Ok(1.5) }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(rates::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     use std::time::Duration;
    ///     use icosian::decorators::Retry;
    ///
    ///     /// The rate.
    ///     #[decorate(Retry::new(3).backoff(Duration::from_secs(1), Duration::from_secs(2)))]
    ///     pub async fn rate() -> Result<f64, std::io::Error> { Ok(1.5) }
    /// }
    ///
    /// AsyncDriver::builder().with_dataflow(rates::dataflow())
    /// ```
    pub(crate) struct RetrySettings {
        code: "ICO0708",
        name: "retry-settings",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
