use icosian_core::node::NodeOutput;
use icosian_core::value::ValueType;
use icosian_core::{BoxError, Name};
use tower_layer::Layer;
use tower_service::Service;

use crate::layer_name::layer_name;
use crate::node_call::NodeCall;
use crate::node_service::NodeService;

/// A layer with its type erased.
pub(crate) trait ErasedLayer: Send + Sync {
    /// Wraps the service of the node with this name.
    fn wrap(&self, inner: NodeService, node: &Name) -> NodeService;
}

impl<L> ErasedLayer for L
where
    L: Layer<NodeService> + Send + Sync + 'static,
    L::Service: Service<NodeCall, Response = NodeOutput> + Clone + Send + 'static,
    <L::Service as Service<NodeCall>>::Error: Into<BoxError>,
    <L::Service as Service<NodeCall>>::Future: Send + 'static,
{
    fn wrap(&self, inner: NodeService, node: &Name) -> NodeService {
        inner.layered(self, node, &layer_name(&ValueType::of::<L>().to_string()))
    }
}
