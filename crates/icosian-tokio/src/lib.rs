//! Runs the async nodes of a dataflow concurrently, under tokio.
//!
//! [`TokioAdapter`] polls all nodes of a run on the task that awaits the run: nothing is spawned, so dropping the run's
//! future cancels all of it, and nodes may borrow nothing but what the run owns. For the contract it keeps, see
//! `icosian-adapter`.
//!
//! ```
//! use icosian_adapter::{AsyncGraphAdapter, Program};
//! use icosian_core::{Node, Outline};
//! use icosian_tokio::TokioAdapter;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let program = Program::new([Node::future(Outline::new("one"), |_| async { Ok(1_u64) })], ["one"])?;
//! let mut run = program.start_async();
//! TokioAdapter::default().run(&mut run).await?;
//! assert_eq!(run.take::<u64>(0), Some(1));
//! # Ok(())
//! # }
//! ```

use std::future::poll_fn;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use icosian_adapter::{AsyncGraphAdapter, AsyncRun, Progress, Stop};
use icosian_core::AdapterSpec;
use tokio::task::yield_now;

/// Jobs that run in a row before the clock is looked at.
const JOBS_IN_A_ROW: usize = 32;

/// How long a run keeps its thread while it need not wait, before other tasks of the runtime have their turn.
const TURN: Duration = Duration::from_micros(200);

/// Runs every node as soon as what it reads is there: sync nodes in place, async ones concurrently on the task that awaits
/// the run.
///
/// A node's future is polled at once when it is made. While few are pending, all of them are polled whenever the task is
/// woken; many have wakers of their own. A run that need not wait for a while gives other tasks of the runtime their turn.
///
/// # Examples
/// ```
/// use icosian_adapter::AsyncGraphAdapter;
/// use icosian_tokio::TokioAdapter;
///
/// assert!(TokioAdapter::default().spec().runs_async_nodes());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct TokioAdapter {}

#[async_trait]
impl AsyncGraphAdapter for TokioAdapter {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("tokio").polls_futures()
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), Stop> {
        let mut began: Option<Instant> = None;
        loop {
            match poll_fn(|context| run.poll_jobs(context, JOBS_IN_A_ROW)).await? {
                Progress::Ended => return Ok(()),
                Progress::More if began.get_or_insert_with(Instant::now).elapsed() > TURN => {
                    yield_now().await;
                    began = None;
                }
                Progress::More => {}
            }
        }
    }
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
