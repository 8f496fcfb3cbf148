use icosian_core::{Caps, Colour};

use crate::{Fact, Finding, SpanId};

/// What a driver says of dataflows before it runs them.
///
/// # Examples
/// ```
/// use icosian_rules::{Fact, Facts, Finding, PlanFacts, Refusal, SpanId, rules};
///
/// let finding = Finding::new(SpanId::new(0), "node `one` is defined twice");
/// let refusal = Refusal { code: "ICO0002".into(), finding };
/// let plan = PlanFacts { refusals: vec![refusal], ..PlanFacts::default() };
/// let facts = Facts { plan: Fact::Known(plan), ..Facts::default() };
/// let found = |code: &str| rules().iter().find(|it| it.card().code == code).map(|it| it.check(&facts).len());
/// assert_eq!((found("ICO0002"), found("ICO0003")), (Some(1), Some(0)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct PlanFacts {
    /// What it refuses, in the order in which it says so.
    pub refusals: Vec<Refusal>,
    /// The config values. Empty if the driver was not built and a decorator may read further names.
    pub config: Vec<Key>,
    /// What it was built of; not known when it could not be built.
    pub graph: Fact<GraphFacts>,
}

/// What a driver refuses.
///
/// # Examples
/// See [`PlanFacts`].
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The code of the rule that it breaks.
    pub code: String,
    /// What is wrong, in the driver's words.
    pub finding: Finding,
}

/// What a driver was built of: nodes after all decorators, an adapter, config.
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
    /// The nodes that run functions' bodies.
    pub nodes: Vec<PlannedNode>,
    /// The nodes for which another, or a config value, stands.
    pub shadowed: Vec<Shadowed>,
    /// The functions that say of which node they are a variant, in the order of the source.
    pub variants: Vec<Variant>,
    /// The decorators that do less than they say.
    pub doubts: Vec<Doubt>,
    /// The parameters that read an input and are probably meant to read a node.
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
    /// Whether an output that is asked for needs it; not known when nobody says which are.
    pub needed: Fact<bool>,
    /// Whether it runs on a thread that may block.
    pub is_offloaded: bool,
    /// Whether the run lets go of it after some time.
    pub has_time_limit: bool,
    /// The size of its future in bytes, if it is larger than 16 KiB.
    pub large_future: Option<usize>,
}

/// A node for which something else stands.
///
/// # Examples
/// ```
/// use icosian_rules::{Shadowed, SpanId};
///
/// let by_config = Shadowed { name: "rates".into(), span: SpanId::new(1), by: None };
/// assert!(by_config.by.is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Shadowed {
    /// Its name.
    pub name: String,
    /// The function's name in the source.
    pub span: SpanId,
    /// Where the node that stands for it is written; none when it is a config value.
    pub by: Option<SpanId>,
}

/// A config value.
///
/// # Examples
/// ```
/// use icosian_rules::Key;
///
/// let misspelt = Key { name: "evn".into(), is_read: false, meant: Some("env".into()) };
/// assert!(!misspelt.is_read);
/// ```
#[derive(Clone, Debug)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Whether a node reads it, a decorator asked for it, or it stands for a node.
    pub is_read: bool,
    /// What somebody asks for by nearly this name, and does not get.
    pub meant: Option<String>,
}

/// A function that is one of several for a node, of which config keeps one.
///
/// # Examples
/// ```
/// use icosian_rules::{SpanId, Variant};
///
/// let live = Variant {
///     dataflow: 0,
///     node: "rates".into(),
///     function: "rates__live".into(),
///     span: SpanId::new(1),
///     colour: icosian_core::Colour::Async,
/// };
/// assert_ne!(live.node, live.function);
/// ```
#[derive(Clone, Debug)]
pub struct Variant {
    /// Which dataflow it is in, as a number.
    pub dataflow: usize,
    /// The node.
    pub node: String,
    /// The function.
    pub function: String,
    /// The function's name in the source.
    pub span: SpanId,
    /// Whether it is sync or async.
    pub colour: Colour,
}

/// A decorator that does less than it says, because the adapter lacks something that it wants.
///
/// # Examples
/// ```
/// use icosian_core::Caps;
/// use icosian_rules::{Does, Doubt, SpanId};
///
/// let (node, decorator) = ("rates".to_owned(), "offload");
/// let doubt = Doubt { node, decorator, span: SpanId::new(1), missing: Caps::THREADS, does: Does::Less };
/// assert_eq!(doubt.missing.to_string(), "threads for blocking nodes");
/// ```
#[derive(Clone, Debug)]
pub struct Doubt {
    /// The function that is decorated.
    pub node: String,
    /// The decorator.
    pub decorator: &'static str,
    /// Where it is written.
    pub span: SpanId,
    /// What it wants and does not find.
    pub missing: Caps,
    /// What is left of it.
    pub does: Does,
}

/// What is left of a decorator that does not find what it wants.
///
/// # Examples
/// See [`Doubt`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Does {
    /// It does less than it says.
    Less,
    /// It does nothing.
    Nothing,
}
