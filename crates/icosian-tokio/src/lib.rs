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

use std::task::Poll;

use async_trait::async_trait;
use futures::stream::{FuturesUnordered, StreamExt};
use icosian_adapter::{AsyncGraphAdapter, AsyncRun, Begun, Stop};
use icosian_core::AdapterSpec;
use tokio::task::coop::consume_budget;

/// Nodes that are done in a row before tokio is asked whether others should have their turn.
const NODES_IN_A_ROW: u32 = 16;

/// Runs every node as soon as what it reads is there: sync nodes in place, async ones concurrently on the task that awaits
/// the run.
///
/// A node's future is polled at once when it is made; only one that is pending then is kept among the running ones, each
/// with a waker of its own. A long row of nodes that hardly wait gives other tasks of the runtime their turn.
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
        let mut running = FuturesUnordered::new();
        let mut in_a_row = 0;
        loop {
            let done = match run.next_ready() {
                Some(job) => match run.begin(job)? {
                    Begun::Finished => None,
                    Begun::Running(mut job) => match futures::poll!(&mut job) {
                        Poll::Ready(done) => Some(done),
                        Poll::Pending => {
                            running.push(job);
                            continue;
                        }
                    },
                },
                None => match running.next().await {
                    Some(done) => Some(done),
                    None => return Ok(()),
                },
            };
            if let Some(done) = done {
                run.finish(done)?;
            }
            in_a_row += 1;
            if in_a_row == NODES_IN_A_ROW {
                in_a_row = 0;
                // Counted for nodes that waited too: what is pushed to `running` is polled once more at once, so a
                // node that only yields is done there and then.
                consume_budget().await;
            }
        }
    }
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
