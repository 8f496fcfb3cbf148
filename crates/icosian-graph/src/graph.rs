use std::fmt;

use icosian_core::{Name, Outline, ValueType};
use icosian_diagnostics::{Diagnostics, Label, Spanned};
use rustc_hash::FxHashSet;

use crate::link::{Fixed, FixedKind, Link, Links, position};
use crate::plan::{self, Plan};
use crate::{GraphError, Shape};

/// The maximal number of suggestions for unknown names in one request.
const SUGGESTED: usize = 20;

/// The index of a node in one [`Graph`].
///
/// # Examples
/// ```
/// use icosian_core::Outline;
/// use icosian_graph::Graph;
///
/// let graph = Graph::new([Outline::new("one").documented("The first."), Outline::new("two")])?;
/// let undocumented: Vec<_> =
///     graph.nodes().filter(|node| graph.outline(*node).documentation().is_empty()).collect();
/// assert_eq!(undocumented, [graph.node("two").expect("the node exists")]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// Returns the index of the node's outline in the list that the graph was built from.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Outline;
    ///
    /// let graph = icosian_graph::Graph::new([Outline::new("one"), Outline::new("two")])?;
    /// assert_eq!(graph.node("two").map(|node| node.position()), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn position(self) -> usize {
        self.0 as usize
    }
}

/// A validated graph: its node names are unique, the types of its edges match, and it has no cycle.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param};
/// use icosian_graph::Graph;
///
/// let wrong = Graph::new([
///     Outline::new("spend_mean").param(Param::borrowed::<[f64]>("spend")).gives::<f64>(),
///     Outline::new("label").param(Param::borrowed::<str>("spend_mean")).gives::<String>(),
/// ]);
/// assert_eq!(
///     wrong.unwrap_err().to_string(),
///     "node `label` asks for `spend_mean: &str`, but node `spend_mean` gives `f64`",
/// );
/// ```
#[derive(Clone)]
pub struct Graph {
    shape: Shape,
    outlines: Vec<Outline>,
    links: Links,
    ranks: Vec<u32>,
    /// `true` if some output aliases the output of another node, or a part of it.
    keeps: bool,
}

impl Graph {
    /// Creates the graph of `outlines`.
    ///
    /// Cost: O(nodes + edges).
    ///
    /// # Errors
    /// All errors together: duplicate nodes, type mismatches, cycles, and inputs with contradicting types.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Outline;
    ///
    /// let twice = icosian_graph::Graph::new([Outline::new("one"), Outline::new("one")]);
    /// assert_eq!(twice.unwrap_err().to_string(), "node `one` is defined twice");
    /// ```
    pub fn new(outlines: impl IntoIterator<Item = Outline>) -> Result<Self, Diagnostics<GraphError>> {
        Self::builder().with_outlines(outlines).build()
    }

    /// Returns a builder, which also accepts the types of inputs.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_graph::Graph::builder().build().is_ok());
    /// ```
    #[must_use]
    pub fn builder() -> GraphBuilder {
        GraphBuilder::default()
    }

    /// Returns the shape, for queries on names and edges.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Outline;
    ///
    /// let graph = icosian_graph::Graph::new([Outline::new("one")])?;
    /// assert!(graph.shape().is_node("one"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Returns the node with this name.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Outline;
    ///
    /// let graph = icosian_graph::Graph::new([Outline::new("one")])?;
    /// assert!(graph.node("one").is_some() && graph.node("two").is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn node(&self, name: &str) -> Option<NodeId> {
        self.shape.vertex(name).filter(|vertex| (*vertex as usize) < self.outlines.len()).map(NodeId)
    }

    /// Returns the outline of a node.
    ///
    /// # Panics
    /// Panics if the node belongs to another, larger graph.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Outline;
    ///
    /// let graph = icosian_graph::Graph::new([Outline::new("one").gives::<u8>()])?;
    /// let one = graph.node("one").expect("the node exists");
    /// assert_eq!(graph.outline(one).to_string(), "one() -> u8");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn outline(&self, node: NodeId) -> &Outline {
        &self.outlines[node.position()]
    }

    /// Returns all nodes, in the order of the outlines.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Outline;
    ///
    /// let graph = icosian_graph::Graph::new([Outline::new("one")])?;
    /// assert_eq!(graph.nodes().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..position(self.outlines.len())).map(NodeId)
    }

    /// Plans the steps that the outputs `wanted` need, in topological order.
    ///
    /// `wanted` are names of nodes or inputs. Cost: O(nodes + edges); planning computes no value.
    ///
    /// # Errors
    /// All unknown names, with suggestions, and all values that one node consumes and another needs although they are not `Clone`.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param};
    ///
    /// let graph = icosian_graph::Graph::new([
    ///     Outline::new("double").param(Param::taken::<u64>("single")).gives::<u64>(),
    /// ])?;
    /// assert_eq!(graph.plan(["double"])?.steps().len(), 1);
    /// let unknown = graph.plan(["duble"]).unwrap_err();
    /// assert!(format!("{unknown:?}").contains("did you mean `double`?"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The order is [`Shape::topological_order`]; if values are moved, after Kahn, "Topological sorting of large
    /// networks", CACM 5(11), 1962.
    pub fn plan<N: AsRef<str>>(
        &self,
        wanted: impl IntoIterator<Item = N>,
    ) -> Result<Plan, Diagnostics<GraphError>> {
        self.plan_overriding(wanted, std::iter::empty::<&str>())
    }

    /// Plans the steps that `wanted` needs if the caller provides the values of the nodes `overrides`.
    ///
    /// The overridden nodes, and all nodes that only they need, are not part of the plan.
    ///
    /// # Errors
    /// The errors of [`plan`](Self::plan), and each override that is not a node.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param};
    ///
    /// let graph = icosian_graph::Graph::new([
    ///     Outline::new("double").param(Param::taken::<u64>("single").cloneable(true)).gives::<u64>(),
    ///     Outline::new("more").param(Param::taken::<u64>("double").cloneable(true)).gives::<u64>(),
    /// ])?;
    /// let plan = graph.plan_overriding(["more"], ["double"])?;
    /// assert_eq!(plan.steps().len(), 1);
    /// assert_eq!(plan.inputs()[0].name(), &"double");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn plan_overriding<N: AsRef<str>, O: AsRef<str>>(
        &self,
        wanted: impl IntoIterator<Item = N>,
        overrides: impl IntoIterator<Item = O>,
    ) -> Result<Plan, Diagnostics<GraphError>> {
        let mut problems = Diagnostics::default();
        let overrides = self.vertices(overrides, &mut problems, |graph, name, suggests| {
            if graph.shape.is_node(name.as_str()) {
                return None;
            }
            let nearest =
                suggests.then(|| icosian_diagnostics::nearest(name.as_str(), graph.shape.nodes())).flatten();
            Some(GraphError::UnknownOverride { nearest: nearest.map(|near| near.to_owned().into()), name })
        });
        let wanted = self.vertices(wanted, &mut problems, |graph, name, suggests| {
            if graph.shape.is_node(name.as_str()) || graph.shape.is_input(name.as_str()) {
                return None;
            }
            let nearest = suggests.then(|| graph.shape.nearest(name.as_str())).flatten();
            let nearest = nearest.map(|near| near.to_owned().into());
            Some(GraphError::UnknownOutput { nearest, name })
        });
        let (wanted, overrides) = problems.into_result((wanted, overrides))?;
        plan::plan(self, &wanted, &overrides)
    }

    fn vertices<N: AsRef<str>>(
        &self,
        names: impl IntoIterator<Item = N>,
        problems: &mut Diagnostics<GraphError>,
        unknown: impl Fn(&Self, Name, bool) -> Option<GraphError>,
    ) -> Vec<u32> {
        let mut vertices = Vec::new();
        for name in names {
            let name = name.as_ref();
            // A suggestion compares every name of the graph, so only the first errors have one.
            let suggests = problems.iter().len() < SUGGESTED;
            match unknown(self, name.to_owned().into(), suggests) {
                Some(error) => problems.push(Spanned::new(error, Vec::new())),
                None => vertices.extend(self.shape.vertex(name)),
            }
        }
        vertices
    }

    /// Returns the nodes that read `name`, with the index of the reading parameter, in the order of the outlines.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param};
    ///
    /// let graph = icosian_graph::Graph::new([
    ///     Outline::new("double").param(Param::taken::<u64>("single")).gives::<u64>(),
    /// ])?;
    /// let double = graph.node("double").expect("the node exists");
    /// assert_eq!(graph.readers("single").collect::<Vec<_>>(), [(double, 0)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn readers(&self, name: &str) -> impl Iterator<Item = (NodeId, usize)> + '_ {
        let vertex = self.shape.vertex(name);
        self.nodes().flat_map(move |node| {
            let links = self.links.of(node.0).iter().enumerate();
            links.filter(move |(_, link)| Some(link.vertex) == vertex).map(move |(param, _)| (node, param))
        })
    }

    pub(crate) fn keeps(&self) -> bool {
        self.keeps
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
/// use icosian_core::{Outline, Param, ValueType};
/// use icosian_graph::Graph;
///
/// let graph = Graph::builder()
///     .with_outlines([Outline::new("greet").param(Param::borrowed::<str>("who")).gives::<String>()])
///     .with_given("who", ValueType::of::<String>())
///     .build()?;
/// assert_eq!(graph.plan(["greet"])?.inputs().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct GraphBuilder {
    outlines: Vec<Outline>,
    fixed: Vec<Fixed>,
}

impl GraphBuilder {
    /// Adds nodes.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Outline;
    ///
    /// let graph = icosian_graph::Graph::builder().with_outlines([Outline::new("one")]).build()?;
    /// assert!(graph.node("one").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_outlines(mut self, outlines: impl IntoIterator<Item = Outline>) -> Self {
        self.outlines.extend(outlines);
        self
    }

    /// Sets the type of the config value `name`.
    ///
    /// `build` compares the type with that of each parameter that reads `name`. The value can be an output even if no
    /// node reads it.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param, ValueType};
    ///
    /// let wrong = icosian_graph::Graph::builder()
    ///     .with_outlines([Outline::new("greet").param(Param::borrowed::<str>("who")).gives::<String>()])
    ///     .with_given("who", ValueType::of::<u64>())
    ///     .build();
    /// assert_eq!(
    ///     wrong.unwrap_err().to_string(),
    ///     "node `greet` asks for `who: &str`, but config value `who` gives `u64`",
    /// );
    /// ```
    #[must_use]
    pub fn with_given(mut self, name: impl Into<Name>, given: ValueType) -> Self {
        self.fixed.push(Fixed { name: name.into(), value_type: given, kind: FixedKind::Config });
        self
    }

    /// Sets the type of the input `name`, whose value all executions share.
    ///
    /// As with [`with_given`](Self::with_given), `build` compares types. It also reports parameters that take the value
    /// although its type is not `Clone`.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param, ValueType};
    ///
    /// let greet = Outline::new("greet").param(Param::taken::<String>("who").cloneable(false));
    /// let wrong = icosian_graph::Graph::builder()
    ///     .with_outlines([greet])
    ///     .with_shared("who", ValueType::of::<String>())
    ///     .build();
    /// assert_eq!(
    ///     wrong.unwrap_err().to_string(),
    ///     "node `greet` takes `who: String` by value, which all executions share too, and `String` is not `Clone`",
    /// );
    /// ```
    #[must_use]
    pub fn with_shared(mut self, name: impl Into<Name>, value_type: ValueType) -> Self {
        self.fixed.push(Fixed { name: name.into(), value_type, kind: FixedKind::Shared });
        self
    }

    /// Builds the graph.
    ///
    /// # Errors
    /// All errors together, as [`Graph::new`].
    ///
    /// # Examples
    /// See [`GraphBuilder`].
    pub fn build(self) -> Result<Graph, Diagnostics<GraphError>> {
        let mut problems = Diagnostics::default();
        let mut shape = Shape::default();
        let mut keeps = false;
        let mut outlines: Vec<Outline> = Vec::with_capacity(self.outlines.len());
        let mut twice = FxHashSet::default();
        let edges = self.outlines.iter().map(|outline| outline.params().len()).sum();
        shape.reserve(self.outlines.len(), edges);
        for outline in self.outlines {
            match shape.insert_node(outline.name().clone()) {
                Ok(_) => {
                    keeps |= outline.given().keeps().is_some();
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
        let Some(order) = shape.order() else {
            problems.extend(shape.cycles().into_iter().map(|path| cycle(&shape, &outlines, &path)));
            return Err(without_consequences(problems, &twice));
        };
        let mut ranks = vec![0; order.len()];
        for (rank, vertex) in order.into_iter().enumerate() {
            ranks[vertex as usize] = position(rank);
        }
        let problems = without_consequences(problems, &twice);
        problems.into_result(Graph { shape, outlines, links, ranks, keeps })
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
        GraphError::TypeMismatch { reads, .. } => !twice.contains(reads),
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
