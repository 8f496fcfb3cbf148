use crate::rule;

rule! {
    /// ## Check
    /// Finds functions that cannot be a step, or whose decorators another function would ignore.
    ///
    /// A step needs a parameter that reads the previous step, and all its decorators must wrap its body. `does` and
    /// `fallback` only use the body of a function, so that function must have no decorator but `exclude`.
    ///
    /// ## Rationale
    /// A step is a body within the nodes of another function. Decorators that define nodes have no effect there.
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
