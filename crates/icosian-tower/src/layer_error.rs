use icosian_core::BoxError;

/// The error of a layer around a node, such as a timeout. The node's function did not fail.
///
/// Its source is the error that the layer returned, such as `tower::timeout::error::Elapsed`.
///
/// # Examples
/// ```
/// use icosian_core::NodeError;
/// use icosian_tower::LayerError;
///
/// /// Returns whether a layer ended the call of a node.
/// fn is_from_layer(error: &NodeError) -> bool {
///     error.find::<LayerError, _>().is_some()
/// }
/// assert!(!is_from_layer(&NodeError::failed("no route")));
/// ```
#[derive(Debug, thiserror::Error)]
#[error("layer `{layer}` failed")]
pub struct LayerError {
    layer: String,
    source: BoxError,
}

impl LayerError {
    pub(crate) fn new(layer: String, source: BoxError) -> Self {
        Self { layer, source }
    }

    /// Returns the name of the layer's type.
    #[must_use]
    pub fn layer(&self) -> &str {
        &self.layer
    }
}
