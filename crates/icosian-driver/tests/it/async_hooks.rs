//! `with_async_hook`, under tokio.

mod ends;
mod order;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use icosian_adapter::{AsyncHook, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo, async_trait};
use icosian_core::{BoxError, Node, NodeError, Outline, Param, output_of};
use icosian_driver::{AsyncDriver, ExecuteError, NamedValues, RunError, inputs};
use tokio::time::sleep;

/// The events of hooks and nodes, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    pub(crate) fn push(&self, event: impl Into<String>) {
        self.0.lock().expect("no test panics here").push(event.into());
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("no test panics here"))
    }
}

/// The call in which a hook fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fails {
    Never,
    BeforeRun,
    BeforeNode,
    AfterNode,
    AfterRun,
    PanicsAfterNode,
}

/// A hook that waits in each call, a second by default, and then records it.
#[derive(Clone, Debug)]
pub(crate) struct Slow {
    pub(crate) name: &'static str,
    pub(crate) events: Events,
    pub(crate) fails: Fails,
    pub(crate) wait: Duration,
}

impl Slow {
    pub(crate) fn new(name: &'static str, events: &Events) -> Self {
        Self { name, events: events.clone(), fails: Fails::Never, wait: Duration::from_secs(1) }
    }

    pub(crate) fn failing(fails: Fails, events: &Events) -> Self {
        Self { name: "slow", events: events.clone(), fails, wait: Duration::from_secs(1) }
    }

    async fn record(&self, event: String, own: Fails) -> Result<(), BoxError> {
        sleep(self.wait).await;
        self.events.push(format!("{} {event}", self.name));
        if self.fails == own { Err("the hook is down".into()) } else { Ok(()) }
    }
}

#[async_trait]
impl AsyncHook for Slow {
    fn name(&self) -> &str {
        self.name
    }

    async fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        let inputs: Vec<_> = run.inputs().map(|input| input.name().to_string()).collect();
        let outputs: Vec<_> = run.outputs().iter().map(ToString::to_string).collect();
        self.record(
            format!("before run of {} with {}", outputs.join(", "), inputs.join(", ")),
            Fails::BeforeRun,
        )
        .await
    }

    async fn after_run(&self, _: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        self.record(format!("after run: {end:?}"), Fails::AfterRun).await
    }

    async fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        self.record(format!("before {}", node.id()), Fails::BeforeNode).await
    }

    async fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let outcome = match end.outcome() {
            NodeOutcome::Succeeded => format!("{:?}", end.output::<u64>()),
            NodeOutcome::Failed(error) => error.to_string(),
            other => format!("{other:?}"),
        };
        assert!(self.fails != Fails::PanicsAfterNode, "no luck");
        self.record(format!("after {}: {outcome}", node.id()), Fails::AfterNode).await
    }
}

/// Returns a sync node and an async node that add one to `input`, and record their calls.
pub(crate) fn twins(input: &'static str, events: &Events) -> [Node; 2] {
    let outline = |name: &'static str| {
        Outline::new(name).with_param(Param::borrowed::<u64>(input)).with_output(output_of!(u64))
    };
    let (sync, twin) = (events.clone(), events.clone());
    [
        Node::sync(outline("sync"), move |args| {
            sync.push("sync runs");
            Ok(args.borrow::<u64>(0) + 1)
        }),
        Node::future(outline("twin"), move |args| {
            let (x, twin) = (args.lease::<u64>(0), twin.clone());
            async move {
                tokio::task::yield_now().await;
                twin.push("twin runs");
                Ok(*x + 1)
            }
        }),
    ]
}

pub(crate) fn broken(name: &'static str) -> Node {
    Node::future(Outline::new(name).with_output(output_of!(u64)), |_| async {
        Err::<u64, _>(NodeError::failed("no route"))
    })
}

pub(crate) async fn run(driver: &AsyncDriver, outputs: &[&str]) -> Result<NamedValues, ExecuteError> {
    driver.execute_named(outputs.iter().copied(), inputs! { x: 1_u64 }).await
}

/// Returns the texts of all failures and their sources.
pub(crate) fn describe(error: ExecuteError) -> Vec<String> {
    let ExecuteError::Failed(failures) = error else { panic!("the run did not start: {error:?}") };
    let text = |error: &RunError| {
        let chain = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
        chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    };
    failures.iter().map(|failure| text(failure.kind())).collect()
}
