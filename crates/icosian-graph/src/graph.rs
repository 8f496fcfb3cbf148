use std::fmt;

use icosian_core::value::ValueType;
use icosian_core::{Name, Outline};
use icosian_diagnostics::{Diagnostics, Label, Spanned};
use rustc_hash::FxHashSet;

use crate::blocks::Blocks;
use crate::error::GraphError;
use crate::link::{Fixed, FixedKind, Link, Links, position};
use crate::node_id::NodeId;
use crate::shape::Shape;

/// A validated graph: its node names are unique, the types of its edges match, and it has no cycle.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param};
/// use icosian_graph::Graph;
///
/// let wrong = Graph::new([
///     Outline::new("spend_mean").with_param(Param::borrowed::<[f64]>("spend")).with_output_type::<f64>(),
///     Outline::new("label").with_param(Param::borrowed::<str>("spend_mean")).with_output_type::<String>(),
/// ]);
/// assert_eq!(
///     wrong.unwrap_err().to_string(),
///     "node `label` expects `spend_mean: &str`, but node `spend_mean` returns `f64`",
/// );
/// ```
#[derive(Clone)]
pub struct Graph {
    shape: Shape,
    outlines: Vec<Outline>,
    links: Links,
    ranks: Vec<u32>,
    /// `true` if some output aliases the output of another node, or a part of it.
    has_aliases: bool,
    blocks: Blocks,
}

impl Graph {
    /// Creates the graph of `outlines`.
    ///
    /// Cost: O(nodes + edges).
    ///
    /// # Errors
    /// All errors together: duplicate nodes, type mismatches, cycles, and inputs with contradicting types.
    pub fn new(outlines: impl IntoIterator<Item = Outline>) -> Result<Self, Diagnostics<GraphError>> {
        Self::builder().with_outlines(outlines).build()
    }

    /// Returns a builder, which also accepts the types of inputs.
    #[must_use]
    pub fn builder() -> GraphBuilder {
        GraphBuilder::default()
    }

    /// Returns the shape, for queries on names and edges.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Returns the node with this name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<NodeId> {
        self.shape.vertex(name).filter(|vertex| (*vertex as usize) < self.outlines.len()).map(NodeId)
    }

    /// Returns the outline of a node.
    ///
    /// # Panics
    /// Panics if the node belongs to another, larger graph.
    #[must_use]
    pub fn outline(&self, node: NodeId) -> &Outline {
        &self.outlines[node.position()]
    }

    /// Returns all nodes, in the order of the outlines.
    #[must_use]
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..position(self.outlines.len())).map(NodeId)
    }

    /// Returns the nodes that read `name`, with the index of the reading parameter, in the order of the outlines.
    pub fn readers(&self, name: &str) -> impl Iterator<Item = (NodeId, usize)> + '_ {
        let vertex = self.shape.vertex(name);
        self.nodes().flat_map(move |node| {
            let links = self.links.of(node.0).iter().enumerate();
            links.filter(move |(_, link)| Some(link.vertex) == vertex).map(move |(param, _)| (node, param))
        })
    }

    /// Returns the blocks of the expanding nodes.
    #[must_use]
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    pub(crate) fn has_aliases(&self) -> bool {
        self.has_aliases
    }

    pub(crate) fn outlines(&self) -> &[Outline] {
        &self.outlines
    }

    pub(crate) fn links(&self, node: u32) -> &[Link] {
        self.links.of(node)
    }

    pub(crate) fn rank(&self, vertex: u32) -> u32 {
        self.ranks[vertex as usize]
    }
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graph({:?})", self.shape)
    }
}

/// Builds a [`Graph`].
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param};
/// use icosian_core::value::ValueType;
/// use icosian_graph::{Graph, plan};
///
/// let graph = Graph::builder()
///     .with_outlines([Outline::new("greet").with_param(Param::borrowed::<str>("who")).with_output_type::<String>()])
///     .with_given("who", ValueType::of::<String>())
///     .build()?;
/// assert_eq!(plan(&graph, ["greet"])?.inputs().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct GraphBuilder {
    outlines: Vec<Outline>,
    fixed: Vec<Fixed>,
    inputs: Vec<Name>,
}

impl GraphBuilder {
    /// Adds nodes.
    #[must_use]
    pub fn with_outlines(mut self, outlines: impl IntoIterator<Item = Outline>) -> Self {
        self.outlines.extend(outlines);
        self
    }

    /// Sets the type of the config value `name`.
    ///
    /// `build` compares the type with that of each parameter that reads `name`. The value can be an output even if no
    /// node reads it.
    #[must_use]
    pub fn with_given(mut self, name: impl Into<Name>, given: ValueType) -> Self {
        self.fixed.push(Fixed { name: name.into(), value_type: given, kind: FixedKind::Config });
        self
    }

    /// Sets the type of the input `name`, whose value all executions share.
    ///
    /// As with [`with_given`](Self::with_given), `build` compares types. It also reports parameters that take the value
    /// although its type is not `Clone`.
    #[must_use]
    pub fn with_shared(mut self, name: impl Into<Name>, value_type: ValueType) -> Self {
        self.fixed.push(Fixed { name: name.into(), value_type, kind: FixedKind::Shared });
        self
    }

    /// Adds an input that no node has to read, so that it can be requested.
    #[must_use]
    pub fn with_input(mut self, name: impl Into<Name>) -> Self {
        self.inputs.push(name.into());
        self
    }

    /// Builds the graph.
    ///
    /// # Errors
    /// All errors together, as [`Graph::new`].
    pub fn build(self) -> Result<Graph, Diagnostics<GraphError>> {
        let mut problems = Diagnostics::default();
        let mut shape = Shape::default();
        let mut has_aliases = false;
        let mut outlines: Vec<Outline> = Vec::with_capacity(self.outlines.len());
        let mut twice = FxHashSet::default();
        let edges = self.outlines.iter().map(|outline| outline.params().len()).sum();
        shape.reserve(self.outlines.len(), edges);
        for outline in self.outlines {
            match shape.insert_node(outline.name().clone()) {
                Ok(_) => {
                    has_aliases |= outline.output().alias().is_some();
                    outlines.push(outline);
                }
                Err(first) => {
                    problems.push(duplicate(&outlines[first as usize], &outline));
                    twice.insert(outline.name().clone());
                }
            }
        }
        let links = Links::new(&mut shape, &outlines, &self.fixed, &mut problems);
        for fixed in &self.fixed {
            shape.insert_input(&fixed.name);
        }
        for input in &self.inputs {
            shape.insert_input(input);
        }
        let Some(order) = shape.order() else {
            problems.extend(shape.cycles().into_iter().map(|path| cycle(&shape, &outlines, &path)));
            return Err(without_consequences(problems, &twice));
        };
        let blocks = Blocks::find(&shape, &outlines, &links, &order, &mut problems);
        let mut ranks = vec![0; order.len()];
        for (rank, vertex) in order.into_iter().enumerate() {
            ranks[vertex as usize] = position(rank);
        }
        let problems = without_consequences(problems, &twice);
        problems.into_result(Graph { shape, outlines, links, ranks, has_aliases, blocks })
    }
}

/// Removes errors that may only follow from a duplicate name, whose readers are ambiguous.
fn without_consequences(
    problems: Diagnostics<GraphError>,
    twice: &FxHashSet<Name>,
) -> Diagnostics<GraphError> {
    if twice.is_empty() {
        return problems;
    }
    let mut kept = Diagnostics::default();
    kept.extend(problems.into_iter().filter(|problem| match problem.kind() {
        GraphError::TypeMismatch { reads, .. } | GraphError::CollectedTypeMismatch { reads, .. } => {
            !twice.contains(reads)
        }
        GraphError::Cycle { path } => !path.iter().any(|name| twice.contains(name)),
        _ => true,
    }));
    kept
}

fn duplicate(first: &Outline, second: &Outline) -> Spanned<GraphError> {
    let marks = [(second, "defined again here"), (first, "defined here")]
        .into_iter()
        .filter_map(|(outline, label)| Some(Label::new(outline.location()?, label)))
        .collect();
    Spanned::new(GraphError::DuplicateNode { name: second.name().clone() }, marks)
}

fn cycle(shape: &Shape, outlines: &[Outline], path: &[&str]) -> Spanned<GraphError> {
    let marks = path
        .windows(2)
        .filter_map(|pair| {
            let consumer = &outlines[shape.vertex(pair[1])? as usize];
            let param = consumer.params().iter().find(|param| param.source() == pair[0])?;
            Some(Label::new(param.location()?, format!("`{}` reads `{}`", pair[1], pair[0])))
        })
        .collect();
    let path = path.iter().map(|name| (*name).to_owned().into()).collect();
    Spanned::new(GraphError::Cycle { path }, marks)
}
