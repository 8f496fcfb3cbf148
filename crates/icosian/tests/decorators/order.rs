//! The calls of hooks during a run, in a form that does not depend on the order of concurrent nodes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use icosian::{BoxError, Hook, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo};

/// The recorded calls, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Diary(Arc<Mutex<Vec<HookCall>>>);

#[derive(Clone, Debug)]
enum HookCall {
    RunBegan {
        nodes: BTreeMap<String, BTreeSet<String>>,
    },
    /// The id, and the name if the node runs once.
    NodeBegan(String, Option<String>),
    NodeEnded(String, &'static str),
    RunEnded(RunEnd),
}

impl Diary {
    fn record(&self, call: HookCall) {
        self.0.lock().expect("no hook panics while it records").push(call);
    }

    /// Checks the order of the calls, and returns the calls of each node and of the run for comparison.
    pub(crate) fn read(&self, what: &str) -> Vec<String> {
        let calls = std::mem::take(&mut *self.0.lock().expect("no hook panics while it records"));
        let mut calls = calls.into_iter();
        let Some(HookCall::RunBegan { nodes }) = calls.next() else {
            panic!("{what}: the first call is not the start of the run")
        };
        let mut lines: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut ended = BTreeSet::new();
        let mut end = None;
        for call in calls {
            assert_eq!(end, None, "{what}: {call:?} comes after the end of the run");
            match call {
                HookCall::RunBegan { .. } => panic!("{what}: the run starts twice"),
                HookCall::NodeBegan(id, name) => {
                    let sources = name.iter().flat_map(|name| &nodes[name]);
                    let waits_for = sources.filter(|source| nodes.contains_key(*source));
                    let missing: Vec<_> = waits_for.filter(|source| !ended.contains(*source)).collect();
                    assert!(missing.is_empty(), "{what}: `{id}` began before {missing:?} ended");
                    lines.entry(id).or_default().push("began");
                }
                HookCall::NodeEnded(name, how) => {
                    ended.insert(name.clone());
                    lines.entry(name).or_default().push(how);
                }
                HookCall::RunEnded(how) => end = Some(how),
            }
        }
        let end = end.unwrap_or_else(|| panic!("{what}: the run has no end"));
        let nodes = lines.into_iter().map(|(name, calls)| format!("{name}: {}", calls.join(", ")));
        nodes.chain([format!("run: {end:?}")]).collect()
    }
}

impl Hook for Diary {
    fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        let graph = run.graph();
        let outlines = graph.nodes().map(|node| graph.outline(node));
        let sources = |outline: &icosian::Outline| {
            outline.params().iter().map(|param| param.source().to_string()).collect()
        };
        let nodes = outlines.map(|outline| (outline.name().to_string(), sources(outline))).collect();
        self.record(HookCall::RunBegan { nodes });
        Ok(())
    }

    fn after_run(&self, _: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        self.record(HookCall::RunEnded(end));
        Ok(())
    }

    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        // The nodes of a block begin once for each item, and the nodes that collect wait for all items.
        let runs_once = node.items().is_empty()
            && node.outline().params().iter().all(|param| !param.source().contains('['));
        self.record(HookCall::NodeBegan(node.id(), runs_once.then(|| node.outline().name().to_string())));
        Ok(())
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let how = match end.outcome() {
            NodeOutcome::Succeeded => "succeeded",
            NodeOutcome::Failed(_) => "failed",
            NodeOutcome::Cancelled => "cancelled",
            NodeOutcome::Skipped => "skipped",
        };
        self.record(HookCall::NodeEnded(node.id(), how));
        Ok(())
    }
}
