use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use icosian_adapter::{Program, Refusal};
use icosian_core::expand::CollectionForm;
use icosian_core::node::{Asyncness, Body};
use icosian_core::run::StartLimits;
use icosian_core::{AdapterSpec, Name, Outline, Output};
use icosian_diagnostics::{Diagnostics, Label, Location, Spanned};
use icosian_graph::{Graph, GraphError, NodeId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::expand::{self, ItemAdapter};
use crate::plan_key::RequestedOutput;
use crate::program_cache::ProgramCache;
use crate::request_error::{RequestError, RequestErrorKind};
use crate::run_options::RunOptions;
use crate::shadowed::Shadowed;
use crate::shared_value::SharedValue;

/// The part that both drivers have in common: a validated graph, its bodies, constants and cached programs.
pub(crate) struct Engine {
    pub(crate) graph: Arc<Graph>,
    pub(crate) bodies: Vec<Body>,
    /// Config values and shared inputs.
    pub(crate) constants: FxHashMap<Name, SharedValue>,
    pub(crate) adapter: AdapterSpec,
    pub(crate) options: RunOptions,
    /// The adapter's reasons against nodes that it cannot run.
    refusals: FxHashMap<Name, Refusal>,
    /// The nodes that other nodes or config values replace.
    pub(crate) shadowed: Vec<Shadowed>,
    /// The names of private functions, for suggestions.
    pub(crate) private: FxHashSet<&'static str>,
    pub(crate) programs: ProgramCache,
    /// The adapter that runs the items of expansions.
    items: ItemAdapter,
}

impl Engine {
    pub(crate) fn new(
        graph: Graph,
        bodies: Vec<Body>,
        constants: FxHashMap<Name, SharedValue>,
        adapter: AdapterSpec,
        options: RunOptions,
        items: ItemAdapter,
    ) -> Self {
        Self {
            graph: Arc::new(graph),
            bodies,
            constants,
            adapter,
            options,
            refusals: FxHashMap::default(),
            shadowed: Vec::new(),
            private: FxHashSet::default(),
            programs: ProgramCache::default(),
            items,
        }
    }

    /// Plans `outputs` and validates everything that does not depend on inputs. `overrides` are sorted.
    pub(crate) fn plan(
        &self,
        outputs: &[RequestedOutput],
        overrides: &[Name],
    ) -> Result<Program, RequestError> {
        let shape = self.graph.shape();
        let mut errors = RequestError::default();
        let names = || outputs.iter().map(|output| &output.name);
        // The override of a constant is a value of an input, so it leaves the plan as it is.
        let nodes = || overrides.iter().filter(|name| !self.constants.contains_key(*name));
        let planned = self.plan_names(names(), nodes()).or_else(|of_graph| {
            errors.extend(of_graph.map(RequestErrorKind::from));
            // The other outputs may have errors too.
            let known = names().filter(|name| shape.is_node(name) || shape.is_input(name));
            self.plan_names(known, nodes().filter(|name| shape.is_node(name)))
        });
        let Ok(PlannedProgram { program, block_nodes }) = planned else { return Err(errors) };
        let steps = program.plan().steps().map(|step| program.outline(step));
        let inner = block_nodes.iter().map(|node| self.graph.outline(*node));
        let outlines: Vec<&Outline> =
            steps.filter(|outline| outline.block_part().is_none()).chain(inner).collect();
        self.check_async_nodes(&outlines, &mut errors);
        self.check_refusals(&outlines, &mut errors);
        self.check_streams(&outlines, &mut errors);
        self.check_outputs(outputs, overrides, &mut errors);
        errors.into_result(program)
    }

    /// Plans the outputs and overrides that exist, if they can be planned.
    pub(crate) fn plan_known(&self, outputs: &[RequestedOutput], overrides: &[Name]) -> Option<Program> {
        let shape = self.graph.shape();
        let known = |name: &&Name| shape.is_node(name) || shape.is_input(name);
        let names = outputs.iter().map(|output| &output.name).filter(known);
        let overrides = overrides.iter().filter(|name| shape.is_node(name));
        self.plan_names(names, overrides).ok().map(|planned| planned.program)
    }

    /// Plans outputs, and replaces the blocks that they need.
    fn plan_names<'a>(
        &self,
        names: impl Iterator<Item = &'a Name> + Clone,
        overrides: impl Iterator<Item = &'a Name> + Clone,
    ) -> Result<PlannedProgram, Diagnostics<GraphError>> {
        if self.graph.blocks().is_empty() {
            let plan = icosian_graph::plan_overriding(&self.graph, names, overrides)?;
            let program = Program::from_plan(Arc::clone(&self.graph), plan, &self.bodies);
            let program = program.with_adapter_name(self.adapter.name());
            return Ok(PlannedProgram { program, block_nodes: Vec::new() });
        }
        let shape = self.graph.shape();
        let unknown = names.clone().filter(|name| !shape.is_node(name) && !shape.is_input(name));
        icosian_graph::plan_overriding(
            &self.graph,
            unknown,
            overrides.clone().filter(|name| !shape.is_node(name)),
        )?;
        let (names, overrides): (Vec<_>, Vec<_>) = (names.cloned().collect(), overrides.cloned().collect());
        let lowered =
            expand::lower(&self.graph, &self.bodies, &names, &overrides, &self.items, &self.options.hooks)?;
        let plan = icosian_graph::plan_overriding(&lowered.graph, &lowered.wanted, &overrides)?;
        let in_block = |name: &&Name| self.graph.blocks().of(name).is_some();
        let block_nodes = lowered.nodes.iter().filter(in_block).filter_map(|name| self.graph.node(name));
        let block_nodes = block_nodes.collect();
        let program = Program::from_plan(lowered.graph, plan, &lowered.bodies);
        let program = program.with_adapter_name(self.adapter.name());
        Ok(PlannedProgram { program: program.with_declared_graph(Arc::clone(&self.graph)), block_nodes })
    }

    /// Refuses sync functions that stream the results of nodes which only the adapter can run.
    fn check_streams(&self, outlines: &[&Outline], errors: &mut RequestError) {
        if !self.adapter.runs_async_nodes() {
            return;
        }
        let blocks = self.graph.blocks();
        for outline in outlines.iter().filter(|outline| outline.asyncness() == Asyncness::Sync) {
            // The graph of the request has replaced the parameters.
            let declared = self.graph.node(outline.name()).map(|node| self.graph.outline(node));
            let params = declared.map_or(&[][..], Outline::params).iter();
            let streams = params.filter(|param| param.is_stream());
            for block in streams.filter_map(|param| blocks.of_value(param.source())) {
                let is_inside = |name: &Name| {
                    std::iter::successors(blocks.of(name), |inner| blocks.parent(*inner))
                        .any(|it| it == block)
                };
                let reason = |inner: &&Outline| {
                    let name = inner.name();
                    let reason = if inner.asyncness() == Asyncness::Async {
                        format!("it is sync, and streams results of async node `{name}`")
                    } else if inner.limits().next().is_some() {
                        format!("it is sync, and streams results of node `{name}`, which has a limit")
                    } else {
                        return None;
                    };
                    is_inside(name).then_some(reason)
                };
                let Some(reason) = outlines.iter().find_map(reason) else { continue };
                let kind = RequestErrorKind::NodeRefused {
                    node: outline.name().clone(),
                    adapter: self.adapter.name(),
                    reason,
                    help: Some(format!("write `async fn {}`", outline.name())),
                };
                errors.push(Spanned::new(kind, self.mark(outline.name(), "this node")));
            }
        }
    }

    /// Records the nodes that the adapter cannot run. Requests that need them are refused.
    pub(crate) fn refuse_nodes(&mut self, refuse: impl Fn(&Outline) -> Option<Refusal>) {
        let outlines = || self.graph.nodes().map(|node| self.graph.outline(node));
        let refused = |outline: &Outline| Some((outline.name().clone(), refuse(outline)?));
        let mut refusals: FxHashMap<_, _> = outlines().filter_map(refused).collect();
        let mut groups: FxHashMap<&Name, (&Name, usize)> = FxHashMap::default();
        for outline in outlines() {
            let Some((group, number)) = outline
                .limits()
                .find_map(StartLimits::group)
                .and_then(|group| Some((group.name(), group.max_concurrency()?)))
            else {
                continue;
            };
            let (first, others) = *groups.entry(group).or_insert((outline.name(), number));
            if others != number {
                let reason = format!(
                    "node `{first}` sets a limit of {others} for group `{group}`, but this node sets {number}"
                );
                let help = format!("write the same `max_concurrency` for all nodes of group `{group}`");
                let refusal = Refusal::new(reason).with_help(help);
                refusals.insert(outline.name().clone(), refusal);
            }
        }
        self.refusals = refusals;
    }

    /// Refuses the nodes that the adapter cannot run.
    fn check_refusals(&self, outlines: &[&Outline], errors: &mut RequestError) {
        if self.refusals.is_empty() {
            return;
        }
        for outline in outlines {
            let Some(refusal) = self.refusals.get(outline.name()) else { continue };
            let kind = RequestErrorKind::NodeRefused {
                node: outline.name().clone(),
                adapter: self.adapter.name(),
                reason: refusal.reason().to_owned(),
                help: refusal.help().map(ToOwned::to_owned),
            };
            errors.push(Spanned::new(kind, self.mark(outline.name(), "this node")));
        }
    }

    fn check_async_nodes(&self, outlines: &[&Outline], errors: &mut RequestError) {
        if self.adapter.runs_async_nodes() {
            return;
        }
        for outline in outlines.iter().filter(|outline| outline.asyncness() == Asyncness::Async) {
            let kind =
                RequestErrorKind::AsyncNode { node: outline.name().clone(), adapter: self.adapter.name() };
            let mark = outline.location().map(|place| Label::new(place, "this node is async"));
            errors.push(Spanned::new(kind, mark.into_iter().collect()));
        }
    }

    /// Refuses outputs of another type, and outputs that are returned twice or shared but not `Clone`.
    fn check_outputs(&self, outputs: &[RequestedOutput], overrides: &[Name], errors: &mut RequestError) {
        let mut times: FxHashMap<&Name, usize> = FxHashMap::default();
        for RequestedOutput { name, value_type } in outputs {
            let seen = times.entry(name).or_default();
            *seen += 1;
            let Some(output) = self.output(name) else { continue };
            let overridden = overrides.binary_search(name).is_ok();
            if let (Some(requested), false) = (value_type, overridden)
                && *requested != output.value_type()
            {
                let actual = output.value_type();
                let block = self.graph.blocks().of_value(name);
                let kind = match block {
                    None => RequestErrorKind::WrongOutputType {
                        name: name.clone(),
                        requested: *requested,
                        actual,
                    },
                    Some(block) => {
                        let expander = self.graph.outline(self.graph.blocks().expander(block)).name().clone();
                        RequestErrorKind::OutputInBlock { name: name.clone(), expander, actual }
                    }
                };
                let label = if block.is_some() {
                    "runs once for each item".to_owned()
                } else {
                    format!("returns `{actual}`")
                };
                errors.push(Spanned::new(kind, self.mark(name, label)));
            }
            let is_shared = self.constants.contains_key(name) && !overridden;
            if output.is_cloneable() {
                continue;
            }
            let (name, value_type) = (name.clone(), output.value_type());
            if is_shared && *seen == 1 {
                errors.push(Spanned::new(RequestErrorKind::SharedOutput { name, value_type }, Vec::new()));
            } else if *seen == 2 && !is_shared {
                let kind = RequestErrorKind::RepeatedOutput { name: name.clone(), value_type };
                errors.push(Spanned::new(kind, self.mark(&name, "this node produces the output")));
            }
        }
    }

    /// Returns the description of an output that does not depend on inputs.
    pub(crate) fn output(&self, name: &Name) -> Option<Cow<'_, Output>> {
        let node = self.graph.node(name).map(|node| self.graph.outline(node).output());
        if self.graph.blocks().of_value(name).is_some() {
            return node.and_then(|output| output.collected(CollectionForm::Values)).map(Cow::Owned);
        }
        node.or_else(|| self.constants.get(name).map(|constant| &constant.output)).map(Cow::Borrowed)
    }

    fn place_of(&self, name: &Name) -> Option<Location> {
        self.graph.node(name).and_then(|node| self.graph.outline(node).location())
    }

    /// Marks the node of this name, if it has a location.
    pub(crate) fn mark(&self, name: &Name, label: impl Into<String>) -> Vec<Label> {
        self.place_of(name).map(|place| Label::new(place, label)).into_iter().collect()
    }
}

/// A program, and the nodes that its blocks run.
struct PlannedProgram {
    program: Program,
    block_nodes: Vec<NodeId>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} under `{}`", self.graph, self.adapter.name())
    }
}
