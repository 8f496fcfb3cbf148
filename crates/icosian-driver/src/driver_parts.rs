use icosian_adapter::AsyncHooks;
use icosian_core::decorator::DecorateError;
use icosian_core::node::Body;
use icosian_core::value::ValueType;
use icosian_core::{AdapterSpec, Config, Dataflow, Name, Node, Outline, Output};
use icosian_diagnostics::{Diagnostics, Label, Spanned};
use icosian_graph::{Graph, GraphError};
use rustc_hash::FxHashMap;

use crate::build_error::{BuildError, BuildErrorKind};
use crate::engine::Engine;
use crate::expand::ItemAdapter;
use crate::inputs::Inputs;
use crate::run_options::RunOptions;
use crate::shadowed::Shadowed;
use crate::shared;
use crate::shared_value::{SharedValue, SharedValueKind};

/// The parts that a driver is built from.
#[derive(Default)]
pub(crate) struct DriverParts {
    pub(crate) dataflows: Vec<Dataflow>,
    pub(crate) config: Config,
    pub(crate) shared: Inputs,
    pub(crate) module_overrides: bool,
    pub(crate) options: RunOptions,
    pub(crate) async_hooks: AsyncHooks,
    #[cfg(feature = "tower")]
    pub(crate) layers: icosian_tower::NodeLayers,
}

impl DriverParts {
    /// Applies the decorators, validates all parts, and builds the graph.
    pub(crate) fn build(self, adapter: AdapterSpec, items: ItemAdapter) -> Result<Engine, BuildError> {
        let private = self.dataflows.iter().flat_map(Dataflow::private).copied().collect();
        let names_read = shared::names_read(&self.shared, &self.dataflows);
        let (flows, refused) = icosian_decorators::apply_all(self.dataflows, &self.config, &adapter);
        let flows = flows.into_iter();
        let mut constants = config_constants(self.config);
        let (mut shadowed, mut errors) = (Vec::new(), BuildError::default());
        let is_complete = refused.iter().next().is_none();
        let nodes =
            if self.module_overrides { replace(flows, &mut shadowed) } else { flows.flatten().collect() };
        #[cfg(feature = "tower")]
        let nodes = {
            let applied = self.layers.apply(nodes);
            // A target may match a node of a refused function.
            errors.extend(applied.errors.map(BuildErrorKind::from).into_iter().filter(|_| is_complete));
            applied.nodes
        };
        // The hooks are outside of the layers.
        let nodes = nodes.into_iter().map(|node| self.async_hooks.wrap(node)).collect();
        let (outlines, bodies) = remove_replaced(nodes, &constants, &mut shadowed, &mut errors);
        let refused_shared = shared::add_shared(&mut constants, self.shared, &names_read, &outlines);
        errors.extend(refused_shared.into_iter().filter(|error| {
            // A refused decorator may have renamed or dropped the reader.
            is_complete || !matches!(error.kind(), BuildErrorKind::UnreadSharedInput { .. })
        }));
        let graph = build_graph(outlines, &constants);
        if !is_complete {
            // Nodes of refused functions are missing, so not every graph error is real.
            let graph = graph.err().filter(|_| !self.module_overrides);
            let mut all = with_graph_errors(refused, graph);
            all.extend(errors);
            return Err(all);
        }
        let graph = match graph {
            Ok(graph) => errors.into_result(graph)?,
            Err(of_graph) => {
                let mut all = BuildError::from(of_graph.map(BuildErrorKind::from));
                all.extend(errors);
                return Err(all);
            }
        };
        let mut engine = Engine::new(graph, bodies, constants, adapter, self.options, items);
        engine.shadowed = shadowed;
        engine.private = private;
        Ok(engine)
    }
}

fn config_constants(config: Config) -> FxHashMap<Name, SharedValue> {
    let constants = config.into_iter().filter_map(|(name, value)| {
        let output = value.output().clone();
        let value = value.into_cell().share()?;
        Some((name, SharedValue { kind: SharedValueKind::Config, value, output }))
    });
    constants.collect()
}

/// Removes the nodes that config values replace, and compares their types.
fn remove_replaced(
    nodes: Vec<Node>,
    constants: &FxHashMap<Name, SharedValue>,
    shadowed: &mut Vec<Shadowed>,
    errors: &mut BuildError,
) -> (Vec<Outline>, Vec<Body>) {
    let kept = nodes.into_iter().map(Node::into_parts).filter_map(|(node, body)| {
        let Some(constant) = constants.get(node.name()) else { return Some((node, body)) };
        errors.extend(replacement_mismatch(&node, &constant.output));
        shadowed.push(Shadowed { node, by: None });
        None
    });
    kept.unzip()
}

fn build_graph(
    outlines: Vec<Outline>,
    constants: &FxHashMap<Name, SharedValue>,
) -> Result<Graph, Diagnostics<GraphError>> {
    let mut graph = Graph::builder().with_outlines(outlines);
    for (name, SharedValue { kind, output, .. }) in constants {
        graph = match kind {
            SharedValueKind::Config => graph.with_given(name, output.value_type()),
            SharedValueKind::Shared => graph.with_shared(name, output.value_type()),
        };
    }
    graph.build()
}

/// Returns the error of a config value whose type differs from the type of the node that it replaces.
///
/// Readers of text accept both `String` and `&'static str`, and config stores literals as `String`.
fn replacement_mismatch(node: &Outline, value: &Output) -> Option<Spanned<BuildErrorKind>> {
    let (own, given) = (node.output().value_type(), value.value_type());
    let is_text =
        |value_type| [ValueType::of::<String>(), ValueType::of::<&'static str>()].contains(&value_type);
    if own == given || is_text(own) && is_text(given) {
        return None;
    }
    let kind = BuildErrorKind::WrongConfigType { name: node.name().clone(), given, expected: own };
    let mark = node.location().map(|place| Label::new(place, "this node is replaced"));
    Some(Spanned::new(kind, mark.into_iter().collect()))
}

/// Adds the graph's errors between existing nodes. Names of missing nodes look like inputs, so other errors may be untrue.
fn with_graph_errors(
    refused: Diagnostics<DecorateError>,
    graph: Option<Diagnostics<GraphError>>,
) -> BuildError {
    let is_of_nodes = |error: &GraphError| {
        matches!(
            error,
            GraphError::DuplicateNode { .. }
                | GraphError::TypeMismatch { .. }
                | GraphError::CollectedTypeMismatch { .. }
                | GraphError::Cycle { .. }
        )
    };
    let graph = graph.into_iter().flatten().filter(|error| is_of_nodes(error.kind()));
    let mut all = BuildError::from(refused.map(BuildErrorKind::from));
    all.extend(graph.map(|error| error.map(BuildErrorKind::from)));
    all
}

/// Keeps, for each name, the nodes of the last dataflow that has it, at the position of the first.
fn replace(flows: impl Iterator<Item = Vec<Node>>, shadowed: &mut Vec<Shadowed>) -> Vec<Node> {
    let mut kept: Vec<Vec<Node>> = Vec::new();
    let mut seen: FxHashMap<Name, (usize, usize)> = FxHashMap::default();
    for (flow, nodes) in flows.enumerate() {
        for node in nodes {
            match seen.get_mut(node.name()) {
                Some((last, place)) if *last < flow => {
                    *last = flow;
                    let by = node.outline().clone();
                    let earlier = std::mem::replace(&mut kept[*place], vec![node]).into_iter();
                    shadowed.extend(
                        earlier.map(|node| Shadowed { node: node.into_parts().0, by: Some(by.clone()) }),
                    );
                }
                // The graph reports duplicates within a dataflow.
                Some((_, place)) => kept[*place].push(node),
                None => {
                    seen.insert(node.name().clone(), (flow, kept.len()));
                    kept.push(vec![node]);
                }
            }
        }
    }
    kept.into_iter().flatten().collect()
}
