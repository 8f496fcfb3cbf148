//! Runs of every kind: sync, async, many at a time, on all cores, failing, panicking and cancelled ones.

use std::num::NonZeroUsize;
use std::panic::PanicHookInfo;
use std::task::{Context, Waker};

use icosian::adapter::TokioAdapter;
use icosian::prelude::*;
use icosian_rayon::RayonAdapter;
use tokio::runtime::Runtime;

use super::{SAMPLES, Sample, Unmeasurable, resident};
use crate::contenders::one_thread;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Well,
    InAnError,
    InAPanic,
}

/// What a node of a soak panics with, so that it can be told from panics that nobody wanted.
const PANIC: &str = "a node of the soak panics, as it should";

#[derive(Debug)]
struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it is broken")
    }
}

impl std::error::Error for Broken {}

fn ended<T>(end: End, value: T) -> Result<T, Broken> {
    match end {
        End::Well => Ok(value),
        End::InAnError => Err(Broken),
        End::InAPanic => panic!("{PANIC}"),
    }
}

/// Nodes that allocate, read by reference and by value.
#[dataflow]
mod sync_nodes {
    use super::{Broken, End, ended};

    pub fn text(number: u64) -> String {
        format!("{number:>300}")
    }

    pub fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    pub fn length(text: &str) -> usize {
        text.len()
    }

    pub fn checked(letters: Vec<char>, end: End) -> Result<Vec<char>, Broken> {
        ended(end, letters)
    }

    pub fn total(checked: &[char], length: usize) -> usize {
        checked.len() + length
    }
}

/// The same, and async nodes give other tasks their turn once.
#[dataflow]
mod async_nodes {
    use tokio::task::yield_now;

    use super::{Broken, End, ended};

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

    pub async fn checked(letters: Vec<char>, end: End) -> Result<Vec<char>, Broken> {
        yield_now().await;
        ended(end, letters)
    }

    pub async fn total(checked: &[char], length: usize) -> usize {
        checked.len() + length
    }
}

/// What [`sync_nodes::total`] and [`async_nodes::total`] give.
const TOTAL: usize = 600;

/// How many runs a [`Mix::batch`] has.
pub const BATCH: u64 = 100;

/// Executes runs of every kind: each adapter has its driver, made once.
///
/// # Examples
/// ```
/// icosian_benches::soak::mix::Mix::new().batch();
/// ```
pub struct Mix {
    driver: Driver,
    prepared: Prepared<Driver, sync_nodes::total>,
    on_all_cores: Driver,
    async_driver: AsyncDriver,
    runtime: Runtime,
    number: u64,
}

impl std::fmt::Debug for Mix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mix").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Default for Mix {
    fn default() -> Self {
        Self::new()
    }
}

impl Mix {
    /// Returns a mix whose drivers have not run yet.
    ///
    /// # Panics
    /// When a driver cannot be built.
    ///
    /// # Examples
    /// See [`Mix`].
    #[must_use]
    pub fn new() -> Self {
        let sync = || Driver::builder().with_dataflow(sync_nodes::dataflow());
        let two = NonZeroUsize::MIN.saturating_add(1);
        let rayon = RayonAdapter::with_threads(two).expect("there are threads");
        let driver = sync().build().expect("the dataflow is right");
        let flow = async_nodes::dataflow();
        let async_driver = AsyncDriver::under(TokioAdapter::default()).with_dataflow(flow);
        Self {
            prepared: driver.prepare().expect("the dataflow is right"),
            driver,
            on_all_cores: sync().with_adapter(rayon).build().expect("the dataflow is right"),
            async_driver: async_driver.build().expect("the dataflow is right"),
            runtime: one_thread(),
            number: 0,
        }
    }

    /// Executes [`BATCH`] runs, of which 12 fail, 4 panic and 12 are cancelled.
    ///
    /// # Panics
    /// When a run ends otherwise than it should.
    ///
    /// # Examples
    /// See [`Mix`].
    pub fn batch(&mut self) {
        for _ in 0..14 {
            assert_eq!(self.driver.execute::<sync_nodes::total>(self.inputs(End::Well)).ok(), Some(TOTAL));
            assert_eq!(self.prepared.execute(self.inputs(End::Well)).ok(), Some(TOTAL));
        }
        for _ in 0..4 {
            let on_all_cores = self.on_all_cores.execute::<sync_nodes::total>(self.inputs(End::Well));
            assert_eq!(on_all_cores.ok(), Some(TOTAL));
        }
        for end in [[End::InAnError; 3].as_slice(), &[End::InAPanic]].concat() {
            failed(self.driver.execute::<sync_nodes::total>(self.inputs(end)), end);
            failed(self.on_all_cores.execute::<sync_nodes::total>(self.inputs(end)), end);
        }
        for _ in 0..15 {
            let run = self.async_driver.execute::<async_nodes::total>(self.inputs(End::Well));
            assert_eq!(self.runtime.block_on(run).ok(), Some(TOTAL));
        }
        self.many_at_a_time();
        self.cancelled();
        self.number += BATCH;
    }

    /// Executes 33 runs at the same time, of which 8 do not end well.
    fn many_at_a_time(&self) {
        let ends = [[End::Well; 25].as_slice(), &[End::InAnError; 6], &[End::InAPanic; 2]].concat();
        let run = |&end: &End| {
            let (driver, inputs) = (self.async_driver.clone(), self.inputs(end));
            let run = async move { driver.execute::<async_nodes::total>(inputs).await };
            (end, self.runtime.spawn(run))
        };
        let running: Vec<_> = ends.iter().map(run).collect();
        self.runtime.block_on(async {
            for (end, run) in running {
                match run.await.expect("a run does not panic when its node does") {
                    Ok(total) => assert_eq!((total, end), (TOTAL, End::Well)),
                    failure => failed(failure, end),
                }
            }
        });
    }

    /// Drops 12 runs, each after another number of polls.
    fn cancelled(&self) {
        let _runtime = self.runtime.enter();
        let mut context = Context::from_waker(Waker::noop());
        for polls in (0..3).cycle().take(12) {
            let mut run = Box::pin(self.async_driver.execute::<async_nodes::total>(self.inputs(End::Well)));
            for _ in 0..polls {
                assert!(run.as_mut().poll(&mut context).is_pending(), "it yields twice");
            }
        }
    }

    fn inputs(&self, end: End) -> Inputs {
        inputs! { number: self.number, end: end }
    }
}

fn failed<T>(result: Result<T, ExecuteError>, end: End) {
    let Err(ExecuteError::Failed(failure)) = result else { panic!("a run ends well that should not") };
    let Some(failure) = failure.first() else { panic!("a failed run says why") };
    let says_panic = failure.to_string().contains(PANIC);
    assert_eq!(failure.node().map(icosian::Name::as_str), Some("checked"));
    assert_eq!(says_panic, end == End::InAPanic);
}

/// Executes `runs` runs, or a few more to make full batches, and hands over [`SAMPLES`] samples of resident memory, at equal
/// distances. Panics of nodes are not printed meanwhile.
///
/// # Errors
/// The system does not tell how much memory is resident.
///
/// # Panics
/// When a run ends otherwise than it should.
///
/// # Examples
/// ```
/// # #[cfg(target_os = "linux")] {
/// use icosian_benches::soak::{SAMPLES, mix};
///
/// let mut samples = Vec::new();
/// mix::soak(1, |sample| samples.push(sample)).unwrap();
/// assert_eq!(samples.len() as u64, SAMPLES);
/// # }
/// ```
pub fn soak(runs: u64, mut each: impl FnMut(Sample)) -> Result<(), Unmeasurable> {
    resident()?;
    let printed = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !wanted(panic) {
            printed(panic);
        }
    }));
    let mut mix = Mix::new();
    let batches = runs.div_ceil(BATCH * SAMPLES).max(1);
    for sample in 1..=SAMPLES {
        for _ in 0..batches {
            mix.batch();
        }
        each(Sample { runs: sample * batches * BATCH, kib: resident()? });
    }
    Ok(())
}

fn wanted(panic: &PanicHookInfo<'_>) -> bool {
    panic.payload_as_str().is_some_and(|said| said == PANIC)
}
