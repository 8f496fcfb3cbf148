use crate::rule;

rule! {
    /// ## Check
    /// Finds violations of the validators that `with_validator` adds to a driver.
    ///
    /// ## Rationale
    /// A validator enforces a convention of a team, such as an owner for each node. `build` calls all validators and returns their
    /// violations together.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// #[derive(Debug)]
    /// struct Owned;
    ///
    /// impl icosian::GraphValidator for Owned {
    ///     fn validate_node(&self, node: &icosian::Outline) -> Vec<icosian::Violation> {
    ///         let is_owned = node.tags().get("owner").is_some();
    ///         if is_owned { Vec::new() } else { vec![icosian::Violation::new("it has no owner")] }
    ///     }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow()).with_validator(Owned)
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     /// The price.
    ///     #[tag(owner = "pricing")]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// #[derive(Debug)]
    /// struct Owned;
    ///
    /// impl icosian::GraphValidator for Owned {
    ///     fn validate_node(&self, node: &icosian::Outline) -> Vec<icosian::Violation> {
    ///         let is_owned = node.tags().get("owner").is_some();
    ///         if is_owned { Vec::new() } else { vec![icosian::Violation::new("it has no owner")] }
    ///     }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow()).with_validator(Owned)
    /// ```
    pub(crate) struct ValidatorViolation {
        code: "ICO0036",
        name: "violation",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
