use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use icosian_adapter::BodyCall;
use icosian_core::node::NodeOutput;
use icosian_core::{BoxError, Name};
use tower_layer::Layer;
use tower_service::Service;

use crate::node_call::NodeCall;
use crate::node_call_error::NodeCallError;

/// The service that a layer wraps: the body of a node, with the layers that were added before.
///
/// It is always ready if no layer was added before. A call begins when its future is polled.
///
/// # Examples
/// ```
/// use icosian_tower::{Layer, NodeCall, NodeService, Service};
/// use std::task::{Context, Poll};
///
/// /// A layer that counts the calls of each node.
/// #[derive(Clone, Debug)]
/// struct CountLayer;
///
/// impl Layer<NodeService> for CountLayer {
///     type Service = Count;
///
///     fn layer(&self, inner: NodeService) -> Count {
///         Count { inner, calls: 0 }
///     }
/// }
///
/// #[derive(Clone, Debug)]
/// struct Count {
///     inner: NodeService,
///     calls: usize,
/// }
///
/// impl Service<NodeCall> for Count {
///     type Response = <NodeService as Service<NodeCall>>::Response;
///     type Error = <NodeService as Service<NodeCall>>::Error;
///     type Future = <NodeService as Service<NodeCall>>::Future;
///
///     fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
///         self.inner.poll_ready(context)
///     }
///
///     fn call(&mut self, call: NodeCall) -> Self::Future {
///         self.calls += 1;
///         self.inner.call(call)
///     }
/// }
/// ```
#[derive(Clone)]
pub struct NodeService(ServiceRepr);

#[derive(Clone)]
enum ServiceRepr {
    Body,
    Layered(Box<dyn ErasedService>),
}

impl NodeService {
    /// Returns the service that calls the body of a node.
    pub(crate) fn of_body() -> Self {
        Self(ServiceRepr::Body)
    }

    /// Wraps the service of node `node` with a layer.
    pub(crate) fn layered<L>(self, layer: &L, node: &Name, layer_name: &str) -> Self
    where
        L: Layer<Self>,
        L::Service: Service<NodeCall, Response = NodeOutput> + Clone + Send + 'static,
        <L::Service as Service<NodeCall>>::Error: Into<BoxError>,
        <L::Service as Service<NodeCall>>::Future: Send + 'static,
    {
        let (node, layer_name) = (node.clone(), layer_name.into());
        Self(ServiceRepr::Layered(Box::new(LayeredService { service: layer.layer(self), node, layer_name })))
    }
}

impl Service<NodeCall> for NodeService {
    type Response = NodeOutput;
    type Error = NodeCallError;
    type Future = NodeCallFuture;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeCallError>> {
        match &mut self.0 {
            ServiceRepr::Body => Poll::Ready(Ok(())),
            ServiceRepr::Layered(service) => service.poll_ready(context),
        }
    }

    fn call(&mut self, call: NodeCall) -> NodeCallFuture {
        NodeCallFuture(match &mut self.0 {
            ServiceRepr::Body => CallProgress::New(Some(call)),
            ServiceRepr::Layered(service) => CallProgress::Layered(service.call(call)),
        })
    }
}

impl fmt::Debug for NodeService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            ServiceRepr::Body => "NodeService(Body)",
            ServiceRepr::Layered(_) => "NodeService(Layered)",
        })
    }
}

type ErasedFuture = Pin<Box<dyn Future<Output = Result<NodeOutput, NodeCallError>> + Send>>;

/// The future of a call of a [`NodeService`].
pub struct NodeCallFuture(CallProgress);

#[expect(clippy::large_enum_variant, reason = "each call of a body reaches the largest variant")]
enum CallProgress {
    New(Option<NodeCall>),
    Body(Name, BodyCall),
    Layered(ErasedFuture),
}

impl NodeCallFuture {
    /// Begins the call of a body.
    fn begin(call: NodeCall) -> Result<CallProgress, NodeCallError> {
        let (called, context) = (Arc::clone(call.node()), call.context().clone());
        let node = called.outline.name().clone();
        match call.begin() {
            Ok(held) => Ok(CallProgress::Body(node, BodyCall::new(held, &called.outline, &context))),
            Err(error) => Err(NodeCallError::new(node, error)),
        }
    }
}

impl Future for NodeCallFuture {
    type Output = Result<NodeOutput, NodeCallError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let CallProgress::New(call) = &mut self.0 {
            let call = call.take().expect("a future that is done is not polled again");
            self.0 = Self::begin(call)?;
        }
        match &mut self.0 {
            CallProgress::Body(node, call) => {
                Pin::new(call).poll(context).map_err(|error| NodeCallError::new(node.clone(), error))
            }
            CallProgress::Layered(future) => future.as_mut().poll(context),
            CallProgress::New(_) => unreachable!("the call has begun"),
        }
    }
}

impl fmt::Debug for NodeCallFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NodeCallFuture")
    }
}

/// A service with its type erased.
trait ErasedService: Send {
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeCallError>>;

    fn call(&mut self, call: NodeCall) -> ErasedFuture;

    fn clone_box(&self) -> Box<dyn ErasedService>;
}

impl Clone for Box<dyn ErasedService> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}

/// The service of a layer.
struct LayeredService<S> {
    service: S,
    node: Name,
    layer_name: Arc<str>,
}

impl<S> ErasedService for LayeredService<S>
where
    S: Service<NodeCall, Response = NodeOutput> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeCallError>> {
        let Self { service, node, layer_name } = self;
        let ready = service.poll_ready(context);
        ready.map_err(|error| NodeCallError::from_layer(node, layer_name, error.into()))
    }

    fn call(&mut self, call: NodeCall) -> ErasedFuture {
        let (node, layer_name) = (self.node.clone(), self.layer_name.clone());
        let output = self.service.call(call);
        Box::pin(async move {
            output.await.map_err(|error| NodeCallError::from_layer(&node, &layer_name, error.into()))
        })
    }

    fn clone_box(&self) -> Box<dyn ErasedService> {
        Box::new(Self {
            service: self.service.clone(),
            node: self.node.clone(),
            layer_name: self.layer_name.clone(),
        })
    }
}
