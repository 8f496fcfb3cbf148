use crate::rule;

rule! {
    /// ## Check
    /// Finds functions that another cannot use: a step without a parameter that could read the step before, or with a decorator
    /// that is not one around a body; a function with decorators whose body alone is taken, by `does` or `fallback`.
    ///
    /// ## Rationale
    /// A step is a body within the dataflow of another function. It reads what comes before it, and what makes nodes of a
    /// function has nothing to make there.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::{PipeOutput, PipeStep};
    ///     use icosian::{Node, Outline, Param};
    ///
    ///     fn fixed() -> Node {
    ///         Node::sync(Outline::new("fixed"), |_| Ok(1.0))
    ///     }
    ///
    ///     /// The price.
    ///     #[decorate(PipeOutput::new().step(PipeStep::of(fixed())))]
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
    ///     use icosian::decorators::{PipeOutput, PipeStep};
    ///     use icosian::{Node, Outline, Param};
    ///
    ///     fn fixed() -> Node {
    ///         let given = Param::borrowed::<f64>("given");
    ///         Node::sync(Outline::new("fixed").with_param(given), |args| Ok(args.borrow::<f64>(0).round()))
    ///     }
    ///
    ///     /// The price.
    ///     #[decorate(PipeOutput::new().step(PipeStep::of(fixed())))]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct UnfitStep {
        code: "ICO0417",
        name: "unfit-step",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
