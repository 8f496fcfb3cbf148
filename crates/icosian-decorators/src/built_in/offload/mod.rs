use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::node::Placement;
use icosian_core::{Decorator, Node};

use crate::built_in::retry::permit_on_thread;
use crate::built_in::spawn::place;
use crate::decorate_errors::Decorated;

/// Runs a function on a thread that may block; in place under adapters without such threads.
///
/// All attempts of a `retry`, on either side of `offload`, run on one thread, which sleeps between them. A
/// [`Timeout`](crate::Timeout) above `offload` limits a sync function too. On expiry the node fails, and its thread keeps running.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline};
/// use icosian_core::node::Placement;
/// use icosian_decorators::{Offload, apply};
///
/// let resize = Node::sync(Outline::new("resize"), |_| Ok(1.5)).with_decorator(Offload);
/// let nodes = apply(vec![Dataflow::new("flow").with_node(resize)], &Config::new(), &AdapterSpec::new("sync"))?;
/// assert_eq!(nodes[0][0].outline().placement(), Placement::Offload);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Offload;

/// Returns an instance for tests that run all decorators.
pub(crate) fn example() -> Offload {
    Offload
}

impl Decorator for Offload {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Offload.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, _: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let offload = |node: Node| match node.outline().attempt_limits() {
            Some(limits) => Err(permit_on_thread(&node, limits).into()),
            None => place(node, Placement::Offload),
        };
        nodes.into_iter().map(offload).collect()
    }
}
