use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::node::Placement;
use icosian_core::{Decorator, Node};

use crate::decorate_errors::{Decorated, decorate_error};

/// Runs each call of a function on a separate task, so that the workers of a multi-thread runtime share the work.
///
/// An async function is polled by any worker. A sync function runs on a worker until it returns, and blocks that worker:
/// functions that block belong below [`Offload`](crate::Offload). On a current-thread runtime the tasks run, but not in
/// parallel. The task is cancelled with the execution; a sync function that has started runs to its end.
///
/// Adapters without tasks refuse it when the driver is built. A function has either `Spawn` or `Offload`.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Caps, Config, Dataflow, Node, Outline};
/// use icosian_core::node::Placement;
/// use icosian_decorators::{Spawn, apply};
///
/// let score = Node::future(Outline::new("score"), |_| async { Ok(1.5) }).with_decorator(Spawn);
/// let adapter = AdapterSpec::new("tokio").polls_futures().with_caps(Caps::TASKS);
/// let nodes = apply(vec![Dataflow::new("flow").with_node(score)], &Config::new(), &adapter)?;
/// assert_eq!(nodes[0][0].outline().placement(), Placement::Spawn);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Spawn;

/// Returns an instance for tests that run all decorators.
pub(crate) fn example() -> Spawn {
    Spawn
}

impl Decorator for Spawn {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Spawn.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, _: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        nodes.into_iter().map(|node| place(node, Placement::Spawn)).collect()
    }
}

/// Sets where a node runs; refuses a node that has another place already.
pub(crate) fn place(node: Node, placement: Placement) -> Decorated<Node> {
    let (outline, body) = node.into_parts();
    if ![Placement::Inline, placement].contains(&outline.placement()) {
        let error = decorate_error(
            "ICO0407 conflicting-decorators",
            format!("`{}` has both `offload` and `spawn`", outline.name()),
            "keep `offload` for a function that blocks, or `spawn` for a long computation",
        );
        return Err(error.into());
    }
    Ok(Node::from_parts(outline.with_placement(placement), body))
}
