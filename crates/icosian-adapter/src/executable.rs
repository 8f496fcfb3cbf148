use std::sync::Arc;

use icosian_core::node::Body;
use icosian_core::value::ArenaLayout;
use icosian_core::{Outline, RunContext};
use icosian_graph::{Graph, Plan, Step};

use crate::acceptance::Acceptance;
use crate::in_place_checks::InPlaceChecks;

/// A plan and the bodies of its steps, without the states of its runs.
#[derive(Debug)]
pub(crate) struct Executable {
    graph: Arc<Graph>,
    /// The graph that hooks see.
    declared: Arc<Graph>,
    /// The name of the adapter that hooks see; empty if it is unknown.
    adapter: &'static str,
    plan: Plan,
    bodies: Vec<Body>,
    /// The layout of the arena of a run.
    layout: Arc<ArenaLayout>,
    /// The cell of the run's context, if a node reads it.
    context: Option<u32>,
    /// The steps whose outputs are checked in place.
    checks: Option<InPlaceChecks>,
    /// The parameters that accept failures.
    acceptance: Option<Arc<Acceptance>>,
}

impl Executable {
    /// Returns the executable of a plan of `graph`, whose nodes have `bodies`, in the order of the nodes.
    pub(crate) fn new(graph: Arc<Graph>, plan: Plan, bodies: &[Body]) -> Self {
        let bodies: Vec<_> = plan.steps().map(|step| bodies[plan.node(step).position()].clone()).collect();
        let types = plan.steps().map(|step| Some(graph.outline(plan.node(step)).output().slot_type()));
        // Inputs and constants arrive in cells.
        let others = std::iter::repeat_n(None, plan.cells() - plan.steps().len());
        let layout = Arc::new(ArenaLayout::new(types.chain(others)));
        let context = plan.input(RunContext::INPUT).and_then(|input| u32::try_from(input.cell()).ok());
        let slot_type = |step| graph.outline(plan.node(step)).output().slot_type();
        let checks = InPlaceChecks::find(&plan, &bodies, |one, other| slot_type(one) == slot_type(other));
        let acceptance = Acceptance::find(&graph, &plan).map(Arc::new);
        Self {
            declared: Arc::clone(&graph),
            adapter: "",
            graph,
            plan,
            bodies,
            layout,
            context,
            checks,
            acceptance,
        }
    }

    pub(crate) fn graph(&self) -> &Arc<Graph> {
        &self.graph
    }

    /// Returns the graph that hooks see.
    pub(crate) fn declared(&self) -> &Arc<Graph> {
        &self.declared
    }

    /// Sets the graph that hooks see.
    pub(crate) fn set_declared(&mut self, graph: Arc<Graph>) {
        self.declared = graph;
    }

    /// Returns the name of the adapter that hooks see.
    pub(crate) fn adapter(&self) -> &'static str {
        self.adapter
    }

    /// Sets the name of the adapter that hooks see.
    pub(crate) fn set_adapter(&mut self, adapter: &'static str) {
        self.adapter = adapter;
    }

    #[inline]
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    #[inline]
    pub(crate) fn body(&self, step: Step) -> &Body {
        &self.bodies[step.position()]
    }

    /// Returns the bodies of the steps, in the plan's order.
    pub(crate) fn bodies(&self) -> &[Body] {
        &self.bodies
    }

    /// Returns the steps whose outputs are checked in place, if there are any.
    #[inline]
    pub(crate) fn in_place_checks(&self) -> Option<&InPlaceChecks> {
        self.checks.as_ref()
    }

    pub(crate) fn outline(&self, step: Step) -> &Outline {
        self.graph.outline(self.plan.node(step))
    }

    /// Returns the parameters that accept failures, if there are any.
    pub(crate) fn acceptance(&self) -> Option<&Arc<Acceptance>> {
        self.acceptance.as_ref()
    }

    pub(crate) fn layout(&self) -> &Arc<ArenaLayout> {
        &self.layout
    }

    /// Returns the cell of the run's context, if a node reads it.
    pub(crate) fn context_cell(&self) -> Option<usize> {
        self.context.map(|cell| cell as usize)
    }
}
