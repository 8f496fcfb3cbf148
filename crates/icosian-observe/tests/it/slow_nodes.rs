//! The reports of slow nodes, on a clock that tests advance.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use icosian_core::{Node, NodeError};
use icosian_driver::inputs;
use icosian_observe::{SlowNodes, SlowReport, SlowThreshold};

use crate::flow::{ALL, AnyDriver, Under, block, outline};

/// A clock in milliseconds.
#[derive(Clone, Debug)]
struct TestClock {
    start: Instant,
    millis: Arc<AtomicU64>,
}

impl TestClock {
    fn new() -> Self {
        Self { start: Instant::now(), millis: Arc::default() }
    }

    fn advance(&self, millis: u64) {
        self.millis.fetch_add(millis, Ordering::SeqCst);
    }

    fn now(&self) -> Instant {
        self.start + Duration::from_millis(self.millis.load(Ordering::SeqCst))
    }
}

type Reports = Arc<Mutex<Vec<String>>>;

/// Returns a hook on a clock, and its reports.
fn slow_nodes(threshold: SlowThreshold, clock: &TestClock) -> (SlowNodes, Reports) {
    let (reports, clock) = (Reports::default(), clock.clone());
    let kept = Arc::clone(&reports);
    let report = move |report: &SlowReport| {
        let line = format!(
            "{} {:?} after {:?}, threshold {:?}",
            report.node(),
            report.stage(),
            report.time(),
            report.threshold()
        );
        kept.lock().expect("no test panics").push(line);
    };
    (SlowNodes::new(threshold).with_clock(move || clock.now()).with_callback(report), reports)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[test]
fn running_node_is_reported_once_and_again_at_its_end() {
    let clock = TestClock::new();
    let (hook, reports) = slow_nodes(SlowThreshold::Fixed(millis(100)), &clock);
    let hook = Arc::new(hook.with_node("patient", SlowThreshold::Fixed(millis(10_000))));
    let (sender, receiver) = futures::channel::oneshot::channel::<()>();
    let receiver = Mutex::new(Some(receiver));
    let waiting = Node::future(outline("waiting", &[]), move |_| {
        let receiver = receiver.lock().expect("no test panics").take().expect("it runs once");
        async move {
            receiver.await.ok();
            Ok::<_, NodeError>(1)
        }
    });
    let patient = Node::future(outline("patient", &[]), |_| async {
        tokio::task::yield_now().await;
        Ok::<_, NodeError>(2)
    });
    let AnyDriver::Async(driver) = AnyDriver::new(Under::Tokio, vec![waiting, patient], Arc::clone(&hook))
    else {
        unreachable!("it is async")
    };
    let mut execution = Box::pin(driver.execute_named(["waiting", "patient"], inputs! {}));
    assert!(futures::FutureExt::now_or_never(&mut execution).is_none());
    let count = || reports.lock().expect("no test panics").len();
    clock.advance(99);
    hook.check();
    assert_eq!(count(), 0);
    clock.advance(1);
    hook.check();
    hook.check();
    assert_eq!(count(), 1);
    clock.advance(50);
    sender.send(()).expect("the node waits");
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("it starts")
        .block_on(execution)
        .expect("it succeeds");
    insta::assert_snapshot!(reports.lock().expect("no test panics").join("\n"));
}

#[test]
fn nodes_and_items_are_reported_under_all_adapters() {
    for (under, twin) in ALL {
        let clock = TestClock::new();
        let (hook, reports) = slow_nodes(SlowThreshold::Fixed(Duration::ZERO), &clock);
        let driver = AnyDriver::new(under, block(twin, 2, Ok), hook);
        driver.execute(&["sum"], inputs! {}).expect("it succeeds");
        let mut reports = reports.lock().expect("no test panics").clone();
        reports.sort_unstable();
        let nodes: Vec<_> = reports.iter().filter_map(|report| report.split(' ').next()).collect();
        assert_eq!(nodes, ["item", "item[0].score", "item[1].score", "sum"], "{under:?} {twin:?}");
    }
}

#[test]
fn median_is_unknown_before_five_executions() {
    let clock = TestClock::new();
    let threshold = SlowThreshold::Median { factor: 2.0, minimum: Duration::ZERO };
    let (hook, reports) = slow_nodes(threshold, &clock);
    // The median is that of the run's clock, on which the node takes almost no time; the threshold counts on the test's clock.
    let advance = clock.clone();
    let node = Node::sync(outline("one", &[]), move |_| {
        advance.advance(1000);
        Ok(1_u64)
    });
    let driver = AnyDriver::new(Under::Sync, vec![node], hook);
    for _ in 0..5 {
        driver.execute(&["one"], inputs! {}).expect("it succeeds");
    }
    assert_eq!(*reports.lock().expect("no test panics"), [""; 0]);
    driver.execute(&["one"], inputs! {}).expect("it succeeds");
    assert_eq!(reports.lock().expect("no test panics").len(), 1);
}

#[test]
fn thread_reports_a_stuck_node_and_ends_with_the_hook() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let hook = SlowNodes::new(SlowThreshold::Fixed(millis(1))).with_callback(move |report| {
        sender.send(report.stage()).ok();
    });
    let (reported, waits) = std::sync::mpsc::channel::<()>();
    let waits = Mutex::new(waits);
    let node = Node::sync(outline("stuck", &[]), move |_| {
        waits.lock().expect("no test panics").recv().ok();
        Ok(1_u64)
    });
    let driver = AnyDriver::new(Under::Sync, vec![node], hook);
    std::thread::scope(|scope| {
        scope.spawn(|| driver.execute(&["stuck"], inputs! {}).expect("it succeeds"));
        assert_eq!(receiver.recv().ok(), Some(icosian_observe::SlowStage::Running));
        reported.send(()).expect("the node waits");
    });
    assert_eq!(receiver.recv().ok(), Some(icosian_observe::SlowStage::Ended));
    drop(driver);
    assert!(receiver.recv().is_err(), "the hook and its thread hold no callback");
}
