//! Parameters that accept the failures of other nodes.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use icosian_adapter::{
    AbortReason, AsyncRun, ErrorPolicy, GraphAdapter, Hook, Hooks, NodeEnd, NodeInfo, NodeOutcome, Program,
    Progress, Run, RunEnd, RunInfo, SyncAdapter,
};
use icosian_core::node::Task;
use icosian_core::{BoxError, Node, NodeError, Outline, Param, RunContext};

/// Returns a node that fails.
fn broken(name: &'static str) -> Node {
    Node::sync(Outline::new(name).with_output_type::<u64>(), |_| Err::<u64, _>(NodeError::failed("no luck")))
}

/// Returns a node that borrows `reads` and returns 1.
fn plain(name: &'static str, reads: &[&'static str]) -> Node {
    let outline = Outline::new(name).with_output_type::<u64>();
    let outline =
        reads.iter().fold(outline, |outline, read| outline.with_param(Param::borrowed::<u64>(*read)));
    Node::sync(outline, |_| Ok(1_u64))
}

/// Returns a node that accepts failures of `reads`, and describes its arguments.
fn graceful(name: &'static str, reads: &[&'static str]) -> Node {
    let outline = Outline::new(name).with_output_type::<String>();
    let outline = reads.iter().fold(outline, |outline, read| outline.with_param(Param::result::<u64>(*read)));
    Node::sync(outline, |args| {
        let describe = |position| match args.result::<u64>(position) {
            Ok(value) => value.to_string(),
            Err(error) => match error.upstream() {
                Some(upstream) => format!("{error} ({})", upstream.path().join(" > ")),
                None => format!("not upstream: {error}"),
            },
        };
        Ok((0..args.len()).map(describe).collect::<Vec<_>>().join("; "))
    })
}

#[derive(Debug, Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    fails_at: Option<&'static str>,
}

impl Log {
    fn record(&self, line: String) -> Result<(), BoxError> {
        let fails = self.fails_at == Some(&*line);
        self.lines.lock().unwrap().push(line);
        if fails { Err("no paper".into()) } else { Ok(()) }
    }
}

impl Hook for Log {
    fn after_run(&self, _: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        self.record(format!("run {end:?}"))
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let outcome = match end.outcome() {
            NodeOutcome::Succeeded => "succeeded",
            NodeOutcome::Failed(_) => "failed",
            NodeOutcome::Cancelled => "cancelled",
            NodeOutcome::Skipped => "skipped",
        };
        self.record(format!("{} {outcome}", node.outline().name()))
    }
}

/// Runs a program, and returns its first output or its failures, and the calls of a hook.
fn run(program: &Program, policy: ErrorPolicy, log: Log) -> (Result<String, Vec<String>>, Vec<String>) {
    let log = Arc::new(log);
    let mut run = Run::new(program);
    run.values_mut().set_error_policy(policy);
    let began = run.values_mut().observe(&Hooks::default().with(Arc::clone(&log)));
    let ran = began.and_then(|()| SyncAdapter.run(&mut run));
    let concluded = run.values_mut().conclude(ran);
    let result = match concluded {
        Ok(()) => {
            let output = run.values_mut().take::<String>(0).expect("the output is complete");
            run.end();
            Ok(output)
        }
        Err(aborts) => {
            drop(run);
            Err(aborts.iter().map(ToString::to_string).collect())
        }
    };
    (result, std::mem::take(&mut *log.lines.lock().unwrap()))
}

#[test]
fn failure_and_skipped_nodes_reach_the_consumer_that_accepts_them() {
    let nodes = [
        broken("a"),
        plain("b", &["a"]),
        plain("c", &["b"]),
        plain("d", &[]),
        graceful("report", &["a", "c", "d"]),
    ];
    let program = Program::new(nodes, ["report"]).unwrap();
    let expect = "node `a` failed: no luck (a); node `a` failed: no luck (a > b > c); 1";
    // The second run reuses the memory of the first.
    for policy in [ErrorPolicy::FailFast, ErrorPolicy::CollectAll, ErrorPolicy::FailFast] {
        let (result, log) = run(&program, policy, Log::default());
        assert_eq!(result.as_deref(), Ok(expect));
        let events =
            ["a failed", "b skipped", "c skipped", "d succeeded", "report succeeded", "run Succeeded"];
        assert_eq!(log, events);
    }
}

#[test]
fn failure_that_a_requested_output_needs_ends_the_run_at_once() {
    let nodes = [broken("a"), plain("b", &["a"]), graceful("report", &["a"])];
    let program = Program::new(nodes, ["report", "b"]).unwrap();
    let (result, log) = run(&program, ErrorPolicy::FailFast, Log::default());
    assert_eq!(result, Err(vec!["step 0 failed: no luck".to_owned()]));
    assert_eq!(log, ["a failed", "run Failed"]);

    let (result, log) = run(&program, ErrorPolicy::CollectAll, Log::default());
    assert_eq!(result, Err(vec!["step 0 failed: no luck".to_owned()]));
    assert_eq!(log, ["a failed", "b skipped", "report succeeded", "run Failed"]);
}

#[test]
fn collect_all_reports_accepted_failures_only_beside_a_fatal_one() {
    let nodes = || [broken("a"), broken("b"), graceful("report", &["a"]), plain("c", &["b"])];
    let failures = |wanted: &[&str], policy| {
        let program = Program::new(nodes(), wanted).unwrap();
        run(&program, policy, Log::default()).0.map(|_| ())
    };
    assert_eq!(failures(&["report"], ErrorPolicy::CollectAll), Ok(()));
    let all = failures(&["report", "c"], ErrorPolicy::CollectAll).unwrap_err();
    assert_eq!(all.len(), 2);
    let first = failures(&["report", "c"], ErrorPolicy::FailFast).unwrap_err();
    assert_eq!(first.len(), 1);
}

#[test]
fn lost_output_is_never_returned() {
    let program = Program::new([broken("a"), graceful("report", &["a"])], ["a", "report"]).unwrap();
    let mut run = Run::new(&program);
    run.values_mut().set_error_policy(ErrorPolicy::CollectAll);
    let ran = SyncAdapter.run(&mut run);
    assert_eq!(run.values().first_missing(), Some(0));
    assert_eq!(run.values_mut().conclude(ran).unwrap_err().len(), 1);
    assert!(run.values_mut().take_value(0, None).is_none());
    assert!(run.values_mut().take_cell(0, None).is_none());
    assert_eq!(run.values_mut().take::<String>(1).as_deref(), Some("node `a` failed: no luck (a)"));
}

#[test]
fn failure_of_a_hook_is_not_accepted() {
    let program = Program::new([broken("a"), graceful("report", &["a"])], ["report"]).unwrap();
    let (result, log) =
        run(&program, ErrorPolicy::FailFast, Log { fails_at: Some("a failed"), ..Log::default() });
    let expect = ["step 0 failed: no luck", "hook `accepted::Log` failed: no paper"];
    let result: Vec<_> = result.unwrap_err().into_iter().map(|text| text.replace("it::", "")).collect();
    assert_eq!(result, expect);
    assert_eq!(log, ["a failed", "run Failed"]);
}

#[test]
fn cancelled_run_is_not_a_failure_of_a_node() {
    let program = Program::new([plain("a", &[]), graceful("report", &["a"])], ["report"]).unwrap();
    let mut run = Run::new(&program);
    let context = RunContext::new();
    context.cancel();
    run.set_context(context);
    let abort = SyncAdapter.run(&mut run).unwrap_err();
    assert!(matches!(abort.reason(), AbortReason::Cancelled), "{abort}");
}

#[test]
fn consumer_accepts_a_future_input_that_fails() {
    let program = Program::new([graceful("report", &["a", "b"])], ["report"]).unwrap();
    let mut run = AsyncRun::new(&program);
    for (name, result) in [("a", Ok(3_u64)), ("b", Err(NodeError::failed("no route")))] {
        let cell = program.plan().input(name).unwrap().cell();
        run.fill_later(cell, <dyn Task>::new(async move { result }));
    }
    let mut context = Context::from_waker(Waker::noop());
    loop {
        match run.poll_jobs(&mut context, 10) {
            Poll::Ready(Ok(Progress::Ended)) => break,
            Poll::Ready(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    let expect = "3; the future of input `b` failed: no route (b)";
    assert_eq!(run.values_mut().take::<String>(0).as_deref(), Some(expect));
}

#[test]
fn long_path_has_only_its_ends() {
    let names: Vec<_> = (0..300).map(|at| format!("n{at}")).collect();
    let chain = names.windows(2).map(|pair| {
        let outline = Outline::new(pair[1].clone()).with_param(Param::borrowed::<u64>(pair[0].clone()));
        Node::sync(outline.with_output_type::<u64>(), |_| Ok(1_u64))
    });
    let report = graceful("report", &["n299", "n50"]);
    let program = Program::new([broken("n0"), report].into_iter().chain(chain), ["report"]).unwrap();
    let (result, _) = run(&program, ErrorPolicy::FailFast, Log::default());
    let result = result.unwrap();
    assert!(result.starts_with("node `n0` failed: no luck (n0 > n299); "), "{result}");
    assert!(result.contains("(n0 > n1 > n2 > "), "{result}");
}

/// Returns a node that accepts the failure of `reads`, and returns it as its own error.
fn strict(name: String, reads: String) -> Node {
    let outline = Outline::new(name).with_output_type::<u64>().with_param(Param::result::<u64>(reads));
    Node::sync(outline, |args| {
        let value = args.result::<u64>(0).map_err(NodeError::failed)?;
        Ok::<u64, NodeError>(*value)
    })
}

#[test]
fn propagated_error_describes_the_node_that_failed() {
    let nodes = [
        broken("a"),
        plain("b", &["a"]),
        strict("c".to_owned(), "b".to_owned()),
        plain("d", &["c"]),
        graceful("report", &["c", "d"]),
    ];
    let program = Program::new(nodes, ["report"]).unwrap();
    let (result, _) = run(&program, ErrorPolicy::FailFast, Log::default());
    let expect = "node `a` failed: no luck (a > b > c); node `a` failed: no luck (a > b > c > d)";
    assert_eq!(result.as_deref(), Ok(expect));
}

#[test]
fn error_that_many_nodes_propagate_is_not_nested() {
    let chain = (1..20_000).map(|at| strict(format!("n{at}"), format!("n{}", at - 1)));
    let report = graceful("report", &["n19999"]);
    let program = Program::new([broken("n0"), report].into_iter().chain(chain), ["report"]).unwrap();
    for policy in [ErrorPolicy::FailFast, ErrorPolicy::CollectAll] {
        let (result, _) = run(&program, policy, Log::default());
        let result = result.unwrap();
        assert!(result.starts_with("node `n0` failed: no luck (n0 > "), "{result}");
        assert!(result.ends_with(" > n19999)"), "{result}");
    }
}

#[test]
fn detached_node_that_exceeds_its_time_limit_is_accepted() {
    let program = Program::new([plain("a", &[]), graceful("report", &["a"])], ["report"]).unwrap();
    let mut run = Run::new(&program);
    let step = run.next_ready().unwrap();
    let detached = run.detach(step).unwrap();
    let late = detached.ticket().time_out(Duration::from_secs(1));
    run.finish(late).unwrap();
    // The thread returns its result after the time limit.
    drop(detached.execute());
    let step = run.next_ready().unwrap();
    let report = run.detach(step).unwrap();
    run.finish(report.execute()).unwrap();
    let expect = "node `a` timed out after 1s (a)";
    assert_eq!(run.values_mut().take::<String>(0).as_deref(), Some(expect));
}
