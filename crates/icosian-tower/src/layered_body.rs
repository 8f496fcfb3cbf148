//! The bodies of nodes with layers.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use icosian_adapter::wrap_body;
use icosian_core::node::NodeOutput;
use icosian_core::{Node, NodeError};
use tower_service::Service;

use crate::erased_layer::ErasedLayer;
use crate::node_call::{CalledNode, NodeCall};
use crate::node_service::NodeService;

/// A node with layers. All runs of a driver share its service.
struct LayeredNode {
    node: Arc<CalledNode>,
    /// The layers, innermost first.
    layers: Vec<Arc<dyn ErasedLayer>>,
    /// Created at the first call, within the runtime, because a layer may spawn a task.
    service: OnceLock<Mutex<NodeService>>,
}

impl LayeredNode {
    /// Returns a clone of the node's service.
    fn service(&self) -> NodeService {
        let service = self.service.get_or_init(|| {
            let name = self.node.outline.name();
            let wrap = |inner, layer: &Arc<dyn ErasedLayer>| layer.wrap(inner, name);
            Mutex::new(self.layers.iter().fold(NodeService::of_body(), wrap))
        });
        // A panic of `clone` leaves the service as it was.
        service.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Checks that the layers did not replace the output by a value of another type.
    fn check(&self, output: NodeOutput) -> Result<NodeOutput, NodeError> {
        let outline = &self.node.outline;
        let expected = outline.output().value_type();
        // An expanding function returns its items, and its outline declares the type of one.
        if outline.returns_items() || output.is_of(expected) {
            return Ok(output);
        }
        Err(NodeError::failed(format!("a layer returned a value of another type than `{expected}`")))
    }
}

/// Wraps a node with layers, the first of which is the innermost.
pub(crate) fn wrap_node(node: Node, layers: Vec<Arc<dyn ErasedLayer>>) -> Node {
    let (outline, body) = node.into_parts();
    let layered = Arc::new(LayeredNode {
        node: Arc::new(CalledNode::new(outline.clone(), body)),
        layers,
        service: OnceLock::new(),
    });
    wrap_body(outline, move |run, arguments| {
        let call = NodeCall::new(Arc::clone(&layered.node), run, arguments);
        let layered = Arc::clone(&layered);
        Box::pin(async move {
            let mut service = layered.service();
            let ready = poll_fn(|context| service.poll_ready(context)).await;
            let output = match ready {
                Ok(()) => service.call(call).await,
                Err(error) => Err(error),
            };
            layered.check(output.map_err(crate::NodeCallError::into_node_error)?)
        })
    })
}
