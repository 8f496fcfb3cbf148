//! What a hook is told of a run, in a form that does not depend on what runs beside what.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use icosian::{BoxError, Hook, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo};

/// What has been told, in the order in which it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct Diary(Arc<Mutex<Vec<Told>>>);

#[derive(Clone, Debug)]
enum Told {
    RunBegan { nodes: BTreeMap<String, BTreeSet<String>> },
    NodeBegan(String),
    NodeEnded(String, &'static str),
    RunEnded(RunEnd),
}

impl Diary {
    fn tell(&self, told: Told) {
        self.0.lock().expect("nobody panics while telling").push(told);
    }

    /// Checks that all was told in its order, and returns what was told of each node and of the run, for comparison.
    pub(crate) fn read(&self, what: &str) -> Vec<String> {
        let told = std::mem::take(&mut *self.0.lock().expect("nobody panics while telling"));
        let mut told = told.into_iter();
        let Some(Told::RunBegan { nodes }) = told.next() else { panic!("{what}: the run is not told first") };
        let mut lines: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut ended = BTreeSet::new();
        let mut end = None;
        for told in told {
            assert_eq!(end, None, "{what}: {told:?} is told after the end");
            match told {
                Told::RunBegan { .. } => panic!("{what}: the run is told twice"),
                Told::NodeBegan(name) => {
                    let waits_for = nodes[&name].iter().filter(|source| nodes.contains_key(*source));
                    let missing: Vec<_> = waits_for.filter(|source| !ended.contains(*source)).collect();
                    assert!(missing.is_empty(), "{what}: `{name}` began before {missing:?} ended");
                    lines.entry(name).or_default().push("began");
                }
                Told::NodeEnded(name, how) => {
                    ended.insert(name.clone());
                    lines.entry(name).or_default().push(how);
                }
                Told::RunEnded(how) => end = Some(how),
            }
        }
        let end = end.unwrap_or_else(|| panic!("{what}: the end is not told"));
        let nodes = lines.into_iter().map(|(name, told)| format!("{name}: {}", told.join(", ")));
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
        self.tell(Told::RunBegan { nodes });
        Ok(())
    }

    fn after_run(&self, _: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        self.tell(Told::RunEnded(end));
        Ok(())
    }

    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        self.tell(Told::NodeBegan(node.outline().name().to_string()));
        Ok(())
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let how = match end.outcome() {
            NodeOutcome::Succeeded => "succeeded",
            NodeOutcome::Failed(_) => "failed",
            NodeOutcome::Cancelled => "cancelled",
            NodeOutcome::Skipped => "skipped",
        };
        self.tell(Told::NodeEnded(node.outline().name().to_string(), how));
        Ok(())
    }
}
