//! The steps whose outputs are checked and forwarded in place.

use icosian_core::node::{Body, InPlace};
use icosian_core::value::{Arena, ErasedRef};
use icosian_graph::{Plan, Step};

/// A step, the checks of its output, and the step that forwards the output if the checks pass. They are adjacent in the plan.
///
/// Nothing else reads the output or the results of the checks. A run in the plan's order therefore stores the output in the slot of
/// `end`, and validates it there. If a check fails, the output moves to the slot of `step`, and the run executes all steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CheckedStep {
    pub(crate) step: Step,
    pub(crate) end: Step,
}

impl CheckedStep {
    /// Validates the output in the slot of `end`. Returns whether all checks pass.
    ///
    /// If one fails, the output moves to the slot of the step that computes it. `visit` is called with each check before it runs.
    pub(crate) fn validate(self, bodies: &[Body], values: &mut Arena, visit: impl Fn(Step)) -> bool {
        let value = values.value(self.end.position());
        let passed = (self.step.cell() + 1..self.end.cell()).map(Step::new).all(|check| {
            visit(check);
            passes(&bodies[check.position()], value)
        });
        if !passed {
            values.relocate(self.end.position(), self.step.position());
        }
        passed
    }
}

/// The checked steps of a plan.
#[derive(Debug)]
pub(crate) struct InPlaceChecks {
    /// For each step, the number of its checks.
    counts: Vec<u32>,
}

impl InPlaceChecks {
    /// Returns the checked steps of a plan; `None` if there is none. `has_same_type` compares the output types of two steps.
    pub(crate) fn find(
        plan: &Plan,
        bodies: &[Body],
        has_same_type: impl Fn(Step, Step) -> bool,
    ) -> Option<Self> {
        let mut counts = Vec::new();
        let ends = plan.steps().zip(bodies);
        let ends = ends.filter(|(_, body)| matches!(body.in_place(), Some(InPlace::Forward)));
        for checked in ends.filter_map(|(end, _)| checked_step(plan, bodies, end)) {
            if has_same_type(checked.step, checked.end) {
                counts.resize(plan.steps().len(), 0);
                counts[checked.step.position()] = checked.end.cell() - checked.step.cell() - 1;
            }
        }
        (!counts.is_empty()).then_some(Self { counts })
    }

    /// Returns the step with its checks; `None` if its output is not checked in place.
    #[inline]
    pub(crate) fn of(&self, step: Step) -> Option<CheckedStep> {
        let checks = self.counts[step.position()];
        (checks > 0).then(|| CheckedStep { step, end: Step::new(step.cell() + checks + 1) })
    }
}

/// Returns the step whose output `end` forwards, if only the checks between both and `end` itself read the output.
fn checked_step(plan: &Plan, bodies: &[Body], end: Step) -> Option<CheckedStep> {
    let [first, checks @ ..] = plan.ports(end) else { return None };
    let step = plan.step(first.cell as usize)?;
    let checks_read = u32::try_from(checks.len()).ok().filter(|checks| *checks > 0)?;
    let is_adjacent = end.cell() == step.cell() + checks_read + 1;
    let is_only_reader = plan.reads()[step.position()] == checks_read + 1;
    let mut checks = checks.iter().zip(step.cell() + 1..);
    let are_checks = is_adjacent
        && checks.all(|(port, at)| {
            let position = at as usize;
            port.cell == at
                && plan.reads()[position] == 1
                && matches!(plan.ports(Step::new(at)), [read] if read.cell == step.cell())
                && matches!(bodies[position].in_place(), Some(InPlace::Check(_)))
        });
    (is_only_reader && are_checks).then_some(CheckedStep { step, end })
}

/// Returns whether `value` passes the check of a body.
fn passes(check: &Body, value: Option<ErasedRef<'_>>) -> bool {
    let Some(InPlace::Check(passes)) = check.in_place() else { return false };
    value.is_some_and(passes)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use icosian_core::node::Args;
    use icosian_core::value::Alias;
    use icosian_core::{Node, NodeError, Outline, Output, Param};

    use super::*;
    use crate::{GraphAdapter, Program, Run, SyncAdapter};

    /// Returns a node, the check that it is below 10, and the node that forwards it. `calls` counts the calls of the check.
    fn nodes(calls: &Arc<AtomicUsize>) -> [Node; 3] {
        let raw = Outline::new("raw")
            .with_param(Param::taken::<u64>("input").with_clone())
            .with_output(Output::of::<u64>().cloneable::<u64>());
        let raw = Node::sync(raw, |args| Ok(args.take::<u64>(0) + 1));
        let check = Outline::new("check").with_param(Param::borrowed::<u64>("raw"));
        let calls = Arc::clone(calls);
        let function = move |args: &mut Args<'_>| {
            calls.fetch_add(1, Ordering::Relaxed);
            Ok(*args.borrow::<u64>(0) < 10)
        };
        let passes = |value: ErasedRef<'_>| value.get::<u64>().is_some_and(|value| *value < 10);
        let check = Node::from_parts(
            check.with_output(Output::of::<bool>().cloneable::<bool>()),
            Body::check(function, passes),
        );
        let end = Outline::new("end")
            .with_param(Param::taken::<u64>("raw").with_clone())
            .with_param(Param::borrowed::<bool>("check"))
            .with_output(Output::of::<u64>().cloneable::<u64>().with_alias(Alias::Whole(0)));
        let forward = Body::forward_checked(|args: &mut Args<'_>| {
            if !*args.borrow::<bool>(1) {
                return Err(NodeError::failed("the check failed"));
            }
            args.forward(0);
            Ok(())
        });
        [raw, check, Node::from_parts(end, forward)]
    }

    /// Runs the nodes, and returns the first wanted output and the number of calls of the check.
    fn run(wanted: &[&str], input: u64) -> (Result<Option<u64>, String>, usize) {
        let calls = Arc::new(AtomicUsize::new(0));
        let program = Program::new(nodes(&calls), wanted).expect("the graph is valid");
        let mut run = Run::new(&program);
        run.values_mut().fill(program.plan().inputs()[0].cell(), input);
        let ran = SyncAdapter.run(&mut run).map_err(|abort| abort.to_string());
        (ran.map(|()| run.values_mut().take(0)), calls.load(Ordering::Relaxed))
    }

    #[test]
    fn passed_check_calls_no_check_node() {
        assert_eq!(run(&["end"], 3), (Ok(Some(4)), 0));
    }

    #[test]
    fn failed_check_fails_in_its_own_steps() {
        assert_eq!(run(&["end"], 30), (Err("step 2 failed: the check failed".to_owned()), 1));
    }

    #[test]
    fn wanted_nodes_run_as_steps() {
        assert_eq!(run(&["raw", "end"], 3), (Ok(Some(4)), 1));
        assert_eq!(run(&["end", "check"], 3), (Ok(Some(4)), 1));
    }
}
