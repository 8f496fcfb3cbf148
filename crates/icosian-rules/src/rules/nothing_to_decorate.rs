use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that have nothing to work on: `parameterize` without parameterizations, `pipe_input` above a
    /// function that reads nothing.
    ///
    /// ## Rationale
    /// The first would make no node of the function at all; the second has no parameter to put its steps before.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::{Parameterization, Parameterize, value};
    ///
    ///     /// The price.
    ///     #[decorate(Parameterize::new())]
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
    ///     use icosian::decorators::{Parameterization, Parameterize, value};
    ///
    ///     /// The price.
    ///     #[decorate(Parameterize::new().with(Parameterization::new("single").bind("rate", value(1.5))))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct NothingToDecorate {
        code: "ICO0418",
        name: "nothing-to-decorate",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
