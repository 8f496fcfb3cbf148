//! Nodes in sync and async versions, and drivers under every adapter.

use std::future::ready;

use icosian_adapter::{ErrorPolicy, Hook};
use icosian_core::expand::{Collect, CollectParam, Expansion, Items, OnError};
use icosian_core::{Dataflow, Node, NodeError, Outline, Param, output_of};
use icosian_diagnostics::Location;
use icosian_driver::{AsyncDriver, Driver, ExecuteError, Inputs, NamedValues};
use icosian_rayon::RayonAdapter;

/// The version of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Twin {
    Sync,
    Async,
}

/// The adapter of a driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Under {
    Sync,
    Rayon,
    Tokio,
}

impl Under {
    /// Returns the name of the adapter.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Rayon => "rayon",
            Self::Tokio => "tokio",
        }
    }
}

/// All adapters with the versions of nodes that they can run.
pub(crate) const ALL: [(Under, Twin); 4] = [
    (Under::Sync, Twin::Sync),
    (Under::Rayon, Twin::Sync),
    (Under::Tokio, Twin::Sync),
    (Under::Tokio, Twin::Async),
];

/// A node that reads nodes and adds their values, and then calls `body` with the sum.
pub(crate) fn node(
    twin: Twin,
    name: &'static str,
    reads: &[&'static str],
    body: fn(u64) -> Result<u64, NodeError>,
) -> Node {
    node_of(twin, outline(name, reads), body)
}

/// A node with this outline, whose parameters are numbers.
pub(crate) fn node_of(twin: Twin, outline: Outline, body: fn(u64) -> Result<u64, NodeError>) -> Node {
    let parameters = outline.params().len();
    match twin {
        Twin::Sync => Node::sync(outline, move |args| {
            body((0..parameters).map(|position| *args.borrow::<u64>(position)).sum())
        }),
        Twin::Async => Node::future(outline, move |args| {
            let sum = (0..parameters).map(|position| args.take::<u64>(position)).sum();
            async move {
                tokio::task::yield_now().await;
                ready(body(sum)).await
            }
        }),
    }
}

pub(crate) fn outline(name: &'static str, reads: &[&'static str]) -> Outline {
    let outline = Outline::new(name).with_output(output_of!(u64).serializable::<u64>());
    let outline = outline.with_location(Location::new("src/flow.rs", 7, 5, 4));
    reads.iter().fold(outline, |outline, read| outline.with_param(Param::taken::<u64>(*read).with_clone()))
}

/// A block: `item` expands to `count` items, `score` runs for each, and `sum` adds the scores. Items that fail are skipped.
pub(crate) fn block(twin: Twin, count: u64, score: fn(u64) -> Result<u64, NodeError>) -> Vec<Node> {
    let expansion = Expansion::of::<u64>().with_on_error(OnError::Skip);
    let items = Outline::new("item").with_output(output_of!(u64)).with_expansion(expansion);
    let items = Node::expanding(items, move |_| Ok(Items::new(0..count)));
    let collected =
        Param::taken::<Collect<u64>>("score").with_collection(CollectParam::values::<u64>()).with_clone();
    let sum = Node::sync(Outline::new("sum").with_param(collected).with_output(output_of!(u64)), |args| {
        Ok(args.take::<Collect<u64>>(0).iter().sum::<u64>())
    });
    vec![items, node(twin, "score", &["item"], score), sum]
}

/// A driver of any adapter.
#[derive(Debug)]
pub(crate) enum AnyDriver {
    Sync(Driver),
    Async(AsyncDriver),
}

impl AnyDriver {
    pub(crate) fn new(under: Under, nodes: Vec<Node>, hooks: impl Hook) -> Self {
        Self::with_policy(under, nodes, hooks, ErrorPolicy::FailFast)
    }

    pub(crate) fn with_policy(under: Under, nodes: Vec<Node>, hooks: impl Hook, policy: ErrorPolicy) -> Self {
        let flow = nodes.into_iter().fold(Dataflow::new("flow"), Dataflow::with_node);
        let is_valid = "the dataflow is valid";
        match under {
            Under::Tokio => {
                let builder = AsyncDriver::builder().with_dataflow(flow).with_hook(hooks);
                Self::Async(builder.with_error_policy(policy).build().expect(is_valid))
            }
            Under::Sync | Under::Rayon => {
                let builder =
                    Driver::builder().with_dataflow(flow).with_hook(hooks).with_error_policy(policy);
                let builder =
                    if under == Under::Rayon { builder.with_adapter(RayonAdapter::new()) } else { builder };
                Self::Sync(builder.build().expect(is_valid))
            }
        }
    }

    /// Executes the driver, under a runtime of one thread if it is async.
    pub(crate) fn execute(&self, outputs: &[&str], inputs: Inputs) -> Result<NamedValues, ExecuteError> {
        match self {
            Self::Sync(driver) => driver.execute_named(outputs, inputs),
            Self::Async(driver) => {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.expect("the runtime starts").block_on(driver.execute_named(outputs, inputs))
            }
        }
    }
}
