use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that do not say which of the nodes of their function they are about: they name one that the
    /// function does not give, name it in two places, or name none of several.
    ///
    /// ## Rationale
    /// A function gives several nodes when other decorators make them of it. What is about one of them has to say which.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::Tag;
    ///
    ///     /// The price.
    ///     #[decorate(Tag::new().with("owner", ["finance"]).on(["prise"]))]
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
    ///     #[decorate(Tag::new().with("owner", ["finance"]).on(["price"]))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct UnclearTarget {
        code: "ICO0419",
        name: "unclear-target",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
