use async_trait::async_trait;
use futures::stream::{FuturesUnordered, StreamExt};
use icosian::AdapterSpec;
use icosian::adapter::{AsyncGraphAdapter, AsyncRun, JobStart, RunAbort};

/// An async adapter with a limit on the number of concurrent async nodes.
///
/// The limit applies to each execution separately. A limit of 0 counts as 1.
///
/// # Examples
/// ```
/// use custom_adapter::AtMost;
/// use icosian::prelude::*;
///
/// #[dataflow]
/// pub mod numbers {
///     pub async fn one() -> u64 { 1 }
///     pub async fn two() -> u64 { 2 }
///     pub fn three(one: u64, two: u64) -> u64 { one + two }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let driver = AsyncDriver::under(AtMost(1)).with_dataflow(numbers::dataflow()).build()?;
/// assert_eq!(driver.execute::<numbers::three>(inputs! {}).await?, 3);
/// # Ok(())
/// # }
/// ```
// ANCHOR: adapter
#[derive(Clone, Copy, Debug)]
pub struct AtMost(pub usize);

#[async_trait]
impl AsyncGraphAdapter for AtMost {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("at-most").polls_futures()
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < self.0.max(1)
                && let Some(job) = run.next_ready()
            {
                if let JobStart::Pending(job) = run.begin(job)? {
                    running.push(job);
                }
            }
            match running.next().await {
                Some(done) => run.finish(done)?,
                None => return Ok(()),
            }
        }
    }
}
// ANCHOR_END: adapter
