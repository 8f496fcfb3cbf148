use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use icosian_adapter::{Hook, NodeEnd, NodeInfo};
use icosian_core::{BoxError, Name};
use tracing::{Dispatch, Span, dispatcher, warn};

use self::watched_nodes::{NodeKey, SlowState, WatchedNode, WatchedNodes};

pub use self::slow_report::{SlowReport, SlowStage};
pub use self::slow_threshold::SlowThreshold;

mod slow_report;
mod slow_threshold;
mod watched_nodes;

/// The number of durations from which a median is computed.
const SAMPLES: usize = 32;

/// The number of durations below which a median is unknown.
const MIN_SAMPLES: usize = 5;

/// Reports nodes that run longer than a threshold: once while the node runs, and once when it ends.
///
/// A report is a `tracing` warning with the target `icosian::slow`. The hook also calls the [callback](Self::with_callback), if it is set.
/// The first report does not wait for the end of the node, so the hook also reports nodes that never end. The hook has one thread for all
/// executions. The thread starts with the first node, sleeps until the next threshold, and ends when the hook is dropped.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, inputs};
/// use icosian_observe::{SlowNodes, SlowThreshold};
/// use std::time::Duration;
///
/// let one = Node::sync(Outline::new("one").with_output_type::<u64>(), |_| Ok(1_u64));
/// let slow = SlowNodes::new(SlowThreshold::Fixed(Duration::from_secs(5)))
///     .with_node("one", SlowThreshold::Fixed(Duration::from_secs(60)));
/// let builder = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(one));
/// let driver = builder.with_hook(slow).build()?;
/// driver.execute_named(["one"], inputs! {})?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SlowNodes {
    threshold: SlowThreshold,
    /// The thresholds of single nodes.
    by_node: HashMap<Name, SlowThreshold>,
    shared: Arc<SlowState>,
    thread: OnceLock<Option<JoinHandle<()>>>,
    clock: SlowClock,
}

/// The clock of the thresholds.
enum SlowClock {
    System,
    /// A clock of the caller, who also calls `check`.
    Custom(Box<dyn Fn() -> Instant + Send + Sync>),
}

impl SlowNodes {
    /// Creates a hook with the threshold of all nodes.
    #[must_use]
    pub fn new(threshold: SlowThreshold) -> Self {
        Self {
            threshold,
            by_node: HashMap::new(),
            shared: Arc::default(),
            thread: OnceLock::new(),
            clock: SlowClock::System,
        }
    }

    /// Sets the threshold of a node.
    #[must_use]
    pub fn with_node(mut self, node: impl Into<Name>, threshold: SlowThreshold) -> Self {
        self.by_node.insert(node.into(), threshold);
        self
    }

    /// Calls a function with each report. While a node runs, the thread of the hook calls it; when the node ends, the thread of the node
    /// does. A second callback is ignored.
    #[must_use]
    pub fn with_callback(self, callback: impl Fn(&SlowReport) + Send + Sync + 'static) -> Self {
        self.shared.callback.set(Box::new(callback)).ok();
        self
    }

    /// Sets the clock, for tests. The hook then has no thread, so the caller calls [`check`](Self::check) after it has advanced the clock.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        self.clock = SlowClock::Custom(Box::new(clock));
        self
    }

    /// Reports the nodes that exceed their threshold now. The thread of the hook calls it by itself.
    pub fn check(&self) {
        self.shared.check(self.now());
    }

    fn now(&self) -> Instant {
        match &self.clock {
            SlowClock::System => Instant::now(),
            SlowClock::Custom(clock) => clock(),
        }
    }

    /// Returns the threshold of a node now. `None` if its median is unknown.
    fn threshold_of(&self, node: &Name, running: &WatchedNodes) -> Option<Duration> {
        match self.by_node.get(node).unwrap_or(&self.threshold) {
            SlowThreshold::Fixed(time) => Some(*time),
            SlowThreshold::Median { factor, minimum } => {
                let durations = running.durations.get(node).filter(|last| last.len() >= MIN_SAMPLES)?;
                let mut sorted: Vec<_> = durations.iter().copied().collect();
                sorted.sort_unstable();
                let median = sorted[sorted.len() / 2].as_secs_f64();
                let time = Duration::try_from_secs_f64(median * factor).unwrap_or(Duration::MAX);
                Some(time.max(*minimum))
            }
        }
    }

    fn has_median(&self, node: &Name) -> bool {
        matches!(self.by_node.get(node).unwrap_or(&self.threshold), SlowThreshold::Median { .. })
    }

    /// Starts the thread, unless it runs or the clock is that of the caller.
    fn start_thread(&self) {
        self.thread.get_or_init(|| {
            if matches!(self.clock, SlowClock::Custom(_)) {
                return None;
            }
            let shared = Arc::clone(&self.shared);
            let subscriber = dispatcher::get_default(Dispatch::clone);
            let check = move || dispatcher::with_default(&subscriber, || shared.check_until_closed());
            // Without a thread, slow nodes are still reported when they end.
            thread::Builder::new().name("icosian-slow".to_owned()).spawn(check).ok()
        });
    }
}

impl Hook for SlowNodes {
    fn name(&self) -> &'static str {
        "SlowNodes"
    }

    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        let name = node.outline().name();
        let mut running = self.shared.running();
        if let Some(threshold) = self.threshold_of(name, &running) {
            let watched = WatchedNode {
                started: self.now(),
                threshold,
                location: node.outline().location(),
                id: node.id(),
                is_reported: false,
            };
            let deadline = watched.deadline();
            running.nodes.insert(key(node), watched);
            let is_earliest =
                deadline.is_some_and(|deadline| running.next_check.is_none_or(|next| deadline < next));
            if is_earliest {
                running.next_check = deadline;
                self.shared.changed.notify_one();
            }
            drop(running);
            self.start_thread();
        }
        Ok(())
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let mut running = self.shared.running();
        let watched = running.nodes.remove(&key(node));
        let name = node.outline().name();
        if self.has_median(name) && matches!(end.outcome(), icosian_adapter::NodeOutcome::Succeeded) {
            let durations = running.durations.entry(name.clone()).or_default();
            if durations.len() == SAMPLES {
                durations.pop_front();
            }
            durations.push_back(end.time());
        }
        drop(running);
        let Some(watched) = watched else { return Ok(()) };
        let time = self.now().saturating_duration_since(watched.started);
        if time < watched.threshold && !watched.is_reported {
            return Ok(());
        }
        let (run, threshold, location) = (node.run(), watched.threshold, watched.location);
        warn!(
            target: "icosian::slow",
            parent: node.span().map_or_else(Span::current, Span::clone).id(),
            run = run.number(),
            node = watched.id,
            ?time,
            ?threshold,
            "node was slow"
        );
        let stage = SlowStage::Ended;
        self.shared.call_back(&SlowReport { stage, run, node: watched.id, time, threshold, location });
        Ok(())
    }
}

impl Drop for SlowNodes {
    fn drop(&mut self) {
        self.shared.running().is_closed = true;
        self.shared.changed.notify_one();
        // The callback may own the hook's driver, so the thread may drop the hook.
        if let Some(Some(thread)) = self.thread.take()
            && thread.thread().id() != thread::current().id()
        {
            thread.join().ok();
        }
    }
}

impl fmt::Debug for SlowNodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlowNodes").field("threshold", &self.threshold).finish_non_exhaustive()
    }
}

fn key(node: &NodeInfo<'_>) -> NodeKey {
    let items = node.items().iter().map(icosian_core::expand::ItemIndex::index).collect();
    (node.run(), node.outline().name().clone(), items)
}
