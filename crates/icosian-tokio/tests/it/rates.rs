//! Rate limits, which all runs of an adapter share.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::join_all;
use icosian_adapter::{AbortReason, AsyncGraphAdapter, AsyncRun, Program};
use icosian_core::run::{Group, Quota, RateLimit};
use icosian_core::{Node, Outline, Param, RunContext};
use icosian_tokio::TokioAdapter;
use tokio::time::{Instant, sleep};

const INTERVAL: Duration = Duration::from_millis(200);

/// The times at which nodes start.
#[derive(Clone)]
struct Starts(Arc<Mutex<Vec<Duration>>>, Instant);

impl Starts {
    fn new() -> Self {
        Self(Arc::default(), Instant::now())
    }

    fn add(&self) {
        self.0.lock().unwrap().push(self.1.elapsed());
    }

    fn times(&self) -> Vec<Duration> {
        self.0.lock().unwrap().clone()
    }
}

fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

/// One start per 200 ms.
fn llm() -> RateLimit {
    RateLimit::new("llm").with_quota(Quota::per_minute(number(300)))
}

/// A node that records its start and takes a second.
fn recorder(outline: Outline, starts: &Starts) -> Node {
    let starts = starts.clone();
    Node::future(outline, move |_| {
        starts.add();
        async {
            sleep(Duration::from_secs(1)).await;
            Ok(1_u64)
        }
    })
}

fn program(nodes: Vec<Node>) -> Program {
    let names: Vec<_> = nodes.iter().map(|node| node.name().clone()).collect();
    Program::new(nodes, names).unwrap()
}

fn limited(count: usize, starts: &Starts) -> Program {
    let outline = |index| Outline::new(format!("ask{index}")).with_rate_limit(llm());
    program((0..count).map(|index| recorder(outline(index), starts)).collect())
}

/// The first `count` multiples of the interval.
fn intervals(count: u32) -> Vec<Duration> {
    (0..count).map(|index| INTERVAL * index).collect()
}

#[tokio::test(start_paused = true)]
async fn nodes_of_one_run_start_once_per_interval() {
    let starts = Starts::new();
    let program = limited(5, &starts);
    TokioAdapter::default().run(&mut AsyncRun::new(&program)).await.unwrap();
    assert_eq!(starts.times(), intervals(5));
}

#[tokio::test(start_paused = true)]
async fn hundred_concurrent_runs_share_the_budget() {
    let starts = Starts::new();
    let (adapter, program) = (TokioAdapter::default(), limited(1, &starts));
    let order = Mutex::new(Vec::new());
    let run = |index| {
        let (adapter, program, order) = (adapter.clone(), &program, &order);
        async move {
            adapter.run(&mut AsyncRun::new(program)).await.unwrap();
            order.lock().unwrap().push(index);
        }
    };
    join_all((0..100).map(run)).await;
    assert_eq!(starts.times(), intervals(100));
    assert_eq!(
        *order.lock().unwrap(),
        (0..100).collect::<Vec<_>>(),
        "runs are served in the order of requests"
    );
}

#[tokio::test(start_paused = true)]
async fn runs_with_many_nodes_alternate() {
    let (many, few) = (Starts::new(), Starts::new());
    let adapter = TokioAdapter::default();
    let (many_nodes, few_nodes) = (limited(6, &many), limited(2, &few));
    let (mut first, mut second) = (AsyncRun::new(&many_nodes), AsyncRun::new(&few_nodes));
    let (first, second) = tokio::join!(adapter.run(&mut first), adapter.run(&mut second));
    first.and(second).unwrap();
    let last = few.times().into_iter().max().unwrap();
    assert!(last <= INTERVAL * 4, "the second run waits for one start of the first at a time: {last:?}");
}

#[tokio::test(start_paused = true)]
async fn burst_allows_starts_at_once_after_idle_time() {
    let starts = Starts::new();
    let quota = Quota::per_minute(number(300)).with_burst(number(3));
    let outline =
        |index| Outline::new(format!("ask{index}")).with_rate_limit(RateLimit::new("llm").with_quota(quota));
    let program = program((0..5).map(|index| recorder(outline(index), &starts)).collect());
    TokioAdapter::default().run(&mut AsyncRun::new(&program)).await.unwrap();
    assert_eq!(starts.times(), [Duration::ZERO, Duration::ZERO, Duration::ZERO, INTERVAL, INTERVAL * 2]);
}

#[tokio::test(start_paused = true)]
async fn sync_nodes_wait_without_occupying_the_thread() {
    let starts = Starts::new();
    let sync = |index: usize| {
        let starts = starts.clone();
        let outline = Outline::new(format!("ask{index}")).with_rate_limit(llm());
        Node::sync(outline, move |_| {
            starts.add();
            Ok(1_u64)
        })
    };
    let free = Starts::new();
    let other = recorder(Outline::new("other"), &free);
    let program = program([sync(0), sync(1), sync(2), other].into());
    TokioAdapter::default().run(&mut AsyncRun::new(&program)).await.unwrap();
    assert_eq!(starts.times(), intervals(3));
    assert_eq!(free.times(), [Duration::ZERO]);
}

#[tokio::test(start_paused = true)]
async fn each_attempt_counts_as_a_start() {
    let starts = Starts::new();
    let outline = Outline::new("ask").with_param(Param::borrowed::<RunContext>("context"));
    let outline = outline.with_rate_limit(llm()).with_limits_per_attempt();
    let limits = outline.attempt_limits().unwrap().clone();
    let attempts = starts.clone();
    let ask = Node::future(outline, move |args| {
        let (context, limits) = (args.borrow::<RunContext>(0).clone(), limits.clone());
        let attempts = attempts.clone();
        async move {
            for _ in 0..3 {
                let _permit = context.acquire(&limits).await.unwrap();
                attempts.add();
            }
            Ok(1_u64)
        }
    });
    let program = program(vec![ask]);
    TokioAdapter::default().run(&mut AsyncRun::new(&program)).await.unwrap();
    assert_eq!(starts.times(), intervals(3));
}

#[tokio::test(start_paused = true)]
async fn run_that_is_dropped_while_it_waits_consumes_no_start() {
    let starts = Starts::new();
    let (adapter, program) = (TokioAdapter::default(), limited(1, &starts));
    adapter.run(&mut AsyncRun::new(&program)).await.unwrap();
    let after_first = starts.1.elapsed();
    // The budget has recovered, so the second run starts at once and the others wait.
    let (mut second, mut dropped, mut last) =
        (AsyncRun::new(&program), AsyncRun::new(&program), AsyncRun::new(&program));
    let impatient = tokio::time::timeout(INTERVAL / 2, adapter.run(&mut dropped));
    let (second, impatient, last) = tokio::join!(adapter.run(&mut second), impatient, adapter.run(&mut last));
    second.and(last).unwrap();
    assert!(impatient.is_err());
    assert_eq!(starts.times(), [Duration::ZERO, after_first, after_first + INTERVAL]);
}

#[tokio::test(start_paused = true)]
async fn cancelled_run_stops_waiting() {
    let starts = Starts::new();
    let program = limited(2, &starts);
    let context = RunContext::new();
    let mut run = AsyncRun::new(&program);
    run.set_context(context.clone());
    let adapter = TokioAdapter::default();
    let cancel = async {
        sleep(INTERVAL / 2).await;
        context.cancel();
    };
    let (ran, ()) = tokio::join!(adapter.run(&mut run), cancel);
    assert!(matches!(ran.unwrap_err().reason(), AbortReason::Cancelled));
    assert_eq!(starts.1.elapsed(), INTERVAL / 2);
    assert_eq!(starts.times().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn deadline_includes_the_wait() {
    let starts = Starts::new();
    let program = limited(20, &starts);
    let limit = INTERVAL * 10;
    let adapter = TokioAdapter::default().with_deadline(limit);
    let abort = adapter.run(&mut AsyncRun::new(&program)).await.unwrap_err();
    assert!(matches!(abort.reason(), AbortReason::Deadline(time) if *time == limit));
    assert_eq!(starts.1.elapsed(), limit);
}

#[tokio::test(start_paused = true)]
async fn order_of_limits_decides_whether_the_wait_holds_a_permit() {
    let database = || Group::new("database").with_max_concurrency(2);
    for (holds_permit, expected) in [(false, Duration::ZERO), (true, Duration::from_secs(1))] {
        let (starts, plain) = (Starts::new(), Starts::new());
        let outline = |index| {
            let outline = Outline::new(format!("ask{index}"));
            if holds_permit {
                outline.with_rate_limit(llm()).with_group(database())
            } else {
                outline.with_group(database()).with_rate_limit(llm())
            }
        };
        let asks = (0..2).map(|index| recorder(outline(index), &starts));
        let query = recorder(Outline::new("query").with_group(database()), &plain);
        let program = program(asks.chain([query]).collect());
        TokioAdapter::default().run(&mut AsyncRun::new(&program)).await.unwrap();
        assert_eq!(plain.times(), [expected], "two permits, of which one or two are held: {holds_permit}");
    }
}

#[test]
fn adapter_refuses_limits_without_a_quota_and_different_quotas() {
    let node = |rate_limit| Outline::new("ask").with_rate_limit(rate_limit);
    let other = RateLimit::new("llm").with_quota(Quota::per_second(number(9)));
    let adapter = TokioAdapter::default();
    let unlimited = adapter.refuse(&node(RateLimit::new("llm"))).unwrap();
    assert_eq!(unlimited.reason(), "rate limit `llm` has no quota");
    assert_eq!(adapter.refuse(&node(llm())), None);
    let conflict = adapter.clone().refuse(&node(other.clone())).unwrap();
    let reason = "it declares 9 per second for rate limit `llm`, whose quota is already 300 per minute";
    assert_eq!(conflict.reason(), reason);

    let adapter = TokioAdapter::default().with_rate_limit("llm", Quota::per_second(number(1)));
    for rate_limit in [llm(), other, RateLimit::new("llm")] {
        assert_eq!(adapter.refuse(&node(rate_limit)), None, "the adapter's quota takes precedence");
    }
}

#[test]
fn runtime_without_a_timer_is_refused_before_a_node_runs() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let starts = Starts::new();
        let program = limited(1, &starts);
        let abort = TokioAdapter::default().run(&mut AsyncRun::new(&program)).await.unwrap_err();
        assert!(matches!(abort.reason(), AbortReason::Runtime { .. }));
        assert!(starts.times().is_empty());
    });
}

#[test]
fn adapter_checks_the_limits_of_nodes_and_of_attempts() {
    let outline = Outline::new("ask").with_group(Group::new("database")).with_limits_per_attempt();
    let refusal = TokioAdapter::default().refuse(&outline.with_rate_limit(llm())).unwrap();
    assert_eq!(refusal.reason(), "group `database` has no limit");
}
