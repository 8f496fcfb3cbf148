use crate::rule;

rule! {
    /// ## Check
    /// Finds parameters to which two things are bound: by a decorator that names them twice, or by a step that binds what
    /// already reads the step before.
    ///
    /// ## Rationale
    /// A parameter reads one thing. Nobody could say which of the two was meant.
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
