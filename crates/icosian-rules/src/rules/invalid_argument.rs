use crate::rule;

rule! {
    /// ## Check
    /// Finds arguments of decorators that are unknown, missing, repeated or malformed.
    ///
    /// ## Rationale
    /// A decorator that ignored such an argument would not behave as written. The documentation of the decorator lists
    /// its arguments.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[retry(attemps = 3)]
    ///     pub async fn price(url: &str) -> Result<f64, Unreachable> { fetch(url).await }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[retry(attempts = 3)]
    ///     pub async fn price(url: &str) -> Result<f64, Unreachable> { fetch(url).await }
    /// }
    /// ```
    pub(crate) struct InvalidArgument {
        code: "ICO0424",
        name: "invalid-argument",
        level: Deny,
        stage: Macro,
    }
    reported_by_reader
}
