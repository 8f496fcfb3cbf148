use icosian_core::Caps;
use icosian_core::node::Asyncness;

use crate::{Fact, Finding, SpanId};

/// The result of building a driver.
///
/// # Examples
/// ```
/// use icosian_rules::{Fact, Facts, Finding, PlanFacts, ReportedFault, SpanId, rules};
///
/// let finding = Finding::new(SpanId::new(0), "node `one` is defined twice");
/// let refusal = ReportedFault { code: "ICO0002".into(), finding };
/// let plan = PlanFacts { refusals: vec![refusal], ..PlanFacts::default() };
/// let facts = Facts { plan: Fact::Known(plan), ..Facts::default() };
/// let found = |code: &str| rules().iter().find(|it| it.metadata().code == code).map(|it| it.check(&facts).len());
/// assert_eq!((found("ICO0002"), found("ICO0003")), (Some(1), Some(0)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct PlanFacts {
    /// The refusals, in the order in which the driver reports them.
    pub refusals: Vec<ReportedFault>,
    /// The config values. Empty if the driver was not built and a decorator may read further names.
    pub config: Vec<ConfigKey>,
    /// The graph; unknown if the driver could not be built.
    pub graph: Fact<GraphFacts>,
}

/// A fault that the reader of the source or a driver reports.
#[derive(Clone, Debug)]
pub struct ReportedFault {
    /// The code of the rule.
    pub code: String,
    /// The fault, in the words of its reporter.
    pub finding: Finding,
}

/// The graph of a driver after all decorators, with its adapter and config.
///
/// # Examples
/// ```
/// use icosian_rules::{Fact, Facts, GraphFacts, PlanFacts};
///
/// let graph = GraphFacts { adapter: "tokio".into(), ..GraphFacts::default() };
/// let plan = PlanFacts { graph: Fact::Known(graph), ..PlanFacts::default() };
/// let facts = Facts { plan: Fact::Known(plan), ..Facts::default() };
/// assert_eq!(facts.graph().map(|graph| graph.adapter.as_str()), Some("tokio"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct GraphFacts {
    /// The adapter's name.
    pub adapter: String,
    /// True if the adapter runs async nodes.
    pub runs_async_nodes: bool,
    /// The nodes that run functions' bodies.
    pub nodes: Vec<PlannedNode>,
    /// The expansions, outer ones before inner ones.
    pub expansions: Vec<ExpansionFacts>,
    /// The nodes that another node or a config value replaces.
    pub shadowed: Vec<ReplacedNode>,
    /// The variants of nodes, in the order of the source.
    pub variants: Vec<NodeVariant>,
    /// The decorators that the adapter supports only in part.
    pub doubts: Vec<Doubt>,
    /// The parameters that read an input and probably should read a node.
    pub misspelt: Vec<NearParam>,
}

/// A parameter that reads an input whose name is, or nearly is, that of a function.
///
/// # Examples
/// ```
/// use icosian_rules::{NearParam, SpanId};
///
/// let private = NearParam { name: "rate".into(), reader: "price".into(), span: SpanId::new(1), node: None };
/// assert!(private.node.is_none());
/// ```
#[derive(Clone, Debug)]
pub struct NearParam {
    /// The name of the input.
    pub name: String,
    /// The node that reads it.
    pub reader: String,
    /// The parameter in the source.
    pub span: SpanId,
    /// The node of nearly the same name; none if a private function has exactly this name.
    pub node: Option<String>,
}

/// A node that runs a function's body.
///
/// # Examples
/// ```
/// use icosian_rules::{Fact, PlannedNode};
///
/// let rates = PlannedNode { name: "rates".into(), needed: Fact::Known(false), ..PlannedNode::default() };
/// assert!(rates.needed.is(&false));
/// ```
#[derive(Clone, Debug, Default)]
pub struct PlannedNode {
    /// Its name.
    pub name: String,
    /// The function's name in the source.
    pub span: SpanId,
    /// True if a requested output needs it; unknown if no outputs are requested.
    pub needed: Fact<bool>,
    /// The expanding node whose items it runs for; none if it runs once.
    pub block: Option<String>,
    /// True if it runs on a thread that may block.
    pub is_offloaded: bool,
    /// True if the run abandons it after a time limit.
    pub has_time_limit: bool,
    /// The size of its future in bytes, if it is larger than 16 KiB.
    pub large_future: Option<usize>,
}

/// An expanding node, and the nodes that run for its items.
///
/// # Examples
/// ```
/// use icosian_rules::ExpansionFacts;
///
/// let url = ExpansionFacts { node: "url".into(), is_collected: true, ..ExpansionFacts::default() };
/// assert!(!url.is_limited && url.async_node.is_none());
/// ```
#[derive(Clone, Debug, Default)]
pub struct ExpansionFacts {
    /// The name of the expanding node.
    pub node: String,
    /// The function's name in the source.
    pub span: SpanId,
    /// True if a parameter collects or streams results for its items.
    pub is_collected: bool,
    /// True if the value of a node in the block, or an item, is a declared or requested output.
    pub is_requested: bool,
    /// True if the expansion sets `concurrency`, or a node of the block has a limit.
    pub is_limited: bool,
    /// An async node that runs once for each item, outside of inner blocks.
    pub async_node: Option<String>,
}

/// A node that another node or a config value replaces.
///
/// # Examples
/// ```
/// use icosian_rules::{ReplacedNode, SpanId};
///
/// let by_config = ReplacedNode { name: "rates".into(), span: SpanId::new(1), by: None };
/// assert!(by_config.by.is_none());
/// ```
#[derive(Clone, Debug)]
pub struct ReplacedNode {
    /// Its name.
    pub name: String,
    /// The function's name in the source.
    pub span: SpanId,
    /// The location of the replacing node; none for a config value.
    pub by: Option<SpanId>,
}

/// A config value.
///
/// # Examples
/// ```
/// use icosian_rules::ConfigKey;
///
/// let misspelt = ConfigKey { name: "evn".into(), is_read: false, meant: Some("env".into()) };
/// assert!(!misspelt.is_read);
/// ```
#[derive(Clone, Debug)]
pub struct ConfigKey {
    /// Its name.
    pub name: String,
    /// True if a node or a decorator reads it, or it replaces a node.
    pub is_read: bool,
    /// A missing input or config key of nearly this name.
    pub meant: Option<String>,
}

/// One of several functions for a node. Config selects one of them.
///
/// # Examples
/// ```
/// use icosian_rules::{SpanId, NodeVariant};
///
/// let live = NodeVariant {
///     dataflow: 0,
///     node: "rates".into(),
///     function: "rates__live".into(),
///     span: SpanId::new(1),
///     asyncness: icosian_core::node::Asyncness::Async,
/// };
/// assert_ne!(live.node, live.function);
/// ```
#[derive(Clone, Debug)]
pub struct NodeVariant {
    /// The position of its dataflow.
    pub dataflow: usize,
    /// The node.
    pub node: String,
    /// The function.
    pub function: String,
    /// The function's name in the source.
    pub span: SpanId,
    /// Its asyncness.
    pub asyncness: Asyncness,
}

/// A decorator that the adapter supports only in part, because it lacks a capability.
///
/// # Examples
/// ```
/// use icosian_core::Caps;
/// use icosian_rules::{RemainingEffect, Doubt, SpanId};
///
/// let (node, decorator) = ("rates".to_owned(), "offload");
/// let doubt = Doubt { node, decorator, span: SpanId::new(1), missing: Caps::THREADS, does: RemainingEffect::Less };
/// assert_eq!(doubt.missing.to_string(), "threads for blocking nodes");
/// ```
#[derive(Clone, Debug)]
pub struct Doubt {
    /// The decorated function.
    pub node: String,
    /// The decorator.
    pub decorator: &'static str,
    /// Its location.
    pub span: SpanId,
    /// The missing capabilities.
    pub missing: Caps,
    /// Its remaining effect.
    pub does: RemainingEffect,
}

/// The remaining effect of a decorator without a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RemainingEffect {
    /// A reduced effect.
    Less,
    /// No effect.
    Nothing,
}
