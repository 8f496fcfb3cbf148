use icosian_core::{Caps, Decorator, DecoratorSpec, Node, Phase, Placement, Scope};

use crate::spawn::place;
use crate::wrong::Decorated;

/// Runs a function where it may block: on a thread of its own, under an adapter that has such; in place under others.
///
/// A [`Timeout`](crate::Timeout) above it limits a sync function too: the thread goes on to its end, and nobody waits for it.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Placement};
/// use icosian_decorators::{Offload, expand};
///
/// let resize = Node::sync(Outline::new("resize"), |_| Ok(1.5)).decorated(Offload);
/// let nodes = expand(vec![Dataflow::new("flow").with_node(resize)], &Config::new(), &AdapterSpec::new("sync"))?;
/// assert_eq!(nodes[0][0].outline().placement(), Placement::Offload);
/// # Ok::<(), icosian_core::Problems<icosian_core::DecorateError>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Offload;

impl Decorator for Offload {
    fn spec(&self) -> DecoratorSpec {
        DecoratorSpec::new("offload", Phase::Around).wants(Caps::THREADS).grants(Caps::INTERRUPT)
    }

    fn decorate(&self, nodes: Vec<Node>, _: &Scope<'_>) -> Decorated<Vec<Node>> {
        nodes.into_iter().map(|node| place(node, Placement::Offload)).collect()
    }
}
