use std::error::Error;
use std::fmt;

use icosian_core::{BoxError, Name, NodeError};

use crate::layer_error::LayerError;

/// The error of a [`NodeService`](crate::NodeService): the error of the node's function, or of a layer around it.
///
/// If a layer returns this error unchanged, the failure of the node does not change. A layer can also return another error with this error
/// as its source.
///
/// # Examples
/// ```
/// use icosian_tower::NodeCallError;
/// use std::io;
///
/// /// Returns whether a retry policy calls a node again.
/// fn is_transient(error: &NodeCallError) -> bool {
///     error.node_error().find::<io::Error, _>().is_some()
/// }
/// ```
pub struct NodeCallError {
    node: Name,
    error: NodeError,
}

impl NodeCallError {
    pub(crate) fn new(node: Name, error: NodeError) -> Self {
        Self { node, error }
    }

    /// Returns the error of a layer, or the error of the node inside of it.
    pub(crate) fn from_layer(node: &Name, layer: &str, error: BoxError) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(error) => return *error,
            Err(error) => error,
        };
        // A panic ends the execution, whatever a layer makes of it.
        let error = find_panic(&*error)
            .unwrap_or_else(|| NodeError::failed(LayerError::new(layer.to_owned(), error)));
        Self::new(node.clone(), error)
    }

    /// Returns the node's name.
    #[must_use]
    pub fn node(&self) -> &Name {
        &self.node
    }

    /// Returns the error of the node.
    #[must_use]
    pub fn node_error(&self) -> &NodeError {
        &self.error
    }

    /// Returns the error of the node.
    #[must_use]
    pub fn into_node_error(self) -> NodeError {
        self.error
    }
}

/// Returns the panic of the node in the chain of a layer's error.
fn find_panic(error: &(dyn Error + 'static)) -> Option<NodeError> {
    let mut chain = std::iter::successors(Some(error), |&error| error.source());
    match chain.find_map(|error| error.downcast_ref::<NodeCallError>())?.node_error() {
        NodeError::Panicked(message) => Some(NodeError::Panicked(message.clone())),
        NodeError::ArgumentDropPanicked { position, message } => {
            Some(NodeError::ArgumentDropPanicked { position: *position, message: message.clone() })
        }
        _ => None,
    }
}

impl fmt::Display for NodeCallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, error } = self;
        match error {
            NodeError::Failed(_) => write!(f, "node `{node}` failed"),
            NodeError::Panicked(message) => write!(f, "node `{node}` panicked: {message}"),
            other => write!(f, "node `{node}` failed: {other}"),
        }
    }
}

impl fmt::Debug for NodeCallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NodeCallError({}, {:?})", self.node, self.error)
    }
}

impl Error for NodeCallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.error {
            NodeError::Failed(error) => Some(&**error),
            _ => None,
        }
    }
}
