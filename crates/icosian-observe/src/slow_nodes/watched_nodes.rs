use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use icosian_core::Name;
use icosian_core::run::RunId;
use icosian_diagnostics::Location;
use tracing::warn;

use super::slow_report::{SlowReport, SlowStage};

pub(crate) type SlowCallback = Box<dyn Fn(&SlowReport) + Send + Sync>;

/// The state that the hook and its thread share.
#[derive(Default)]
pub(crate) struct SlowState {
    pub(crate) running: Mutex<WatchedNodes>,
    /// Wakes the thread.
    pub(crate) changed: Condvar,
    pub(crate) callback: OnceLock<SlowCallback>,
}

#[derive(Default)]
pub(crate) struct WatchedNodes {
    pub(crate) nodes: HashMap<NodeKey, WatchedNode>,
    /// The last durations of nodes, for medians.
    pub(crate) durations: HashMap<Name, VecDeque<Duration>>,
    /// The time until which the thread sleeps.
    pub(crate) next_check: Option<Instant>,
    pub(crate) is_closed: bool,
}

/// A node of an execution, with the positions of its items.
pub(crate) type NodeKey = (RunId, Name, Vec<usize>);

/// A running node with a threshold.
pub(crate) struct WatchedNode {
    pub(crate) started: Instant,
    pub(crate) threshold: Duration,
    pub(crate) location: Option<Location>,
    pub(crate) id: String,
    pub(crate) is_reported: bool,
}

impl WatchedNode {
    /// Returns the time at which the node becomes slow. `None` if it was reported.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        if self.is_reported { None } else { self.started.checked_add(self.threshold) }
    }
}

impl SlowState {
    pub(crate) fn running(&self) -> MutexGuard<'_, WatchedNodes> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reports the nodes that are slow at `now`, and returns the time of the next threshold.
    pub(crate) fn check(&self, now: Instant) -> Option<Instant> {
        let mut reports = Vec::new();
        let mut running = self.running();
        for ((run, ..), node) in &mut running.nodes {
            if node.deadline().is_some_and(|deadline| deadline <= now) {
                node.is_reported = true;
                reports.push(SlowReport {
                    stage: SlowStage::Running,
                    run: *run,
                    node: node.id.clone(),
                    time: now.saturating_duration_since(node.started),
                    threshold: node.threshold,
                    location: node.location,
                });
            }
        }
        let next = running.nodes.values().filter_map(WatchedNode::deadline).min();
        running.next_check = next;
        drop(running);
        for report in reports {
            warn!(
                target: "icosian::slow",
                run = report.run.number(),
                node = report.node,
                time = ?report.time,
                threshold = ?report.threshold,
                "node is still running"
            );
            self.call_back(&report);
        }
        next
    }

    pub(crate) fn call_back(&self, report: &SlowReport) {
        if let Some(callback) = self.callback.get() {
            // A panic must end neither the thread nor the run. Its payload may panic when it is dropped.
            catch_unwind(AssertUnwindSafe(|| callback(report))).map_err(std::mem::forget).ok();
        }
    }

    /// Checks at each threshold, until the hook is dropped.
    pub(crate) fn check_until_closed(&self) {
        loop {
            let next = self.check(Instant::now());
            let running = self.running();
            if running.is_closed {
                return;
            }
            // A node with an earlier threshold may have started after the check.
            if running.next_check != next {
                continue;
            }
            match next {
                None => drop(self.changed.wait(running)),
                Some(next) => {
                    let time = next.saturating_duration_since(Instant::now());
                    drop(self.changed.wait_timeout(running, time));
                }
            }
        }
    }
}
