use crate::rule;

rule! {
    /// ## Check
    /// Finds `retry` with settings that contradict each other: no attempt at all, a longest wait that is shorter than the
    /// first, jitter without a wait.
    ///
    /// ## Rationale
    /// It would not do what it seems to say.
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
