use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators whose target node is ambiguous or does not exist.
    ///
    /// The decorator names a node that the function does not define, names its targets in two places, or names none of
    /// several nodes.
    ///
    /// ## Rationale
    /// Other decorators can define several nodes for one function. A decorator that applies to one of them must name
    /// it.
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
