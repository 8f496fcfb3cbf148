//! The nodes of a case, and the observations of their runs.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use icosian::prelude::*;
use icosian::{
    BoxError, ErrorPolicy, Group, Hook, Node, NodeEnd, NodeError, NodeInfo, NodeOutcome, Outline, Output,
    Param, RunEnd, RunError, RunInfo,
};
use proptest::prelude::*;

use super::case::{Case, Fault, Made, Step, Way, give_way, made, name};

/// Counts runs of nodes, and switches the faults of nodes on and off.
#[derive(Debug)]
pub(super) struct Watch {
    armed: AtomicBool,
    runs: Vec<AtomicUsize>,
    faults: BTreeMap<usize, Fault>,
}

impl Watch {
    pub(super) fn new(case: &Case) -> Arc<Self> {
        let runs = case.nodes.iter().map(|_| AtomicUsize::new(0)).collect();
        Arc::new(Self { armed: AtomicBool::new(true), runs, faults: case.faults.clone() })
    }

    /// Disables all faults.
    pub(super) fn disarm(&self) {
        self.armed.store(false, Ordering::SeqCst);
    }

    fn ran(&self, node: usize) {
        self.runs[node].fetch_add(1, Ordering::SeqCst);
    }

    fn outcome(&self, node: usize, value: u64) -> Result<u64, NodeError> {
        let fault = self.faults.get(&node).filter(|_| self.armed.load(Ordering::SeqCst));
        let why = || format!("{} has no luck", name(node));
        match fault {
            None => Ok(value),
            Some(Fault::Fails) => Err(NodeError::failed(why())),
            // Unlike `panic!`, this prints no message.
            Some(Fault::Panics) => resume_unwind(Box::new(why())),
        }
    }
}

/// Counts the calls of hooks.
#[derive(Debug, Default)]
pub(super) struct HookTally(Mutex<Tally>);

#[derive(Debug, Default)]
struct Tally {
    began: Vec<String>,
    succeeded: usize,
    failed: BTreeSet<String>,
    cancelled: usize,
    skipped: BTreeSet<String>,
    runs: Vec<RunEnd>,
}

impl Hook for HookTally {
    fn after_run(&self, _: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        self.0.lock().unwrap().runs.push(end);
        Ok(())
    }

    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        self.0.lock().unwrap().began.push(node.outline().name().to_string());
        Ok(())
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let mut tally = self.0.lock().unwrap();
        let name = node.outline().name().to_string();
        match end.outcome() {
            NodeOutcome::Succeeded => {
                assert!(end.output::<u64>().is_some(), "{name} has its output");
                tally.succeeded += 1;
            }
            NodeOutcome::Failed(_) => assert!(tally.failed.insert(name), "it fails once"),
            NodeOutcome::Cancelled => tally.cancelled += 1,
            NodeOutcome::Skipped => assert!(tally.skipped.insert(name), "it is skipped once"),
        }
        Ok(())
    }
}

impl Case {
    pub(super) fn dataflow(&self, watch: &Arc<Watch>) -> Dataflow {
        let nodes = self.nodes.iter().enumerate().map(|(at, step)| node(at, step, watch));
        nodes.fold(Dataflow::new("random"), Dataflow::with_node)
    }

    /// Compares the result and the observations of an execution with the expectation.
    pub(super) fn judge(
        &self,
        given: Result<NamedValues, ExecuteError>,
        watch: &Watch,
        hook_tally: &HookTally,
    ) -> Result<(), TestCaseError> {
        let expected = self.expected(watch.armed.load(Ordering::SeqCst));
        let ran: Vec<_> = watch.runs.iter().map(|runs| runs.swap(0, Ordering::SeqCst)).collect();
        let tally = std::mem::take(&mut *hook_tally.0.lock().unwrap());
        let names = |nodes: &BTreeSet<usize>| nodes.iter().map(|node| name(*node)).collect::<BTreeSet<_>>();
        let once = |skipped: &BTreeSet<usize>| -> Vec<usize> {
            let runs = |node| expected.needed.contains(&node) && !skipped.contains(&node);
            (0..self.nodes.len()).map(|node| usize::from(runs(node))).collect()
        };
        prop_assert!(tally.runs.len() == usize::from(self.observed), "{:?}", tally);
        let ended = |tally: &Tally| tally.succeeded + tally.failed.len() + tally.cancelled;
        if self.observed {
            prop_assert_eq!(tally.began.len(), ended(&tally), "each that began has ended");
        }
        prop_assert_eq!(expected.fatal.is_empty(), expected.outputs.is_some(), "the reference is consistent");
        if let Some(outputs) = expected.outputs {
            let given = given.map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
            let given: Vec<_> = given.iter().map(|(_, value)| value.get::<u64>().copied()).collect();
            prop_assert_eq!(given, outputs.into_iter().map(Some).collect::<Vec<_>>());
            prop_assert_eq!(ran, once(&expected.skipped), "each node that can runs once, and no other");
            if self.observed {
                prop_assert_eq!(&tally.runs, &[RunEnd::Succeeded]);
                prop_assert_eq!(&tally.failed, &names(&expected.failing));
                prop_assert_eq!(&tally.skipped, &names(&expected.skipped));
                prop_assert_eq!(tally.cancelled, 0);
                prop_assert_eq!(ended(&tally), expected.needed.len() - expected.skipped.len());
            }
            return Ok(());
        }
        let Err(ExecuteError::Failed(failures)) = given else {
            return Err(TestCaseError::fail(format!("it should fail, but {given:?}")));
        };
        let mut failed = BTreeSet::new();
        for failure in &failures {
            let (node, why, path) = match failure.kind() {
                RunError::NodeFailed { node, source, path } => (node, source.to_string(), path),
                RunError::NodePanicked { node, message, path } => (node, message.clone(), path),
                other => return Err(TestCaseError::fail(format!("{other:?}"))),
            };
            prop_assert_eq!(why, format!("{} has no luck", node));
            prop_assert_eq!(path.first(), Some(node));
            prop_assert!(path.last().is_some_and(|last| self.names().contains(&last.to_string())));
            prop_assert!(failed.insert(node.to_string()), "{} is reported twice", node);
        }
        let failing = names(&expected.failing);
        if self.policy == ErrorPolicy::CollectAll {
            prop_assert_eq!(&failed, &failing, "every failure is reported");
            prop_assert_eq!(ran, once(&expected.skipped), "all runs that can, and nothing else");
            if self.observed {
                prop_assert_eq!(&tally.failed, &failing);
                prop_assert_eq!(&tally.skipped, &names(&expected.skipped));
                prop_assert_eq!(tally.cancelled, 0);
            }
        } else {
            let is_fatal = failed.len() == 1 && failed.is_subset(&names(&expected.fatal));
            prop_assert!(is_fatal, "{:?} failed", failed);
            for (node, times) in ran.into_iter().enumerate() {
                let runs = usize::from(expected.needed.contains(&node) && !expected.skipped.contains(&node));
                prop_assert!(times <= runs, "node {} ran {} times", node, times);
            }
            prop_assert!(tally.skipped.is_subset(&names(&expected.skipped)));
        }
        prop_assert!(tally.runs.iter().all(|end| *end == RunEnd::Failed), "{:?}", tally);
        Ok(())
    }
}

fn node(at: usize, step: &Step, watch: &Arc<Watch>) -> Node {
    let outline = Outline::new(name(at))
        .with_output(Output::of::<u64>().cloneable::<u64>())
        .with_placement(step.placement);
    let outline = step.reads.iter().fold(outline, |outline, (read, way)| {
        outline.with_param(match way {
            Way::Borrow => Param::borrowed::<u64>(name(*read)),
            Way::Take => Param::taken::<u64>(name(*read)).with_clone(),
            Way::Accept => Param::result::<u64>(name(*read)),
        })
    });
    let outline =
        if step.grouped { outline.with_group(Group::new("few").with_max_concurrency(2)) } else { outline };
    let context = step.asks.then_some(step.reads.len());
    let outline =
        if step.asks { outline.with_param(Param::borrowed::<RunContext>("context")) } else { outline };
    let (ways, watch): (Vec<_>, _) = (step.reads.iter().map(|(_, way)| *way).collect(), Arc::clone(watch));
    let Some(yields) = step.yields else {
        return Node::sync(outline, move |args| {
            watch.ran(at);
            if let Some(context) = context {
                assert!(args.borrow::<RunContext>(context).id().number() > 0);
            }
            let read = |(position, way): (usize, &Way)| match way {
                Way::Borrow => Ok(*args.borrow::<u64>(position)),
                Way::Take => Ok(args.take::<u64>(position)),
                Way::Accept => accepted(args.result::<u64>(position)),
            };
            let reads: Vec<_> = ways.iter().enumerate().map(read).collect();
            watch.outcome(at, made(at, reads.into_iter()))
        });
    };
    Node::future(outline, move |args| {
        watch.ran(at);
        let positions = |wanted: Way| {
            let ways = ways.iter().copied().enumerate();
            ways.filter(move |(_, way)| *way == wanted).map(|(position, _)| position).collect::<Vec<_>>()
        };
        let take = |position| (position, Ok(args.take::<u64>(position)));
        let mut reads: Vec<_> = positions(Way::Take).into_iter().map(take).collect();
        let (lent, accepting) = (positions(Way::Borrow), positions(Way::Accept));
        let leased = args.lease_all();
        let watch = Arc::clone(&watch);
        async move {
            give_way(yields).await;
            let context = context.map(|context| leased.borrow::<RunContext>(context));
            assert!(context.is_none_or(|context| context.id().number() > 0));
            reads.extend(lent.into_iter().map(|position| (position, Ok(*leased.borrow::<u64>(position)))));
            let accept = |position| (position, accepted(leased.result::<u64>(position)));
            reads.extend(accepting.into_iter().map(accept));
            reads.sort_unstable();
            watch.outcome(at, made(at, reads.into_iter().map(|(_, read)| read)))
        }
    })
}

/// Returns the value of a `Result` parameter, or the node that failed.
fn accepted(read: Result<&u64, &NodeError>) -> Made {
    read.copied().map_err(|error| {
        let upstream = error.upstream().expect("another node failed");
        let failed = upstream.node();
        assert_eq!(upstream.path().first(), Some(failed));
        assert_eq!(upstream.error().to_string(), format!("{failed} has no luck"));
        failed.trim_start_matches('v').parse().expect("the name has the position")
    })
}
