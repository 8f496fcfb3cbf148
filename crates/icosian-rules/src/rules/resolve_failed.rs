use crate::rule;

rule! {
    /// ## Check
    /// Finds `resolve` decorators that make no decorator of the config: their function fails, or it stands for itself
    /// without end.
    ///
    /// ## Rationale
    /// What the function becomes is decided there. Without an answer it cannot become anything.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::Tag;
    ///
    ///     /// The price.
    ///     #[resolve(|config| match config.text("owner") {
    ///         Some(owner) => Ok(Tag::new().with("owner", [owner.to_owned()])),
    ///         None => Err("config has no `owner`"),
    ///     })]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::Tag;
    ///
    ///     /// The price.
    ///     #[resolve(|config| match config.text("owner") {
    ///         Some(owner) => Ok(Tag::new().with("owner", [owner.to_owned()])),
    ///         None => Err("config has no `owner`"),
    ///     })]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow()).with_config(config! { "owner": "finance" })
    /// ```
    pub(crate) struct ResolveFailed {
        code: "ICO0507",
        name: "resolve-failed",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
