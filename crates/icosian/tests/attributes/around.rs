use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use icosian::NodeError;
use icosian::prelude::*;

use crate::twins::{build, check_twins, twins};

fn is_timeout(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::TimedOut
}

macro_rules! flow {
    ($name:ident $($later:ident)?) => {
        #[dataflow]
        pub(crate) mod $name {
            use super::*;

            #[retry(attempts = 3, backoff = "1ms..2ms", jitter, when = is_timeout)]
            pub $($later)? fn third(calls: &AtomicUsize) -> io::Result<usize> {
                match calls.fetch_add(1, Ordering::Relaxed) {
                    2 => Ok(2),
                    _ => Err(io::ErrorKind::TimedOut.into()),
                }
            }

            #[fallback(value = 7)]
            #[retry(attempts = 2, backoff = Duration::ZERO..Duration::from_micros(1), when_any = |_| true)]
            pub $($later)? fn never(calls: &AtomicUsize) -> io::Result<usize> {
                let _ = calls;
                Err(io::ErrorKind::TimedOut.into())
            }

            #[fallback(with = |error: &NodeError| error.to_string())]
            pub $($later)? fn told() -> io::Result<String> {
                Err(io::Error::other("no route"))
            }

            #[fallback(nobody)]
            pub $($later)? fn name(id: u64) -> io::Result<String> {
                Err(io::Error::other(id.to_string()))
            }

            $($later)? fn nobody(id: u64) -> String {
                format!("nobody {id}")
            }

            #[retry(attempts = 3)]
            pub $($later)? fn retried(counted: Counted) -> Result<u64, Spent> {
                Err(Spent::from(counted))
            }

            #[fallback(with = |error: &NodeError| error.to_string().len() as u64)]
            #[retry(attempts = 2)]
            pub $($later)? fn replaced_by_value(counted: Counted) -> Result<u64, Spent> {
                Err(Spent::from(counted))
            }

            #[fallback(spent)]
            pub $($later)? fn replaced(counted: Counted) -> Result<u64, Spent> {
                Err(Spent::from(counted))
            }

            $($later)? fn spent(counted: Counted) -> u64 {
                drop(counted);
                1
            }

            /// The fallback function reads nothing, so this function can consume the value itself.
            #[fallback(nothing)]
            pub $($later)? fn taken(counted: Counted) -> Result<u64, Spent> {
                Err(Spent::from(counted))
            }

            $($later)? fn nothing() -> u64 {
                2
            }

            #[offload]
            #[remote(num_cpus = 4, queue = "large", share = 1.0 / 2.0)]
            #[tag(owner = "finance", data.pii = ["no", "never"])]
            pub $($later)? fn rate() -> f64 {
                1.5
            }
        }
    };
}
twins!(flow!);

/// A value that counts its clones.
#[derive(Debug)]
pub(crate) struct Counted(Arc<AtomicUsize>);

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(&self.0))
    }
}

/// The error of a consumed value.
#[derive(Debug)]
pub(crate) struct Spent;

impl From<Counted> for Spent {
    fn from(counted: Counted) -> Self {
        drop(counted);
        Self
    }
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it is spent")
    }
}

impl std::error::Error for Spent {}

#[test]
fn consumed_value_is_cloned_for_all_calls_but_the_last() {
    /// Executes a node under a sync or an async adapter, and returns the number of clones of its argument.
    fn clones(flow: Dataflow, name: &str, is_async: bool) -> usize {
        let clones = Arc::new(AtomicUsize::new(0));
        let inputs = inputs! { counted: Counted(Arc::clone(&clones)) };
        let _ = if is_async {
            let driver = build(flow, &Config::new()).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(driver.execute_named([name], inputs)).map(drop)
        } else {
            let driver = Driver::builder().with_dataflow(flow).build().unwrap();
            driver.execute_named([name], inputs).map(drop)
        };
        clones.load(Ordering::Relaxed)
    }
    for (name, expect) in [("retried", 2), ("replaced_by_value", 1), ("replaced", 1), ("taken", 0)] {
        assert_eq!(clones(sync_flow::dataflow(), name, false), expect, "sync `{name}`");
        assert_eq!(clones(sync_flow::dataflow(), name, true), expect, "sync `{name}`, async adapter");
        assert_eq!(clones(async_flow::dataflow(), name, true), expect, "async `{name}`");
    }
}

#[test]
fn failure_is_retried_or_replaced() {
    check_twins!(third of { calls: AtomicUsize::new(0) } == 2);
    check_twins!(never of { calls: AtomicUsize::new(0) } == 7);
    check_twins!(told, name, rate of { id: 3_u64 } == ("no route".to_owned(), "nobody 3".to_owned(), 1.5));
}

#[test]
fn marks_set_the_placement() {
    for dataflow in [sync_flow::dataflow(), async_flow::dataflow()] {
        let driver = build(dataflow, &Config::new()).unwrap();
        let rate = driver.graph().outline(driver.graph().node("rate").unwrap());
        let tags = "data.pii = no, never; owner = finance; remote.num_cpus = 4; remote.queue = large; remote.share = 0.5";
        assert_eq!(rate.tags().to_string(), tags);
    }
}

#[dataflow]
pub(crate) mod waiting {
    use super::*;

    #[timeout("5ms")]
    pub async fn late() -> u64 {
        std::future::pending().await
    }

    /// Uses up its time before its first await, and would be ready at the next poll.
    #[node(allow(busy_wait, reason = "uses up its time on purpose"))]
    #[timeout("1ms")]
    pub async fn busy() -> u64 {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(2) {
            std::hint::spin_loop();
        }
        tokio::task::yield_now().await;
        1
    }

    #[limit("database", max_concurrency = 1)]
    #[timeout(Duration::from_secs(5))]
    pub async fn early() -> u64 {
        1
    }

    #[timeout("5s")]
    #[offload]
    pub fn blocking() -> u64 {
        2
    }

    #[limit("database", max_concurrency = 1)]
    pub fn limited() -> u64 {
        3
    }

    #[spawn]
    pub fn scored() -> Option<tokio::task::Id> {
        tokio::task::try_id()
    }

    #[limit("database", max_concurrency = 1)]
    #[timeout("5s")]
    #[spawn]
    pub async fn scored_later() -> Option<tokio::task::Id> {
        tokio::task::yield_now().await;
        tokio::task::try_id()
    }
}

#[tokio::test]
async fn spawned_functions_run_on_separate_tasks() {
    let driver = build(waiting::dataflow(), &Config::new()).unwrap();
    let tasks = driver.execute::<(waiting::scored, waiting::scored_later)>(inputs! {});
    let (sync, later) = tasks.await.unwrap();
    assert!(sync.is_some() && later.is_some() && sync != later, "{sync:?}, {later:?}");
}

#[tokio::test]
async fn timeouts_and_groups_apply() {
    let driver = build(waiting::dataflow(), &Config::new()).unwrap();
    let nodes = driver.execute::<(waiting::early, waiting::blocking, waiting::limited)>(inputs! {});
    assert_eq!(nodes.await.unwrap(), (1, 2, 3));
    let error = driver.execute::<waiting::late>(inputs! {}).await.unwrap_err();
    assert!(error.to_string().contains("late"), "{error:?}");
}

#[tokio::test]
async fn timeout_includes_the_time_before_the_first_await() {
    let driver = build(waiting::dataflow(), &Config::new()).unwrap();
    let error = driver.execute::<waiting::busy>(inputs! {}).await.unwrap_err();
    assert_eq!(error.to_string(), "node `busy` timed out after 1ms");
}
