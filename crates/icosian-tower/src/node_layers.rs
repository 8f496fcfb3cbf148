use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use icosian_core::decorator::BuiltIn;
use icosian_core::node::{Asyncness, NodeOutput, Role};
use icosian_core::{BoxError, Name, Node, Outline};
use icosian_diagnostics::{Diagnostics, Label, Spanned, nearest};
use tower_layer::Layer;
use tower_service::Service;

use crate::erased_layer::ErasedLayer;
use crate::layer_target::{LayerTarget, TargetRepr};
use crate::layered_body::wrap_node;
use crate::node_call::NodeCall;
use crate::node_service::NodeService;

/// The layers of a driver, each with its target. A layer that is added later wraps the layers that were added before.
///
/// # Examples
/// ```
/// use icosian_core::{Node, Outline};
/// use icosian_tower::{LayerTarget, NodeLayers, TargetError};
///
/// let layers = NodeLayers::default().with(LayerTarget::named("quite"), tower_layer::Identity::new());
/// let quote = Node::sync(Outline::new("quote"), |_| Ok(1.5));
/// let applied = layers.apply(vec![quote]);
/// let error = applied.errors.first().expect("no node has this name");
/// assert_eq!(error.to_string(), "a layer targets node `quite`, which matches no node");
/// assert!(matches!(error, TargetError::NoNode { nearest: Some(name), .. } if *name == "quote"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct NodeLayers(Vec<NodeLayer>);

/// A layer and the nodes that it wraps.
#[derive(Clone)]
struct NodeLayer {
    target: LayerTarget,
    layer: Arc<dyn ErasedLayer>,
}

/// The result of [`NodeLayers::apply`].
#[derive(Debug)]
pub struct AppliedLayers {
    /// All nodes, in their order.
    pub nodes: Vec<Node>,
    /// The layers that could not be applied.
    pub errors: Diagnostics<TargetError>,
}

/// The error of a layer that cannot be applied.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum TargetError {
    /// No node matches the target.
    #[error("a layer targets {target}, which matches no node")]
    #[diagnostic(
        code("ICO0039 invalid-layer"),
        help("{}", match nearest { Some(nearest) => format!("did you mean `{nearest}`?"), None => "remove the layer, or change its target".to_owned() })
    )]
    NoNode {
        /// The description of the target.
        target: String,
        /// A similar name of a node, a group or a tag.
        nearest: Option<Name>,
    },
    /// The node runs no function: it forwards a value, returns a part of one, or checks one.
    #[error("a layer targets node `{node}`, which runs no function")]
    #[diagnostic(code("ICO0039 invalid-layer"), help("target node `{source_node}`"))]
    NoFunction {
        /// The node.
        node: Name,
        /// The node whose output it reads.
        source_node: Name,
    },
    /// A sync function reads a `CollectStream`, so it runs the nodes of the block on its own thread.
    #[error("a layer cannot wrap node `{node}`: it is sync and reads a `CollectStream`")]
    #[diagnostic(
        code("ICO0039 invalid-layer"),
        help("write `async fn {node}`, or exclude the node from the target of the layer")
    )]
    SyncStream {
        /// The node.
        node: Name,
    },
}

impl NodeLayers {
    /// Adds a layer.
    #[must_use]
    pub fn with<L>(mut self, target: LayerTarget, layer: L) -> Self
    where
        L: Layer<NodeService> + Send + Sync + 'static,
        L::Service: Service<NodeCall, Response = NodeOutput> + Clone + Send + 'static,
        <L::Service as Service<NodeCall>>::Error: Into<BoxError>,
        <L::Service as Service<NodeCall>>::Future: Send + 'static,
    {
        self.0.push(NodeLayer { target, layer: Arc::new(layer) });
        self
    }

    /// Returns whether there are no layers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Wraps the nodes that the layers target.
    ///
    /// A layer wraps the nodes that run functions. Nodes that forward a value, return a part of one or check one are not wrapped. A
    /// target with the name of a decorated function matches the node that runs the function, such as `quote_raw` below
    /// `check_output`.
    #[must_use]
    pub fn apply(&self, nodes: Vec<Node>) -> AppliedLayers {
        if self.is_empty() {
            return AppliedLayers { nodes, errors: Diagnostics::default() };
        }
        let mut layers: Vec<Vec<Arc<dyn ErasedLayer>>> = vec![Vec::new(); nodes.len()];
        let mut errors = Diagnostics::default();
        let raw = raw_functions(&nodes);
        for NodeLayer { target, layer } in &self.0 {
            for at in find_nodes(target, &nodes, &raw, &mut errors) {
                layers[at].push(Arc::clone(layer));
            }
        }
        let wrapped = nodes.into_iter().zip(layers).map(|(node, layers)| {
            if layers.is_empty() {
                return node;
            }
            if let Some(error) = refuse_stream(node.outline()) {
                errors.push(error);
            }
            wrap_node(node, layers)
        });
        AppliedLayers { nodes: wrapped.collect(), errors }
    }
}

/// Returns the positions of the nodes that a target matches.
fn find_nodes(
    target: &LayerTarget,
    nodes: &[Node],
    raw: &HashMap<&str, Vec<usize>>,
    errors: &mut Diagnostics<TargetError>,
) -> Vec<usize> {
    if let TargetRepr::AnyOf(parts) = target.repr() {
        let mut found: Vec<_> = parts.iter().flat_map(|part| find_nodes(part, nodes, raw, errors)).collect();
        found.sort_unstable();
        found.dedup();
        return found;
    }
    let outlines = || nodes.iter().map(Node::outline).enumerate();
    let mut found = Vec::new();
    let mut without_function = None;
    for (at, outline) in outlines().filter(|(_, outline)| target.matches(outline)) {
        if has_function(outline) {
            found.push(at);
            continue;
        }
        // Decorators such as `tag` describe the last step of a function.
        found.extend(raw.get(outline.name().as_str()).into_iter().flatten());
        without_function = without_function.or(Some(outline));
    }
    found.sort_unstable();
    found.dedup();
    if !found.is_empty() || matches!(target.repr(), TargetRepr::All) {
        return found;
    }
    if let (TargetRepr::Node(name), Some(outline)) = (target.repr(), without_function) {
        let source = outline.params().first().map_or(name, icosian_core::Param::source);
        let error = TargetError::NoFunction { node: name.clone(), source_node: source.clone() };
        errors.push(Spanned::new(error, label(outline)));
        return found;
    }
    let error = TargetError::NoNode { target: target.to_string(), nearest: find_nearest(target, nodes) };
    errors.push(Spanned::new(error, Vec::new()));
    Vec::new()
}

/// Returns whether a node runs a function of a dataflow.
fn has_function(outline: &Outline) -> bool {
    let makes_function = match outline.role() {
        Role::MadeBy(by) => {
            BuiltIn::named(by).is_none_or(|by| by != BuiltIn::CheckOutput && !by.row().is_extractor())
        }
        Role::Function | Role::Plain => true,
    };
    makes_function && outline.role() != Role::GROUP && outline.output().alias().is_none()
}

/// Returns the nodes that run the functions of other nodes, by the names of the other nodes, such as `quote_raw` by `quote`.
fn raw_functions(nodes: &[Node]) -> HashMap<&str, Vec<usize>> {
    let mut functions: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, outline) in nodes.iter().map(Node::outline).enumerate() {
        let name = outline.name().as_str();
        let suffix = name.rfind("_raw").max(name.rfind(".raw"));
        if let Some(suffix) = suffix.filter(|_| outline.role() == Role::Function && has_function(outline)) {
            functions.entry(&name[..suffix]).or_default().push(at);
        }
    }
    functions
}

fn refuse_stream(outline: &Outline) -> Option<Spanned<TargetError>> {
    let is_streaming = outline.params().iter().any(icosian_core::Param::is_stream);
    if outline.asyncness() == Asyncness::Async || !is_streaming {
        return None;
    }
    Some(Spanned::new(TargetError::SyncStream { node: outline.name().clone() }, label(outline)))
}

fn label(outline: &Outline) -> Vec<Label> {
    outline.location().map(|location| Label::new(location, "this node")).into_iter().collect()
}

/// Returns the name that is most similar to the name of a target.
fn find_nearest(target: &LayerTarget, nodes: &[Node]) -> Option<Name> {
    let outlines = || nodes.iter().map(Node::outline);
    let (name, candidates): (_, Vec<&Name>) = match target.repr() {
        TargetRepr::Node(name) => (name, outlines().map(Outline::name).collect()),
        TargetRepr::Group(name) => {
            let groups = outlines().flat_map(Outline::limits).filter_map(|limits| limits.group());
            (name, groups.map(icosian_core::run::Group::name).collect())
        }
        TargetRepr::Tag(key, value) => {
            let tags = || outlines().flat_map(|outline| outline.tags().iter());
            match value.as_ref().filter(|_| tags().any(|(other, _)| other == key)) {
                Some(value) => {
                    (value, tags().filter(|(other, _)| *other == key).flat_map(|(_, words)| words).collect())
                }
                None => (key, tags().map(|(key, _)| key).collect()),
            }
        }
        TargetRepr::All | TargetRepr::Matching(_) | TargetRepr::AnyOf(_) => return None,
    };
    nearest(name, candidates.into_iter().map(Name::as_str)).map(|name| Name::from(name.to_owned()))
}

impl fmt::Debug for NodeLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NodeLayer({})", self.target)
    }
}
