use icosian_core::decorator::{BuiltIn, DecorateContext, DecorateError, DecoratorSpec};
use icosian_core::{Decorator, Node};
use icosian_diagnostics::Diagnostics;

/// Excludes a function from the nodes: for functions that are only called by others, or that are steps.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{Exclude, apply};
///
/// let helper = Node::sync(Outline::new("helper"), |_| Ok(1_u64));
/// let flow = Dataflow::new("flow").with_node(helper.with_decorator(Exclude));
/// assert!(apply(vec![flow], &Config::new(), &AdapterSpec::new("sync"))?[0].is_empty());
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Exclude;

/// Returns an instance for tests that run all decorators.
pub(crate) fn example() -> Exclude {
    Exclude
}

impl Decorator for Exclude {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Exclude.spec()
    }

    fn decorate(
        &self,
        _: Vec<Node>,
        _: &DecorateContext<'_>,
    ) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
        Ok(Vec::new())
    }
}
