//! Hooks that read queue times, inputs and outputs, and hooks and validators that run when a driver is built.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use icosian::graph::Graph;
use icosian::prelude::*;
use icosian::{BoxError, BuildErrorKind, GraphValidator, Outline, RunEnd, RunInfo, Violation};

#[dataflow]
mod service {
    use std::time::Duration;

    #[limit("db", max_concurrency = 1)]
    pub async fn first(seconds: u64) -> u64 {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        seconds
    }

    #[limit("db", max_concurrency = 1)]
    pub async fn second(seconds: u64) -> u64 {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        seconds
    }

    pub fn total(first: u64, second: u64) -> u64 {
        first + second
    }
}

/// Logs the events of hooks as text.
#[derive(Clone, Debug, Default)]
struct EventLog(Arc<Mutex<Vec<String>>>);

impl EventLog {
    fn add(&self, line: String) {
        self.0.lock().expect("no test panics with the lock").push(line);
    }

    fn lines(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("no test panics with the lock"))
    }
}

impl Hook for EventLog {
    fn after_build(&self, graph: &Graph) -> Result<(), BoxError> {
        self.add(format!("built {} nodes", graph.nodes().len()));
        Ok(())
    }

    fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        let inputs: Vec<_> =
            run.inputs().map(|input| format!("{} = {:?}", input.name(), input.value::<u64>())).collect();
        self.add(format!("run {:?} from {inputs:?}", run.outputs()));
        Ok(())
    }

    fn after_run(&self, run: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        self.add(format!("{end:?} {:?}, {} inputs", run.outputs(), run.inputs().count()));
        Ok(())
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        // The run begins on the system's clock, before its adapter sets the timer.
        self.add(format!(
            "{} queued {}s, ran {}s",
            node.id(),
            node.queue_time().as_secs(),
            end.time().as_secs()
        ));
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn queue_time_is_the_wait_for_a_permit() {
    let log = EventLog::default();
    let driver = AsyncDriver::builder().with_dataflow(service::dataflow()).with_hook(log.clone()).build();
    let driver = driver.expect("the dataflow is valid");
    assert_eq!(driver.execute::<service::total>(inputs! { seconds: 3_u64 }).await.expect("no node fails"), 6);
    let expected = [
        "built 3 nodes",
        "run [\"total\"] from [\"seconds = Some(3)\"]",
        "first queued 0s, ran 3s",
        "second queued 3s, ran 3s",
        "total queued 0s, ran 0s",
        "Succeeded [\"total\"], 0 inputs",
    ];
    assert_eq!(log.lines(), expected);
}

#[tokio::test(start_paused = true)]
async fn queue_time_starts_when_a_future_input_is_ready() {
    let log = EventLog::default();
    let driver = AsyncDriver::builder().with_dataflow(service::dataflow()).with_hook(log.clone()).build();
    let driver = driver.expect("the dataflow is valid");
    let seconds = Input::future(async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        1_u64
    });
    driver.execute::<service::first>(inputs! { seconds }).await.expect("no node fails");
    assert_eq!(log.lines()[1..3], ["run [\"first\"] from [\"seconds = None\"]", "first queued 0s, ran 1s"]);
}

/// Fails after the graph is built.
#[derive(Debug)]
struct Unready(&'static str);

impl Hook for Unready {
    fn name(&self) -> &'static str {
        self.0
    }

    fn after_build(&self, _: &Graph) -> Result<(), BoxError> {
        assert_ne!(self.0, "panics", "no catalogue");
        Err(format!("{} has no catalogue", self.0).into())
    }
}

#[test]
fn all_hooks_that_fail_after_build_are_reported() {
    let builder = AsyncDriver::builder().with_dataflow(service::dataflow());
    let error = builder.with_hook(Unready("a")).with_hook(Unready("panics")).build().unwrap_err();
    let messages: Vec<_> = error.iter().map(ToString::to_string).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert_eq!(messages[0], "hook `a` failed after the graph was built: a has no catalogue");
    assert!(
        messages[1].contains("hook `panics` failed") && messages[1].contains("no catalogue"),
        "{messages:?}"
    );
}

/// Requires short names and few nodes.
#[derive(Debug)]
struct Short;

impl GraphValidator for Short {
    fn validate_node(&self, node: &Outline) -> Vec<Violation> {
        let is_short = node.name().len() < 6;
        if is_short { Vec::new() } else { vec![Violation::new("its name is long").with_help("shorten it")] }
    }

    fn validate_graph(&self, graph: &Graph) -> Vec<Violation> {
        vec![
            Violation::new(format!("it has {} nodes", graph.nodes().len())).of_node("total"),
            Violation::new("no"),
        ]
    }
}

/// Panics.
#[derive(Debug)]
struct Broken;

impl GraphValidator for Broken {
    fn validate_graph(&self, _: &Graph) -> Vec<Violation> {
        panic!("out of order")
    }
}

#[test]
fn violations_of_all_validators_are_reported_together() {
    let builder = AsyncDriver::builder().with_dataflow(service::dataflow());
    let error = builder.with_validator(Short).with_validator(Broken).build().unwrap_err();
    let messages: Vec<_> = error.iter().map(ToString::to_string).collect();
    let expected = [
        "validator `Short` refuses node `second`: its name is long",
        "validator `Short` refuses node `total`: it has 3 nodes",
        "validator `Short` refuses the graph: no",
    ];
    assert_eq!(messages[..3], expected);
    assert!(
        messages[3].starts_with("validator `Broken` refuses the graph: the validator panicked"),
        "{messages:?}"
    );
    let labels: Vec<_> = error.iter().map(|it| it.source_labels().len()).collect();
    assert_eq!(labels, [1, 1, 0, 0]);
    assert!(error.kinds().all(|kind| matches!(kind, BuildErrorKind::Violation { .. })));
}
