//! Functions that return the error reports of other crates.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use icosian::prelude::*;
use icosian::{BoxError, NodeError, RunError};

use crate::twins::{build, twins};

fn timed_out() -> io::Error {
    io::ErrorKind::TimedOut.into()
}

fn is_timeout(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::TimedOut
}

#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("no rates")]
struct NoRates(#[source] io::Error);

macro_rules! flow {
    ($name:ident $($later:ident)?) => {
        #[dataflow]
        mod $name {
            use super::*;

            #[retry(attempts = 3, when = |error: &io::Error| is_timeout(error))]
            pub $($later)? fn anyhow_cause(calls: &AtomicUsize) -> anyhow::Result<u64> {
                calls.fetch_add(1, Ordering::SeqCst);
                Err(timed_out())?
            }

            #[retry(attempts = 3, when = is_timeout)]
            pub $($later)? fn anyhow_context(calls: &AtomicUsize) -> anyhow::Result<u64> {
                calls.fetch_add(1, Ordering::SeqCst);
                anyhow::Context::context(Err(timed_out()), "while fetching")
            }

            #[retry(attempts = 3, when = |error: &anyhow::Error| error.is::<io::Error>())]
            pub $($later)? fn anyhow_report(calls: &AtomicUsize) -> Result<u64, anyhow::Error> {
                calls.fetch_add(1, Ordering::SeqCst);
                Err(timed_out())?
            }

            #[retry(attempts = 3, when = is_timeout)]
            pub $($later)? fn eyre_cause(calls: &AtomicUsize) -> eyre::Result<u64> {
                calls.fetch_add(1, Ordering::SeqCst);
                Err(timed_out())?
            }

            #[retry(attempts = 3, when = |error: &eyre::Report| error.is::<io::Error>())]
            pub $($later)? fn eyre_report(calls: &AtomicUsize) -> eyre::Result<u64> {
                calls.fetch_add(1, Ordering::SeqCst);
                Err(timed_out())?
            }

            #[retry(attempts = 3, when = is_timeout)]
            pub $($later)? fn miette_cause(calls: &AtomicUsize) -> miette::Result<u64> {
                calls.fetch_add(1, Ordering::SeqCst);
                Err(NoRates(timed_out()))?
            }

            #[retry(attempts = 3, when = |error: &miette::Report| error.code().is_none())]
            pub $($later)? fn miette_report(calls: &AtomicUsize) -> miette::Result<u64> {
                calls.fetch_add(1, Ordering::SeqCst);
                Err(NoRates(timed_out()))?
            }

            #[retry(attempts = 3, when = is_timeout)]
            pub $($later)? fn boxed_cause(calls: &AtomicUsize) -> Result<u64, BoxError> {
                calls.fetch_add(1, Ordering::SeqCst);
                Err(timed_out())?
            }

            #[retry(attempts = 3, when = |error: &BoxError| error.is::<io::Error>())]
            pub $($later)? fn boxed_report(calls: &AtomicUsize) -> Result<u64, BoxError> {
                calls.fetch_add(1, Ordering::SeqCst);
                Err(timed_out())?
            }

            /// The cause is in the chain of the function's own error.
            #[retry(attempts = 3, when = |error: &NoRates| is_timeout(&error.0))]
            pub $($later)? fn own_error(calls: &AtomicUsize) -> Result<u64, NoRates> {
                calls.fetch_add(1, Ordering::SeqCst);
                Err(NoRates(timed_out()))
            }

            #[fallback(with = |error: &NodeError| error.find::<io::Error, _>().map(|error| error.kind()))]
            pub $($later)? fn replaced() -> anyhow::Result<Option<io::ErrorKind>> {
                anyhow::Context::context(Err(timed_out()), "while fetching")
            }

            /// The execution was cancelled: nothing is retried or replaced.
            #[fallback(value = 7)]
            #[retry(attempts = 3)]
            pub $($later)? fn cancelled(calls: &AtomicUsize, context: &RunContext) -> anyhow::Result<u64> {
                calls.fetch_add(1, Ordering::SeqCst);
                context.cancel();
                anyhow::Context::context(context.check(), "early")?;
                Ok(1)
            }
        }
    };
}
twins!(flow!);

/// Executes a node whose every attempt fails. Returns the number of calls and the error.
fn fail(driver: &AsyncDriver, node: &str) -> (usize, ExecuteError) {
    let calls = std::sync::Arc::new(AtomicUsize::new(0));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let executed =
        runtime.block_on(driver.execute_named([node], inputs! { calls: std::sync::Arc::clone(&calls) }));
    (calls.load(Ordering::SeqCst), executed.unwrap_err())
}

#[test]
fn cause_of_report_is_found() {
    for dataflow in [sync_flow::dataflow(), async_flow::dataflow()] {
        let driver = build(dataflow, &Config::new()).unwrap();
        for node in [
            "anyhow_cause",
            "anyhow_context",
            "anyhow_report",
            "eyre_cause",
            "eyre_report",
            "miette_cause",
            "miette_report",
            "boxed_cause",
            "boxed_report",
            "own_error",
        ] {
            let (calls, error) = fail(&driver, node);
            assert_eq!(calls, 3, "{node}");
            let ExecuteError::Failed(failed) = error else { panic!("{error:?}") };
            let Some(RunError::NodeFailed { source, .. }) = failed.first() else { panic!("{failed:?}") };
            let cause = source.find::<io::Error, _>().map(io::Error::kind);
            assert_eq!(cause, Some(io::ErrorKind::TimedOut), "{node}");
            // For the other nodes, the error is the cause itself.
            if !["anyhow_context", "miette_cause", "miette_report", "own_error"].contains(&node) {
                assert!(source.downcast_ref::<io::Error>().is_some(), "{node}");
            }
            // The cause is also in the chain of `Error::source`.
            let run_error: &(dyn std::error::Error + 'static) = failed.first().unwrap();
            let mut chain = std::iter::successors(Some(run_error), |error| error.source());
            assert!(chain.any(<dyn std::error::Error>::is::<io::Error>), "{node}");
        }
    }
}

#[test]
fn fallback_closure_finds_cause_of_report() {
    for dataflow in [sync_flow::dataflow(), async_flow::dataflow()] {
        crate::twins::check::<sync_flow::replaced>(
            dataflow,
            &Config::new(),
            inputs! {},
            &Some(io::ErrorKind::TimedOut),
        );
    }
}

#[test]
fn cancellation_inside_report_is_final() {
    for dataflow in [sync_flow::dataflow(), async_flow::dataflow()] {
        let driver = build(dataflow, &Config::new()).unwrap();
        let (calls, error) = fail(&driver, "cancelled");
        assert_eq!(calls, 1, "{error:?}");
    }
}
