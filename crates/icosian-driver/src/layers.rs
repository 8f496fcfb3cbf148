use icosian_adapter::AsyncGraphAdapter;
use icosian_core::BoxError;
use icosian_tower::{Layer, LayerTarget, NodeCall, NodeOutput, NodeService, Service};

use crate::builder::Builder;

impl Builder<dyn AsyncGraphAdapter> {
    /// Wraps all nodes with a `tower` layer. See [`with_layer_on`](Self::with_layer_on) for details.
    pub fn with_layer<L>(self, layer: L) -> Self
    where
        L: Layer<NodeService> + Send + Sync + 'static,
        L::Service: Service<NodeCall, Response = NodeOutput> + Clone + Send + 'static,
        <L::Service as Service<NodeCall>>::Error: Into<BoxError>,
        <L::Service as Service<NodeCall>>::Future: Send + 'static,
    {
        self.with_layer_on(LayerTarget::all(), layer)
    }

    /// Wraps the nodes of a target with a `tower` layer.
    ///
    /// # Order
    ///
    /// The layer that is added last is the outermost one, as with axum's `Router::layer`. All layers are outside of the node's
    /// decorators, except that a node waits for `limit` and `rate_limit` before its first layer. To write layers from the outside to
    /// the inside, pass a `tower::ServiceBuilder`.
    ///
    /// # Services
    ///
    /// Each node has its own service, which all executions of the driver share. So `ConcurrencyLimitLayer` limits each node, and
    /// `GlobalConcurrencyLimitLayer` limits all nodes of the target together. The service is created at the first call, within the
    /// runtime of that execution: a layer such as `BufferLayer` spawns a task there. Each call uses a clone of the service, which it
    /// polls until it is ready. Nodes do not wait for the services of other nodes.
    ///
    /// A service that is not `Clone`, such as `RateLimit`, needs a `BufferLayer` around it.
    ///
    /// # Nodes
    ///
    /// A layer wraps the nodes that run a function. In a block of an expansion, it wraps the call for each item. Around an expanding
    /// function, it wraps the call that returns the sequence. A sync function with a layer is an async node, which runs on the task of the
    /// execution. A layer around an offloaded or spawned function wraps the wait for its thread or task. If a layer cancels an offloaded
    /// function, the function keeps its thread until it returns. Nodes that forward a value, return a part of one, or check one are not
    /// wrapped.
    ///
    /// # Errors
    ///
    /// `build` returns an error for a target that matches no node, and for a layer around a sync function that reads a `CollectStream`.
    /// Such a function cannot read a stream of nodes with layers either. If a layer returns an error, the node fails, and the error is the
    /// source of a [`LayerError`](icosian_tower::LayerError). If a layer returns the error of the node's function unchanged, the node fails
    /// with this error. A panic of a layer is a panic of the node.
    ///
    /// A layer may call a node again, as `tower::retry` does. The function then receives clones of its by-value arguments. A value that is
    /// not `Clone` moves to the first call, and further calls fail.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::run::Group;
    /// use icosian_core::{Dataflow, Node, Outline};
    /// use icosian_driver::{AsyncDriver, inputs};
    /// use icosian_tower::LayerTarget;
    /// use std::time::Duration;
    /// use tower::ServiceBuilder;
    /// use tower::limit::GlobalConcurrencyLimitLayer;
    /// use tower::timeout::TimeoutLayer;
    ///
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let quote = Outline::new("quote").with_group(Group::new("db").with_max_concurrency(8));
    /// let flow = Dataflow::new("flow").with_node(Node::future(quote, |_| async { Ok(1.5) }));
    /// let four_at_a_time = ServiceBuilder::new().load_shed().layer(GlobalConcurrencyLimitLayer::new(4));
    /// let driver = AsyncDriver::builder()
    ///     .with_dataflow(flow)
    ///     .with_layer_on(LayerTarget::group("db"), four_at_a_time)
    ///     .with_layer(TimeoutLayer::new(Duration::from_secs(1)))
    ///     .build()?;
    /// assert_eq!(driver.execute_named(["quote"], inputs! {}).await?.get::<f64>("quote"), Some(&1.5));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    pub fn with_layer_on<L>(mut self, target: LayerTarget, layer: L) -> Self
    where
        L: Layer<NodeService> + Send + Sync + 'static,
        L::Service: Service<NodeCall, Response = NodeOutput> + Clone + Send + 'static,
        <L::Service as Service<NodeCall>>::Error: Into<BoxError>,
        <L::Service as Service<NodeCall>>::Future: Send + 'static,
    {
        self.parts.layers = self.parts.layers.with(target, layer);
        self
    }
}
