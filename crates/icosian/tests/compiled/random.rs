//! Random dataflows, compiled and under a driver: both return the same values and errors, and call the same nodes equally often.
//! Compiled async outputs take the time of their critical path.

#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use icosian::prelude::*;

#[rustfmt::skip]
#[allow(unused_parens, clippy::identity_op, reason = "generated code")]
#[allow(clippy::pedantic, clippy::style, clippy::complexity, reason = "generated")]
mod random_modules;

/// A value that is `Clone` and not `Copy`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Number(pub(crate) u64);

#[derive(Debug, thiserror::Error)]
#[error("node {0} fails")]
pub(crate) struct Failure(u64);

/// The calls of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Calls>>);

#[derive(Debug, Default)]
struct Calls {
    counts: BTreeMap<u64, u64>,
    critical_path: u64,
}

impl Log {
    pub(crate) fn call(&self, node: u64) {
        *self.0.lock().unwrap().counts.entry(node).or_default() += 1;
    }

    pub(crate) async fn wait(&self, time: u64) {
        tokio::time::sleep(Duration::from_millis(time)).await;
    }

    /// Fails if the node is to fail, or if it was called fewer than `until` times.
    pub(crate) fn outcome(&self, node: u64, until: u64, fails: u64) -> Result<(), Failure> {
        if node == fails || self.0.lock().unwrap().counts[&node] < until {
            Err(Failure(node))
        } else {
            Ok(())
        }
    }

    pub(crate) fn takes(&self, critical_path: u64) {
        self.0.lock().unwrap().critical_path = critical_path;
    }

    fn counts(&self) -> BTreeMap<u64, u64> {
        self.0.lock().unwrap().counts.clone()
    }
}

type Outcome = Result<u64, ExecuteError>;
type SyncRun = Box<dyn Fn(u64, Log, u64) -> Outcome>;
type AsyncRun = Box<dyn Fn(u64, Log, u64) -> Pin<Box<dyn Future<Output = Outcome> + Send>>>;

/// A module and its compiled output.
pub(crate) enum Run {
    Sync(Dataflow, SyncRun),
    Async(Dataflow, AsyncRun),
}

impl Run {
    pub(crate) fn sync_module(dataflow: Dataflow, run: impl Fn(u64, Log, u64) -> Outcome + 'static) -> Self {
        Self::Sync(dataflow, Box::new(run))
    }

    pub(crate) fn async_module<F>(dataflow: Dataflow, run: impl Fn(u64, Log, u64) -> F + 'static) -> Self
    where
        F: Future<Output = Outcome> + Send + 'static,
    {
        Self::Async(dataflow, Box::new(move |seed, log, fails| Box::pin(run(seed, log, fails))))
    }
}

fn check_equal(name: &impl fmt::Debug, fails: u64, compiled: (Outcome, Log), driven: (Outcome, Log)) {
    match (&compiled.0, &driven.0) {
        (Ok(compiled), Ok(driven)) => assert_eq!(compiled, driven, "{name:?}"),
        (Err(compiled), Err(driven)) => {
            assert_eq!(format!("{compiled:?}"), format!("{driven:?}"), "{name:?}");
            return;
        }
        (compiled, driven) => panic!("{name:?} with failing node {fails}: {compiled:?} and {driven:?}"),
    }
    assert_eq!(compiled.1.counts(), driven.1.counts(), "{name:?} calls each node equally often");
}

/// The number of a node that no module has.
const NONE: u64 = 99;

#[tokio::test(start_paused = true)]
async fn compiled_outputs_equal_those_of_a_driver() {
    for run in random_modules::all() {
        for fails in (0..14).chain([NONE]) {
            match &run {
                Run::Sync(dataflow, run) => {
                    let log = Log::default();
                    let compiled = (run(5, log.clone(), fails), log);
                    let driver = Driver::builder().with_dataflow(dataflow.clone()).build().unwrap();
                    let log = Log::default();
                    let inputs = inputs! { seed: 5_u64, log: log.clone(), fails };
                    let driven =
                        driver.execute_named(["out"], inputs).map(|mut values| values.take("out").unwrap());
                    check_equal(dataflow.name(), fails, compiled, (driven, log));
                }
                Run::Async(dataflow, run) => {
                    let log = Log::default();
                    let begun = tokio::time::Instant::now();
                    let compiled = (run(5, log.clone(), fails).await, log.clone());
                    if compiled.0.is_ok() {
                        let expected = Duration::from_millis(log.0.lock().unwrap().critical_path);
                        assert_eq!(
                            begun.elapsed(),
                            expected,
                            "{:?} takes its critical path",
                            dataflow.name()
                        );
                    }
                    let driver = AsyncDriver::builder().with_dataflow(dataflow.clone()).build().unwrap();
                    let log = Log::default();
                    let inputs = inputs! { seed: 5_u64, log: log.clone(), fails };
                    let driven = driver.execute_named(["out"], inputs).await;
                    let driven = driven.map(|mut values| values.take("out").unwrap());
                    check_equal(dataflow.name(), fails, compiled, (driven, log));
                }
            }
        }
    }
}

#[test]
fn generated_modules_are_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compiled/random/random_modules.rs");
    let expected = crate::generator::modules();
    if std::env::var_os("UPDATE_RANDOM_MODULES").is_some() {
        std::fs::write(path, &expected).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap() == expected,
        "run the tests with `UPDATE_RANDOM_MODULES=1`"
    );
}
