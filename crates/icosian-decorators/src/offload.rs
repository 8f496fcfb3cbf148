use icosian_core::{Caps, Decorator, DecoratorSpec, Node, Phase, Placement, Scope};

use crate::spawn::place;
use crate::wrong::Decorated;

/// Runs a function on a thread that may block; in place under adapters without such threads.
///
/// A [`Timeout`](crate::Timeout) above it limits a sync function too: the thread runs to its end, and its output is dropped.
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
