use crate::rule;

rule! {
    /// ## Check
    /// Finds `resolve` decorators that produce no decorator.
    ///
    /// The function of the decorator returns an error, or its result resolves to further decorators without end.
    ///
    /// ## Rationale
    /// `resolve` selects the decorators of a function when the driver is built. Without a selection, the driver cannot
    /// build the nodes of the function.
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
