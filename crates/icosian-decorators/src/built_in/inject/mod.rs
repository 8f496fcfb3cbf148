use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::{Decorator, Name, Node};
use icosian_diagnostics::Diagnostics;

use crate::decorate_errors::Decorated;
use crate::{Binding, Parameterization};

/// Binds parameters of a function to other nodes, to values, or to lists and maps of both.
///
/// A parameter with a pipe keeps its pipe: the binding feeds the first step of [`PipeInput`](crate::PipeInput). A parameter that a
/// [`Subdag`](crate::Subdag) provides cannot be bound.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Param};
/// use icosian_decorators::{Inject, apply, list, source, value};
///
/// let total = Outline::new("total").with_param(Param::borrowed::<[u64]>("parts"));
/// let total = Node::sync(total, |args| Ok(args.borrow::<[u64]>(0).iter().sum::<u64>()));
/// let total = total.with_decorator(Inject::new().bind("parts", list::<u64>([source("a"), value(10_u64), source("a")])));
/// let nodes = apply(vec![Dataflow::new("flow").with_node(total)], &Config::new(), &AdapterSpec::new("sync"))?;
/// let names: Vec<_> = nodes[0].iter().map(|node| node.name().as_str()).collect();
/// assert_eq!(names, ["total.parts", "total"]);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Inject {
    bindings: Vec<(Name, Binding)>,
}

impl Inject {
    /// Creates a decorator without bindings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Binds a parameter.
    #[must_use]
    pub fn bind(mut self, param: impl Into<Name>, binding: Binding) -> Self {
        self.bindings.push((param.into(), binding));
        self
    }
}

impl Decorator for Inject {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Inject.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, _: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let mut problems = Diagnostics::default();
        let mut made = Vec::new();
        for node in &nodes {
            let bind = |injected: Parameterization, (param, binding): &(Name, Binding)| {
                injected.bind(param, binding.clone())
            };
            let injected = self.bindings.iter().fold(Parameterization::new(node.name()), bind);
            match injected.node("inject", node) {
                Ok(nodes) => made.extend(nodes),
                Err(wrong) => problems.extend(wrong),
            }
        }
        problems.into_result(made)
    }
}
