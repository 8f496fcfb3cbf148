use std::fmt;
use std::sync::Arc;

use icosian_adapter::{ErrorPolicy, Hooks, Program, Stop, Values};
use icosian_core::{
    AdapterSpec, Body, Cell, Colour, Erased, Mark, Name, Outline, Output, Place, Placed, RunContext,
};
use icosian_graph::{Graph, GraphError};
use rustc_hash::FxHashMap;

use crate::key::Wanted;
use crate::programs::Programs;
use crate::{Problem, Refused, Shadowed};

/// What both drivers are made of: a checked graph, its bodies and config, and the programs made so far.
pub(crate) struct Engine {
    pub(crate) graph: Arc<Graph>,
    pub(crate) bodies: Vec<Body>,
    pub(crate) config: FxHashMap<Name, Constant>,
    pub(crate) adapter: AdapterSpec,
    pub(crate) manner: Manner,
    /// Why the adapter cannot run a node, for those that it cannot run.
    refusals: FxHashMap<Name, String>,
    /// The nodes for which others, or config values, stand.
    pub(crate) shadowed: Vec<Shadowed>,
    pub(crate) programs: Programs,
}

/// What each execution is watched by, and what becomes of it when a node fails.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manner {
    pub(crate) hooks: Hooks,
    pub(crate) policy: ErrorPolicy,
}

impl Manner {
    /// Prepares a run, before the adapter has it.
    pub(crate) fn begin(&self, run: &mut Values<'_>, context: Option<RunContext>) -> Result<(), Stop> {
        if let Some(context) = context {
            // An execution that fails cancels its own nodes, and nothing else that the caller does.
            run.set_context(context.child());
        }
        run.set_error_policy(self.policy);
        run.observe(&self.hooks)
    }
}

/// A config value, shared by all runs.
pub(crate) struct Constant {
    pub(crate) held: Arc<dyn Erased>,
    pub(crate) output: Output,
}

impl Constant {
    pub(crate) fn cell(&self) -> Cell {
        Cell::shared(Arc::clone(&self.held))
    }
}

impl Engine {
    pub(crate) fn new(
        graph: Graph,
        bodies: Vec<Body>,
        config: FxHashMap<Name, Constant>,
        adapter: AdapterSpec,
        manner: Manner,
    ) -> Self {
        Self {
            graph: Arc::new(graph),
            bodies,
            config,
            adapter,
            manner,
            refusals: FxHashMap::default(),
            shadowed: Vec::new(),
            programs: Programs::default(),
        }
    }

    /// Plans `wanted` and checks all that can be checked without inputs.
    pub(crate) fn program(&self, wanted: &[Wanted], overrides: &[Name]) -> Result<Program, Refused> {
        let shape = self.graph.shape();
        let mut refused = Refused::default();
        let names = || wanted.iter().map(|wanted| &wanted.name);
        let planned = self.graph.plan_overriding(names(), overrides).or_else(|problems| {
            refused.extend(problems.map(|problem| self.in_the_users_words(problem)));
            // The rest of the outputs may have problems of their own.
            let known = names().filter(|name| shape.is_node(name) || shape.is_input(name));
            self.graph.plan_overriding(known, overrides.iter().filter(|name| shape.is_node(name)))
        });
        let Ok(plan) = planned else { return Err(refused) };
        let program = Program::from_plan(Arc::clone(&self.graph), plan, &self.bodies);
        self.check_colours(&program, &mut refused);
        self.check_refusals(&program, &mut refused);
        self.check_outputs(wanted, overrides, &mut refused);
        refused.none_or(program)
    }

    /// What the graph does not know: that a name it has not is that of a config value.
    fn in_the_users_words(&self, problem: GraphError) -> Problem {
        match problem {
            GraphError::UnknownOverride { name, .. } if self.config.contains_key(&name) => {
                Problem::InputIsConfig { kind: "override", input: name }
            }
            problem => problem.into(),
        }
    }

    /// Remembers which nodes the adapter cannot run: they are refused when somebody needs them.
    pub(crate) fn refuse_nodes(&mut self, refuse: impl Fn(&Outline) -> Option<String>) {
        let outlines = || self.graph.nodes().map(|node| self.graph.outline(node));
        let refused = |outline: &Outline| Some((outline.name().clone(), refuse(outline)?));
        let mut refusals: FxHashMap<_, _> = outlines().filter_map(refused).collect();
        let mut groups: FxHashMap<&Name, (&Name, usize)> = FxHashMap::default();
        for outline in outlines() {
            let Some((group, number)) = outline
                .group()
                .or(outline.group_per_attempt())
                .and_then(|group| Some((group.name(), group.at_a_time()?)))
            else {
                continue;
            };
            let (first, others) = *groups.entry(group).or_insert((outline.name(), number));
            if others != number {
                let reason = format!(
                    "of group `{group}` it lets {number} nodes run at a time, and node `{first}` lets {others}"
                );
                refusals.insert(outline.name().clone(), reason);
            }
        }
        self.refusals = refusals;
    }

    /// Refuses the nodes that the adapter says it cannot run.
    fn check_refusals(&self, program: &Program, refused: &mut Refused) {
        if self.refusals.is_empty() {
            return;
        }
        for step in program.plan().steps() {
            let outline = program.outline(step);
            let Some(reason) = self.refusals.get(outline.name()) else { continue };
            let adapter = self.adapter.name();
            let problem =
                Problem::NodeRefused { node: outline.name().clone(), adapter, reason: reason.clone() };
            refused.push(Placed::new(problem, self.mark(outline.name(), "this node")));
        }
    }

    fn check_colours(&self, program: &Program, refused: &mut Refused) {
        if self.adapter.runs_async_nodes() {
            return;
        }
        let outlines = program.plan().steps().map(|step| program.outline(step));
        for outline in outlines.filter(|outline| outline.colour() == Colour::Async) {
            let problem = Problem::AsyncNode { node: outline.name().clone(), adapter: self.adapter.name() };
            let mark = outline.place().map(|place| Mark::new(place, "this node is async"));
            refused.push(Placed::new(problem, mark.into_iter().collect()));
        }
    }

    fn check_outputs(&self, wanted: &[Wanted], overrides: &[Name], refused: &mut Refused) {
        let mut times: FxHashMap<&Name, usize> = FxHashMap::default();
        for Wanted { name, value_type } in wanted {
            let seen = times.entry(name).or_default();
            *seen += 1;
            let Some(output) = self.output(name) else { continue };
            // A key keeps them sorted.
            let overridden = overrides.binary_search(name).is_ok();
            if let (Some(wanted), false) = (value_type, overridden)
                && *wanted != output.value_type()
            {
                let given = output.value_type();
                let problem = Problem::WrongOutputType { output: name.clone(), wanted: *wanted, given };
                refused.push(Placed::new(problem, self.mark(name, format!("gives `{given}`"))));
            }
            if *seen == 2 && !output.is_cloneable() {
                let value_type = output.value_type();
                let problem = Problem::AskedTwice { output: name.clone(), value_type };
                refused.push(Placed::new(problem, self.mark(name, "gives it")));
            }
        }
    }

    /// Returns what is known of an output before any input is there.
    pub(crate) fn output(&self, name: &Name) -> Option<&Output> {
        let node = self.graph.node(name).map(|node| self.graph.outline(node).given());
        node.or_else(|| self.config.get(name).map(|constant| &constant.output))
    }

    fn place_of(&self, name: &Name) -> Option<Place> {
        self.graph.node(name).and_then(|node| self.graph.outline(node).place())
    }

    /// Marks the node of this name, if there is one whose place is known.
    pub(crate) fn mark(&self, name: &Name, label: impl Into<String>) -> Vec<Mark> {
        self.place_of(name).map(|place| Mark::new(place, label)).into_iter().collect()
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} under `{}`", self.graph, self.adapter.name())
    }
}
