use crate::rule;

rule! {
    /// ## Check
    /// Finds parameters that decorators bind twice.
    ///
    /// A decorator names the parameter twice, two decorators bind it, or a step binds the parameter that reads the
    /// previous step.
    ///
    /// ## Rationale
    /// A parameter reads one value, and the source does not show which of the two is intended.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::{Inject, value};
    ///
    ///     /// The price.
    ///     #[decorate(Inject::new().bind("rate", value(1.5)).bind("rate", value(2.5)))]
    ///     pub fn price(rate: f64, amount: f64) -> f64 { rate * amount }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::{Inject, value};
    ///
    ///     /// The price.
    ///     #[decorate(Inject::new().bind("rate", value(1.5)).bind("amount", value(2.0)))]
    ///     pub fn price(rate: f64, amount: f64) -> f64 { rate * amount }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct ParamBoundTwice {
        code: "ICO0416",
        name: "param-bound-twice",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
