//! `with_layer`, with the layers of `tower` under tokio.

mod cancelled;
mod decorated;
mod expansions;
mod failures;
mod offloaded;
mod order;
mod targets;
mod tower_layers;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use icosian_core::{Dataflow, Node, NodeError, Outline, Param, output_of};
use icosian_driver::{AsyncDriver, ExecuteError, Failures, NamedValues, RunError, inputs};
use tokio::time::sleep;

/// Counts calls, and how many of them run at the same time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gauge(Arc<GaugeInner>);

#[derive(Debug, Default)]
struct GaugeInner {
    calls: AtomicUsize,
    running: AtomicUsize,
    most: AtomicUsize,
}

impl Gauge {
    pub(crate) fn enter(&self) -> GaugeGuard {
        self.0.calls.fetch_add(1, Ordering::SeqCst);
        let running = self.0.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most.fetch_max(running, Ordering::SeqCst);
        GaugeGuard(self.clone())
    }

    pub(crate) fn calls(&self) -> usize {
        self.0.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn running(&self) -> usize {
        self.0.running.load(Ordering::SeqCst)
    }

    /// Returns the largest number of calls that ran at the same time.
    pub(crate) fn most(&self) -> usize {
        self.0.most.load(Ordering::SeqCst)
    }
}

/// A call that runs.
pub(crate) struct GaugeGuard(Gauge);

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Returns an async node that takes `time`.
pub(crate) fn slow(name: &'static str, time: Duration, gauge: &Gauge) -> Node {
    let gauge = gauge.clone();
    Node::future(Outline::new(name).with_output(output_of!(u64)), move |_| {
        let gauge = gauge.clone();
        async move {
            let _running = gauge.enter();
            sleep(time).await;
            Ok(1_u64)
        }
    })
}

/// Returns a sync node that reads `input` and adds one.
pub(crate) fn next(name: &'static str, input: &'static str) -> Node {
    let outline = Outline::new(name).with_param(Param::borrowed::<u64>(input)).with_output(output_of!(u64));
    Node::sync(outline, |args| Ok(args.borrow::<u64>(0) + 1))
}

/// Returns an async node that fails `failures` times, and then returns the number of calls.
pub(crate) fn flaky(name: &'static str, failures: usize, gauge: &Gauge) -> Node {
    let gauge = gauge.clone();
    Node::future(Outline::new(name), move |_| {
        let _running = gauge.enter();
        let calls = gauge.calls();
        async move {
            if calls <= failures {
                return Err(NodeError::from(std::io::Error::other(format!("no route ({calls})"))));
            }
            Ok(calls)
        }
    })
}

pub(crate) fn flow(nodes: impl IntoIterator<Item = Node>) -> Dataflow {
    nodes.into_iter().fold(Dataflow::new("flow"), Dataflow::with_node)
}

pub(crate) async fn run(driver: &AsyncDriver, outputs: &[&str]) -> Result<NamedValues, ExecuteError> {
    driver.execute_named(outputs.iter().copied(), inputs! {}).await
}

/// Returns the failures of a run.
pub(crate) fn failures(error: ExecuteError) -> Failures {
    match error {
        ExecuteError::Failed(failures) => failures,
        error => panic!("the run did not start: {error:?}"),
    }
}

/// Returns the only failure of a run with its code and the texts of its sources.
pub(crate) fn describe(error: ExecuteError) -> String {
    let failures = failures(error);
    let error: &RunError = failures.first().expect("a run that fails has a failure");
    let code = miette::Diagnostic::code(error).map(|code| code.to_string()).unwrap_or_default();
    let chain = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    let chain: Vec<_> = chain.map(ToString::to_string).collect();
    format!("{code}: {}", chain.join(": "))
}
