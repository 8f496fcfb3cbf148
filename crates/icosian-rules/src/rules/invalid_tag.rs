use crate::rule;

rule! {
    /// ## Check
    /// Finds tags with an invalid or reserved key, and tags without values.
    ///
    /// ## Rationale
    /// Queries and drawings select tags by key, so a key consists of identifiers with dots between them. Reserved words
    /// belong to tools that add tags themselves.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::Tag;
    ///
    ///     /// The price.
    ///     #[decorate(Tag::new().with("dag.owner", ["finance"]))]
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
    ///     #[decorate(Tag::new().with("data.owner", ["finance"]))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct InvalidTag {
        code: "ICO0420",
        name: "invalid-tag",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
