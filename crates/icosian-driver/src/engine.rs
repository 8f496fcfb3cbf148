use std::fmt;
use std::sync::Arc;

use icosian_adapter::{ErrorPolicy, Hooks, Program, Refusal, Stop, Values};
use icosian_core::{AdapterSpec, Body, Cell, Colour, Erased, Name, Outline, Output, RunContext, StartLimits};
use icosian_diagnostics::{Label, Location, Spanned};
use icosian_graph::Graph;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::key::Wanted;
use crate::programs::Programs;
use crate::{Problem, Refused, Shadowed};

/// The common part of both drivers: a checked graph, its bodies, constants and the cached programs.
pub(crate) struct Engine {
    pub(crate) graph: Arc<Graph>,
    pub(crate) bodies: Vec<Body>,
    /// Config values and shared inputs.
    pub(crate) constants: FxHashMap<Name, Constant>,
    pub(crate) adapter: AdapterSpec,
    pub(crate) manner: Manner,
    /// The adapter's reasons against nodes that it cannot run.
    refusals: FxHashMap<Name, Refusal>,
    /// The nodes that other nodes or config values replace.
    pub(crate) shadowed: Vec<Shadowed>,
    /// The names of private functions, for suggestions.
    pub(crate) private: FxHashSet<&'static str>,
    pub(crate) programs: Programs,
}

/// The hooks and the error policy of each execution.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manner {
    pub(crate) hooks: Hooks,
    pub(crate) policy: ErrorPolicy,
}

impl Manner {
    /// Prepares a run for the adapter.
    pub(crate) fn begin(&self, run: &mut Values<'_>, context: Option<RunContext>) -> Result<(), Stop> {
        if let Some(context) = context {
            // A failed execution cancels its own nodes only, not the caller's context.
            run.set_context(context.child());
        }
        run.set_error_policy(self.policy);
        run.observe(&self.hooks)
    }
}

/// A value that all runs share.
pub(crate) struct Constant {
    pub(crate) kind: ConstantKind,
    pub(crate) held: Arc<dyn Erased>,
    pub(crate) output: Output,
}

/// The source of a [`Constant`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConstantKind {
    /// A value of `Builder::with_config`, which replaces a node of its name.
    Config,
    /// An input of `Builder::with_shared`.
    Shared,
}

impl ConstantKind {
    /// Returns the name of the kind in diagnostics.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config value",
            Self::Shared => "shared input",
        }
    }
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
        constants: FxHashMap<Name, Constant>,
        adapter: AdapterSpec,
        manner: Manner,
    ) -> Self {
        Self {
            graph: Arc::new(graph),
            bodies,
            constants,
            adapter,
            manner,
            refusals: FxHashMap::default(),
            shadowed: Vec::new(),
            private: FxHashSet::default(),
            programs: Programs::default(),
        }
    }

    /// Plans `wanted` and validates everything that does not depend on inputs.
    pub(crate) fn program(&self, wanted: &[Wanted], overrides: &[Name]) -> Result<Program, Refused> {
        let shape = self.graph.shape();
        let mut refused = Refused::default();
        let names = || wanted.iter().map(|wanted| &wanted.name);
        // The override of a constant is a value of an input, so it leaves the plan as it is.
        let nodes = || overrides.iter().filter(|name| !self.constants.contains_key(*name));
        let planned = self.graph.plan_overriding(names(), nodes()).or_else(|problems| {
            refused.extend(problems.map(Problem::from));
            // The other outputs may have problems too.
            let known = names().filter(|name| shape.is_node(name) || shape.is_input(name));
            self.graph.plan_overriding(known, nodes().filter(|name| shape.is_node(name)))
        });
        let Ok(plan) = planned else { return Err(refused) };
        let program = Program::from_plan(Arc::clone(&self.graph), plan, &self.bodies);
        self.check_colours(&program, &mut refused);
        self.check_refusals(&program, &mut refused);
        self.check_outputs(wanted, overrides, &mut refused);
        refused.none_or(program)
    }

    /// Records the nodes that the adapter cannot run. Executions that need them are refused.
    pub(crate) fn refuse_nodes(&mut self, refuse: impl Fn(&Outline) -> Option<Refusal>) {
        let outlines = || self.graph.nodes().map(|node| self.graph.outline(node));
        let refused = |outline: &Outline| Some((outline.name().clone(), refuse(outline)?));
        let mut refusals: FxHashMap<_, _> = outlines().filter_map(refused).collect();
        let mut groups: FxHashMap<&Name, (&Name, usize)> = FxHashMap::default();
        for outline in outlines() {
            let limits = outline.start_limits().or(outline.attempt_limits());
            let Some((group, number)) = limits
                .and_then(StartLimits::group)
                .and_then(|group| Some((group.name(), group.at_a_time()?)))
            else {
                continue;
            };
            let (first, others) = *groups.entry(group).or_insert((outline.name(), number));
            if others != number {
                let reason = format!(
                    "node `{first}` sets a limit of {others} for group `{group}`, and this node {number}"
                );
                let help = format!("write the same `at_a_time` for all nodes of group `{group}`");
                let refusal = Refusal::new(reason).with_help(help);
                refusals.insert(outline.name().clone(), refusal);
            }
        }
        self.refusals = refusals;
    }

    /// Refuses the nodes that the adapter cannot run.
    fn check_refusals(&self, program: &Program, refused: &mut Refused) {
        if self.refusals.is_empty() {
            return;
        }
        for step in program.plan().steps() {
            let outline = program.outline(step);
            let Some(refusal) = self.refusals.get(outline.name()) else { continue };
            let problem = Problem::NodeRefused {
                node: outline.name().clone(),
                adapter: self.adapter.name(),
                reason: refusal.reason().to_owned(),
                help: refusal.help().map(ToOwned::to_owned),
            };
            refused.push(Spanned::new(problem, self.mark(outline.name(), "this node")));
        }
    }

    fn check_colours(&self, program: &Program, refused: &mut Refused) {
        if self.adapter.runs_async_nodes() {
            return;
        }
        let outlines = program.plan().steps().map(|step| program.outline(step));
        for outline in outlines.filter(|outline| outline.colour() == Colour::Async) {
            let problem = Problem::AsyncNode { node: outline.name().clone(), adapter: self.adapter.name() };
            let mark = outline.location().map(|place| Label::new(place, "this node is async"));
            refused.push(Spanned::new(problem, mark.into_iter().collect()));
        }
    }

    fn check_outputs(&self, wanted: &[Wanted], overrides: &[Name], refused: &mut Refused) {
        let mut times: FxHashMap<&Name, usize> = FxHashMap::default();
        for Wanted { name, value_type } in wanted {
            let seen = times.entry(name).or_default();
            *seen += 1;
            let Some(output) = self.output(name) else { continue };
            // `Key` sorts the overrides.
            let overridden = overrides.binary_search(name).is_ok();
            if let (Some(wanted), false) = (value_type, overridden)
                && *wanted != output.value_type()
            {
                let given = output.value_type();
                let problem = Problem::WrongOutputType { output: name.clone(), wanted: *wanted, given };
                refused.push(Spanned::new(problem, self.mark(name, format!("gives `{given}`"))));
            }
            let is_shared = self.constants.contains_key(name) && !overridden;
            if output.is_cloneable() {
                continue;
            }
            let (output, value_type) = (name.clone(), output.value_type());
            if is_shared && *seen == 1 {
                refused.push(Spanned::new(Problem::SharedOutput { output, value_type }, Vec::new()));
            } else if *seen == 2 && !is_shared {
                let problem = Problem::AskedTwice { output, value_type };
                refused.push(Spanned::new(problem, self.mark(name, "produces it")));
            }
        }
    }

    /// Returns the description of an output that does not depend on inputs.
    pub(crate) fn output(&self, name: &Name) -> Option<&Output> {
        let node = self.graph.node(name).map(|node| self.graph.outline(node).given());
        node.or_else(|| self.constants.get(name).map(|constant| &constant.output))
    }

    fn place_of(&self, name: &Name) -> Option<Location> {
        self.graph.node(name).and_then(|node| self.graph.outline(node).location())
    }

    /// Marks the node of this name, if it has a location.
    pub(crate) fn mark(&self, name: &Name, label: impl Into<String>) -> Vec<Label> {
        self.place_of(name).map(|place| Label::new(place, label)).into_iter().collect()
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} under `{}`", self.graph, self.adapter.name())
    }
}
