use std::sync::Arc;

use icosian_core::{Outline, Param};
use icosian_graph::{Graph, Plan, Step};

/// The effect of a failure on the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    /// A wanted output is missing.
    Fatal,
    /// All consumers of the missing values accept the failure, so the run has all wanted outputs.
    Survivable,
}

/// The parameters of a plan that accept failures, and the failures that the run survives.
///
/// It exists only if a parameter of the plan accepts a failure.
#[derive(Debug)]
pub(crate) struct Acceptance {
    graph: Arc<Graph>,
    /// For each cell, the effect of a missing value.
    severity: Vec<Severity>,
    /// For each cell, whether a parameter accepts a missing value.
    is_accepted: Vec<bool>,
}

impl Acceptance {
    /// Returns the acceptance of a plan; `None` if no parameter accepts a failure.
    pub(crate) fn find(graph: &Arc<Graph>, plan: &Plan) -> Option<Self> {
        let outline = |step| graph.outline(plan.node(step));
        if !plan.steps().any(|step| outline(step).params().iter().any(Param::accepts_failure)) {
            return None;
        }
        let mut severity = vec![Severity::Survivable; plan.cells()];
        let mut is_accepted = vec![false; plan.cells()];
        for wanted in plan.wanted() {
            severity[*wanted as usize] = Severity::Fatal;
        }
        // The consumers of a cell are later steps, so the severity of a step's own cell is final when it is visited.
        for step in plan.steps().rev() {
            let own = severity[step.position()];
            for (port, param) in plan.ports(step).iter().zip(outline(step).params()) {
                let cell = port.cell as usize;
                if param.accepts_failure() {
                    is_accepted[cell] = true;
                } else if own == Severity::Fatal {
                    severity[cell] = Severity::Fatal;
                }
            }
        }
        Some(Self { graph: Arc::clone(graph), severity, is_accepted })
    }

    /// Returns the effect of a failure of the step or input of `cell`.
    pub(crate) fn severity(&self, cell: usize) -> Severity {
        self.severity[cell]
    }

    /// Returns whether a parameter accepts that the value of `cell` is missing.
    pub(crate) fn is_accepted(&self, cell: usize) -> bool {
        self.is_accepted[cell]
    }

    /// Returns whether the parameter of `step` at `position` accepts a failure.
    pub(crate) fn accepts(&self, plan: &Plan, step: Step, position: usize) -> bool {
        self.outline(plan, step).params().get(position).is_some_and(Param::accepts_failure)
    }

    pub(crate) fn outline(&self, plan: &Plan, step: Step) -> &Outline {
        self.graph.outline(plan.node(step))
    }
}

#[cfg(test)]
mod tests {
    use icosian_core::Node;

    use super::*;
    use crate::Program;

    fn node(name: &'static str, params: impl IntoIterator<Item = Param>) -> Node {
        let outline = params.into_iter().fold(Outline::new(name), Outline::with_param);
        Node::sync(outline.with_output_type::<u64>(), |_| Ok(1_u64))
    }

    /// Returns the severity of each step and input, by name, if `wanted` are requested.
    fn severities(nodes: Vec<Node>, wanted: &[&str]) -> Option<String> {
        let program = Program::new(nodes, wanted).expect("the graph is valid");
        let plan = program.plan();
        let acceptance = Acceptance::find(&Arc::new(program.graph().clone()), plan)?;
        let steps = plan.steps().map(|step| (program.outline(step).name().clone(), step.position()));
        let inputs = plan.inputs().iter().map(|input| (input.name().clone(), input.cell()));
        let mut all: Vec<_> = steps
            .chain(inputs)
            .map(|(name, cell)| format!("{name} {:?}", acceptance.severity(cell)))
            .collect();
        all.sort();
        Some(all.join(", "))
    }

    fn diamond() -> Vec<Node> {
        vec![
            node("source", [Param::borrowed::<u64>("input")]),
            node("plain", [Param::borrowed::<u64>("source")]),
            node("graceful", [Param::result::<u64>("plain"), Param::result::<u64>("source")]),
        ]
    }

    #[test]
    fn failure_is_survivable_if_every_path_to_an_output_has_a_consumer_that_accepts_it() {
        let expect = "graceful Fatal, input Survivable, plain Survivable, source Survivable";
        assert_eq!(severities(diamond(), &["graceful"]).as_deref(), Some(expect));
    }

    #[test]
    fn failure_of_a_requested_output_and_of_its_sources_is_fatal() {
        let expect = "graceful Fatal, input Fatal, plain Fatal, source Fatal";
        assert_eq!(severities(diamond(), &["graceful", "plain"]).as_deref(), Some(expect));
        let expect = "graceful Fatal, input Fatal, plain Survivable, source Fatal";
        assert_eq!(severities(diamond(), &["source", "graceful"]).as_deref(), Some(expect));
    }

    #[test]
    fn plan_without_accepting_parameters_has_no_acceptance() {
        assert_eq!(severities(diamond(), &["plain"]), None);
    }
}
