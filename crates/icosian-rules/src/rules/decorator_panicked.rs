use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators whose closures or arguments panic while a driver is built.
    ///
    /// ## Rationale
    /// The decorator defines the behaviour of the node, so the driver cannot be built without it. A closure can return
    /// an error or a default instead. The driver reports the error with the location of the decorator.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::Tag;
    ///
    ///     /// The price.
    ///     #[resolve(|config| Ok::<_, String>(Tag::new().with("owner", [config.text("owner").unwrap().to_owned()])))]
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
    ///     #[resolve(|config| Ok::<_, String>(Tag::new().with("owner", [config.text("owner").unwrap_or("finance").to_owned()])))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct DecoratorPanicked {
        code: "ICO0423",
        name: "decorator-panicked",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
