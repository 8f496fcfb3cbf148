//! Runs of every kind: sync, async, concurrent, parallel, failing, panicking and cancelled.

use std::num::NonZeroUsize;
use std::panic::PanicHookInfo;
use std::task::{Context, Waker};

use icosian::adapter::TokioAdapter;
use icosian::prelude::*;
use icosian_rayon::RayonAdapter;
use tokio::runtime::Runtime;

use super::{SAMPLES, Sample, Unmeasurable, resident_memory};
use crate::contenders::one_thread;

/// The intended result of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Success,
    Error,
    Panic,
}

/// The message of intended panics, which distinguishes them from unexpected ones.
const PANIC: &str = "intended panic of a soak node";

/// The error of nodes that fail on purpose.
#[derive(Debug)]
struct IntendedError;

impl std::fmt::Display for IntendedError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("intended error of a soak node")
    }
}

impl std::error::Error for IntendedError {}

/// Returns `value`, fails or panics.
fn finish<T>(outcome: Outcome, value: T) -> Result<T, IntendedError> {
    match outcome {
        Outcome::Success => Ok(value),
        Outcome::Error => Err(IntendedError),
        Outcome::Panic => panic!("{PANIC}"),
    }
}

/// Nodes that allocate. Some are read by reference, some by value.
#[dataflow]
mod sync_nodes {
    use super::{IntendedError, Outcome, finish};

    pub fn text(number: u64) -> String {
        format!("{number:>300}")
    }

    pub fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    pub fn length(text: &str) -> usize {
        text.len()
    }

    pub fn checked(letters: Vec<char>, outcome: Outcome) -> Result<Vec<char>, IntendedError> {
        finish(outcome, letters)
    }

    pub fn total(checked: &[char], length: usize) -> usize {
        checked.len() + length
    }
}

/// The same nodes as async functions, most of which yield once.
#[dataflow]
mod async_nodes {
    use tokio::task::yield_now;

    use super::{IntendedError, Outcome, finish};

    pub fn text(number: u64) -> String {
        format!("{number:>300}")
    }

    pub async fn letters(text: &str) -> Vec<char> {
        yield_now().await;
        text.chars().collect()
    }

    pub async fn length(text: &str) -> usize {
        yield_now().await;
        text.len()
    }

    pub async fn checked(letters: Vec<char>, outcome: Outcome) -> Result<Vec<char>, IntendedError> {
        yield_now().await;
        finish(outcome, letters)
    }

    pub async fn total(checked: &[char], length: usize) -> usize {
        checked.len() + length
    }
}

/// The value of [`sync_nodes::total`] and [`async_nodes::total`].
const TOTAL: usize = 600;

/// The number of runs in [`Workload::run_batch`].
pub const BATCH: u64 = 100;

/// Executes runs of every kind with drivers that are built once.
///
/// # Examples
/// ```
/// icosian_benches::soak::workload::Workload::new().run_batch();
/// ```
pub struct Workload {
    driver: Driver,
    prepared: Prepared<Driver, sync_nodes::total>,
    parallel_driver: Driver,
    async_driver: AsyncDriver,
    runtime: Runtime,
    number: u64,
}

impl std::fmt::Debug for Workload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workload").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Default for Workload {
    fn default() -> Self {
        Self::new()
    }
}

impl Workload {
    /// Builds the drivers.
    ///
    /// # Panics
    /// Panics if a driver cannot be built.
    #[must_use]
    pub fn new() -> Self {
        let sync = || Driver::builder().with_dataflow(sync_nodes::dataflow());
        let two = NonZeroUsize::MIN.saturating_add(1);
        let rayon = RayonAdapter::with_threads(two).expect("the system can start threads");
        let driver = sync().build().expect("the dataflow is valid");
        let flow = async_nodes::dataflow();
        let async_driver = AsyncDriver::under(TokioAdapter::default()).with_dataflow(flow);
        Self {
            prepared: driver.prepare().expect("the dataflow is valid"),
            driver,
            parallel_driver: sync().with_adapter(rayon).build().expect("the dataflow is valid"),
            async_driver: async_driver.build().expect("the dataflow is valid"),
            runtime: one_thread(),
            number: 0,
        }
    }

    /// Executes [`BATCH`] runs, of which 12 fail, 4 panic and 12 are cancelled.
    ///
    /// # Panics
    /// Panics if the result of a run is not the intended one.
    pub fn run_batch(&mut self) {
        for _ in 0..14 {
            assert_eq!(
                self.driver.execute::<sync_nodes::total>(self.inputs(Outcome::Success)).ok(),
                Some(TOTAL)
            );
            assert_eq!(self.prepared.execute(self.inputs(Outcome::Success)).ok(), Some(TOTAL));
        }
        for _ in 0..4 {
            let total = self.parallel_driver.execute::<sync_nodes::total>(self.inputs(Outcome::Success));
            assert_eq!(total.ok(), Some(TOTAL));
        }
        for outcome in [[Outcome::Error; 3].as_slice(), &[Outcome::Panic]].concat() {
            assert_failed(self.driver.execute::<sync_nodes::total>(self.inputs(outcome)), outcome);
            assert_failed(self.parallel_driver.execute::<sync_nodes::total>(self.inputs(outcome)), outcome);
        }
        for _ in 0..15 {
            let run = self.async_driver.execute::<async_nodes::total>(self.inputs(Outcome::Success));
            assert_eq!(self.runtime.block_on(run).ok(), Some(TOTAL));
        }
        self.run_concurrently();
        self.cancel_runs();
        self.number += BATCH;
    }

    /// Executes 33 concurrent runs, of which 6 fail and 2 panic.
    fn run_concurrently(&self) {
        let outcomes =
            [[Outcome::Success; 25].as_slice(), &[Outcome::Error; 6], &[Outcome::Panic; 2]].concat();
        let spawn = |&outcome: &Outcome| {
            let (driver, inputs) = (self.async_driver.clone(), self.inputs(outcome));
            let run = async move { driver.execute::<async_nodes::total>(inputs).await };
            (outcome, self.runtime.spawn(run))
        };
        let running: Vec<_> = outcomes.iter().map(spawn).collect();
        self.runtime.block_on(async {
            for (outcome, run) in running {
                match run.await.expect("the driver catches panics of nodes") {
                    Ok(total) => assert_eq!((total, outcome), (TOTAL, Outcome::Success)),
                    failure => assert_failed(failure, outcome),
                }
            }
        });
    }

    /// Starts 12 runs and drops them after 0, 1 or 2 polls.
    fn cancel_runs(&self) {
        let _runtime = self.runtime.enter();
        let mut context = Context::from_waker(Waker::noop());
        for polls in (0..3).cycle().take(12) {
            let mut run =
                Box::pin(self.async_driver.execute::<async_nodes::total>(self.inputs(Outcome::Success)));
            for _ in 0..polls {
                assert!(run.as_mut().poll(&mut context).is_pending(), "the run yields at least twice");
            }
        }
    }

    fn inputs(&self, outcome: Outcome) -> Inputs {
        inputs! { number: self.number, outcome: outcome }
    }
}

fn assert_failed<T>(result: Result<T, ExecuteError>, outcome: Outcome) {
    let Err(ExecuteError::Failed(failure)) = result else { panic!("the run should have failed") };
    let Some(failure) = failure.first() else { panic!("a failed run has no error") };
    let is_panic = failure.to_string().contains(PANIC);
    assert_eq!(failure.node().map(icosian::Name::as_str), Some("checked"));
    assert_eq!(is_panic, outcome == Outcome::Panic);
}

/// Executes at least `runs` runs and calls `on_sample` [`SAMPLES`] times at equal intervals.
///
/// The number of runs is rounded up to full batches. Intended panics are not printed.
///
/// # Errors
/// Returns [`Unmeasurable`] if the system does not report resident memory.
///
/// # Panics
/// Panics if the result of a run is not the intended one.
///
/// # Examples
/// ```
/// # #[cfg(target_os = "linux")] {
/// use icosian_benches::soak::{SAMPLES, workload};
///
/// let mut samples = Vec::new();
/// workload::soak(1, |sample| samples.push(sample)).unwrap();
/// assert_eq!(samples.len() as u64, SAMPLES);
/// # }
/// ```
pub fn soak(runs: u64, mut on_sample: impl FnMut(Sample)) -> Result<(), Unmeasurable> {
    resident_memory()?;
    let default_hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !is_intended(panic) {
            default_hook(panic);
        }
    }));
    let mut workload = Workload::new();
    let batches = runs.div_ceil(BATCH * SAMPLES).max(1);
    for sample in 1..=SAMPLES {
        for _ in 0..batches {
            workload.run_batch();
        }
        on_sample(Sample { runs: sample * batches * BATCH, kib: resident_memory()? });
    }
    Ok(())
}

fn is_intended(panic: &PanicHookInfo<'_>) -> bool {
    panic.payload_as_str().is_some_and(|message| message == PANIC)
}
