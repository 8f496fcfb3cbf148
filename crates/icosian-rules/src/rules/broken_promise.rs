use crate::rule;

rule! {
    /// ## Check
    /// Finds decorators that return nodes which their phase does not allow. A decorator that wraps a body returns the
    /// same node with another body. A decorator that selects a node by config returns this node or none. No decorator
    /// may remove the last consumer of a node that an earlier decorator added.
    ///
    /// ## Rationale
    /// Other decorators rely on these rules, and so do functions that use the function as a step. An additional node
    /// would be lost, or would replace the function's node.
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
