use crate::rule;

rule! {
    /// ## Check
    /// Finds `parameterize` without parameterizations, and `pipe_input` on functions without parameters.
    ///
    /// ## Rationale
    /// `parameterize` defines one node for each parameterization, so without one it defines no nodes. `pipe_input`
    /// adds steps before a parameter, and the function has none.
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
