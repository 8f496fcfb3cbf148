use crate::rule;

rule! {
    /// ## Check
    /// Finds tags whose key is no path of identifiers or begins with a reserved word, and tags without words.
    ///
    /// ## Rationale
    /// Tags are asked for by their keys, in queries and in drawings; reserved words are those of the tools that write tags
    /// of their own.
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
