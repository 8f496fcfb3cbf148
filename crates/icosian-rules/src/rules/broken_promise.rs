use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that do not give what their phase promises: one around a body gives the node that it was given, and one
    /// that says whether there is a node makes no others.
    ///
    /// ## Rationale
    /// Other decorators, and functions that are steps of others, count on it: a second node would be lost there, or stand in the
    /// place of the first.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod prices {
    ///     use icosian::decorators::{DecorateError, Decorator, DecoratorSpec, Phase, DecorateContext};
    ///     use icosian::{Node, Outline, Diagnostics};
    ///
    ///     #[derive(Debug)]
    ///     struct Counted;
    ///
    ///     impl Decorator for Counted {
    ///         fn spec(&self) -> DecoratorSpec {
    ///             DecoratorSpec::new("counted", Phase::Wrap)
    ///         }
    ///
    ///         fn decorate(&self, mut nodes: Vec<Node>, _: &DecorateContext<'_>) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
    ///             nodes.push(Node::sync(Outline::new("count"), |_| Ok(0_u64)));
    ///             Ok(nodes)
    ///         }
    ///     }
    ///
    ///     /// The price.
    ///     #[decorate(Counted)]
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
    ///     use icosian::decorators::{DecorateError, Decorator, DecoratorSpec, Phase, DecorateContext};
    ///     use icosian::{Node, Outline, Diagnostics};
    ///
    ///     #[derive(Debug)]
    ///     struct Counted;
    ///
    ///     impl Decorator for Counted {
    ///         fn spec(&self) -> DecoratorSpec {
    ///             DecoratorSpec::new("counted", Phase::Transform)
    ///         }
    ///
    ///         fn decorate(&self, mut nodes: Vec<Node>, _: &DecorateContext<'_>) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
    ///             nodes.push(Node::sync(Outline::new("count"), |_| Ok(0_u64)));
    ///             Ok(nodes)
    ///         }
    ///     }
    ///
    ///     /// The price.
    ///     #[decorate(Counted)]
    ///     pub fn price(rate: f64) -> f64 { rate }
    /// }
    ///
    /// Driver::builder().with_dataflow(prices::dataflow())
    /// ```
    pub(crate) struct BrokenPromise {
        code: "ICO0422",
        name: "broken-promise",
        level: Deny,
        stage: Plan,
    }
    reported_by_driver
}
