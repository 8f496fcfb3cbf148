use std::sync::Mutex;
use std::time::{Duration, Instant};

use icosian::AdapterSpec;
use icosian::adapter::{GraphAdapter, Run, RunAbort};

/// A sync adapter that runs nodes in sequence and records the duration of each.
///
/// Clones share the recorded durations.
///
/// # Examples
/// ```
/// use custom_adapter::Timed;
/// use icosian::prelude::*;
///
/// #[dataflow]
/// pub mod numbers {
///     pub fn one() -> u64 { 1 }
///     pub fn two(one: u64) -> u64 { one + 1 }
/// }
///
/// let timed = Timed::default();
/// let driver = Driver::builder().with_dataflow(numbers::dataflow()).with_adapter(timed.clone()).build()?;
/// assert_eq!(driver.execute::<numbers::two>(inputs! {})?, 2);
/// let names: Vec<_> = timed.times().into_iter().map(|(name, _)| name).collect();
/// assert_eq!(names, ["one", "two"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Timed {
    times: std::sync::Arc<Mutex<Vec<(String, Duration)>>>,
}

impl Timed {
    /// Returns the name and duration of each node, in execution order, over all runs.
    ///
    /// # Panics
    /// Panics if another thread panicked while it recorded a duration.
    #[must_use]
    pub fn times(&self) -> Vec<(String, Duration)> {
        self.times.lock().expect("recording a duration does not panic").clone()
    }
}

// ANCHOR: adapter
impl GraphAdapter for Timed {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("timed")
    }

    fn run(&self, run: &mut Run<'_>) -> Result<(), RunAbort> {
        for step in run.steps() {
            let started = Instant::now();
            run.execute(step)?;
            let time = (run.outline(step).name().to_string(), started.elapsed());
            self.times
                .lock()
                .map_err(|_| RunAbort::adapter("the duration could not be recorded"))?
                .push(time);
        }
        Ok(())
    }
}
// ANCHOR_END: adapter
