//! Events of hooks, and errors in hooks.

use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use icosian_adapter::{
    AbortReason, AsyncRun, ErrorPolicy, GraphAdapter, Hook, Hooks, NodeEnd, NodeInfo, NodeOutcome, Program,
    Run, RunEnd, RunInfo, SyncAdapter,
};
use icosian_core::{BoxError, Node, NodeError, Outline, Param};

/// Records its events, and fails or panics on request.
#[derive(Debug, Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    fails_at: Option<&'static str>,
    panics_at: Option<&'static str>,
}

impl Log {
    fn record(&self, line: String) -> Result<(), BoxError> {
        assert!(self.panics_at != Some(&*line), "no ink");
        let fails = self.fails_at == Some(&*line);
        self.lines.lock().unwrap().push(line);
        if fails { Err("no paper".into()) } else { Ok(()) }
    }

    fn lines(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap())
    }
}

impl Hook for Log {
    fn name(&self) -> &'static str {
        "log"
    }

    fn before_run(&self, _: &RunInfo<'_>) -> Result<(), BoxError> {
        self.record("run".to_owned())
    }

    fn after_run(&self, _: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        self.record(format!("run {end:?}"))
    }

    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        self.record(node.outline().name().to_string())
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let what = match end.outcome() {
            NodeOutcome::Succeeded => format!("{:?}", end.output::<u64>()),
            NodeOutcome::Failed(error) => error.to_string(),
            NodeOutcome::Cancelled => "cancelled".to_owned(),
            NodeOutcome::Skipped => "skipped".to_owned(),
        };
        self.record(format!("{} {what}", node.outline().name()))
    }
}

fn node(name: &'static str, reads: &[&'static str], gives: Result<u64, &'static str>) -> Node {
    let outline = reads
        .iter()
        .fold(Outline::new(name), |outline, read| outline.with_param(Param::borrowed::<u64>(*read)));
    Node::sync(outline, move |_| gives.map_err(NodeError::failed))
}

fn sync(program: &Program, log: &Arc<Log>, policy: ErrorPolicy) -> Result<(), Vec<String>> {
    let mut run = Run::new(program);
    run.values_mut().set_error_policy(policy);
    let began = run.values_mut().observe(&Hooks::default().with(Arc::clone(log)));
    let ran = began.and_then(|()| SyncAdapter.run(&mut run));
    run.values_mut().conclude(ran).map_err(|stops| stops.iter().map(ToString::to_string).collect())
}

#[test]
fn hooks_observe_start_and_end_of_each_node() {
    let program = Program::new([node("a", &[], Ok(1)), node("b", &["a"], Ok(2))], ["b"]).unwrap();
    let log = Arc::default();
    assert_eq!(sync(&program, &log, ErrorPolicy::FailFast), Ok(()));
    assert_eq!(log.lines(), ["run", "a", "a Some(1)", "b", "b Some(2)", "run Succeeded"]);
}

#[test]
fn first_failure_ends_run_and_is_observed() {
    let nodes = [node("a", &[], Err("no luck")), node("b", &["a"], Ok(2))];
    let program = Program::new(nodes, ["b"]).unwrap();
    let log = Arc::default();
    assert_eq!(sync(&program, &log, ErrorPolicy::FailFast), Err(vec!["step 0 failed: no luck".to_owned()]));
    assert_eq!(log.lines(), ["run", "a", "a no luck", "run Failed"]);
}

#[test]
fn collect_all_runs_independent_nodes() {
    let nodes = [
        node("a", &[], Err("no luck")),
        node("b", &["a"], Ok(2)),
        node("c", &["b"], Ok(3)),
        node("d", &[], Err("no time")),
        node("e", &[], Ok(5)),
        node("f", &["e"], Ok(6)),
    ];
    let program = Program::new(nodes, ["c", "d", "f"]).unwrap();
    let log = Arc::default();
    let failures = ["step 0 failed: no luck".to_owned(), "step 3 failed: no time".to_owned()];
    assert_eq!(sync(&program, &log, ErrorPolicy::CollectAll), Err(failures.into()));
    let events =
        ["a", "a no luck", "b skipped", "c skipped", "d", "d no time", "e", "e Some(5)", "f", "f Some(6)"];
    assert_eq!(log.lines(), [&["run"], &events[..], &["run Failed"]].concat());
}

#[test]
fn failed_hook_is_a_separate_error() {
    let program = Program::new([node("a", &[], Ok(1))], ["a"]).unwrap();
    for at in ["run", "a", "a Some(1)", "run Succeeded"] {
        for panics in [false, true] {
            let log =
                Log { fails_at: (!panics).then_some(at), panics_at: panics.then_some(at), ..Log::default() };
            let mut run = Run::new(&program);
            let began = run.values_mut().observe(&Hooks::default().with(log));
            let ran = began.and_then(|()| SyncAdapter.run(&mut run));
            let stops = run.values_mut().conclude(ran).unwrap_err();
            let [stop] = &stops[..] else { panic!("{at}: {stops:?}") };
            let AbortReason::Hook { hook, error } = stop.reason() else { panic!("{at}: {stop}") };
            let why = if panics { "it panicked: no ink" } else { "no paper" };
            assert_eq!((hook.as_str(), error.to_string().as_str()), ("log", why), "{at}");
        }
    }
}

#[test]
fn failed_node_takes_precedence_over_failed_hook() {
    let program = Program::new([node("a", &[], Err("no luck"))], ["a"]).unwrap();
    let log = Arc::new(Log { fails_at: Some("a no luck"), ..Log::default() });
    let both = ["step 0 failed: no luck".to_owned(), "hook `log` failed: no paper".to_owned()];
    assert_eq!(sync(&program, &log, ErrorPolicy::FailFast), Err(both.into()));
}

#[test]
fn dropped_run_reports_running_nodes_as_cancelled() {
    let waits = Node::future(Outline::new("waits"), |_| std::future::pending::<Result<u64, NodeError>>());
    let program = Program::new([waits, node("a", &[], Ok(1))], ["waits", "a"]).unwrap();
    let log = Arc::<Log>::default();
    let mut run = AsyncRun::new(&program);
    run.values_mut().observe(&Hooks::default().with(Arc::clone(&log))).unwrap();
    assert!(run.poll_jobs(&mut Context::from_waker(Waker::noop()), 10).is_pending());
    drop(run);
    assert_eq!(log.lines(), ["run", "waits", "a", "a Some(1)", "waits cancelled", "run Cancelled"]);
}

#[test]
fn hooks_observe_steps_of_other_threads() {
    let program = Program::new([node("a", &[], Ok(1)), node("b", &["a"], Err("no luck"))], ["b"]).unwrap();
    let log = Arc::<Log>::default();
    let mut run = Run::new(&program);
    run.values_mut().observe(&Hooks::default().with(Arc::clone(&log))).unwrap();
    let mut ran = Ok(());
    while let (Some(step), true) = (run.next_ready(), ran.is_ok()) {
        let detached = run.detach(step).unwrap();
        let executed = std::thread::spawn(|| detached.execute()).join().unwrap();
        ran = run.finish(executed);
    }
    assert!(run.values_mut().conclude(ran).is_err());
    drop(run);
    assert_eq!(log.lines(), ["run", "a", "a Some(1)", "b", "b no luck", "run Failed"]);
}
