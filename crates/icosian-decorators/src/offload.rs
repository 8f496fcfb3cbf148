use icosian_core::{BuiltIn, Decorator, DecoratorSpec, Node, Placement, Scope};

use crate::retry::permit_on_thread;
use crate::spawn::place;
use crate::wrong::Decorated;

/// Runs a function on a thread that may block; in place under adapters without such threads.
///
/// All attempts of a `retry`, on either side of `offload`, run on one thread, which sleeps between them. A
/// [`Timeout`](crate::Timeout) above `offload` limits a sync function too. On expiry the node fails, and its thread keeps running.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Placement};
/// use icosian_decorators::{Offload, expand};
///
/// let resize = Node::sync(Outline::new("resize"), |_| Ok(1.5)).decorated(Offload);
/// let nodes = expand(vec![Dataflow::new("flow").with_node(resize)], &Config::new(), &AdapterSpec::new("sync"))?;
/// assert_eq!(nodes[0][0].outline().placement(), Placement::Offload);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::DecorateError>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Offload;

impl Decorator for Offload {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Offload.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, _: &Scope<'_>) -> Decorated<Vec<Node>> {
        let offload = |node: Node| match node.outline().attempt_limits() {
            Some(limits) => Err(permit_on_thread(&node, limits).into()),
            None => place(node, Placement::Offload),
        };
        nodes.into_iter().map(offload).collect()
    }
}
