//! Runs the sync nodes of a dataflow on all cores.
//!
//! [`RayonAdapter`] starts every node as soon as what it reads is there: there are no levels to wait for. It keeps the sync
//! contract of `icosian-adapter`, so a `Driver` takes it; async nodes are refused before anything runs.
//!
//! ```
//! use icosian_adapter::{GraphAdapter, Program};
//! use icosian_core::{Node, Outline};
//! use icosian_rayon::RayonAdapter;
//!
//! let program = Program::new([Node::sync(Outline::new("one"), |_| Ok(1_u64))], ["one"])?;
//! let mut run = program.start();
//! RayonAdapter::default().run(&mut run)?;
//! assert_eq!(run.take::<u64>(0), Some(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod shared;

use std::num::NonZeroUsize;
use std::sync::Arc;

use icosian_adapter::{Detached, GraphAdapter, Run, Stop};
use icosian_core::{AdapterSpec, Caps};
use rayon::{Scope, ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use shared::Shared;

/// Runs sync nodes on all cores, each as soon as what it reads is there.
///
/// A thread that has executed a node goes on with the first one that this made ready, and leaves the others to the other
/// threads. After the first failure nothing new starts; nodes that are being executed come to their end. A node costs
/// some hundred nanoseconds more than under `SyncAdapter`, so this is for nodes of some microseconds and more.
///
/// # Examples
/// ```
/// use icosian_adapter::GraphAdapter;
/// use icosian_rayon::RayonAdapter;
///
/// assert!(!RayonAdapter::default().spec().runs_async_nodes());
/// ```
#[derive(Clone, Debug, Default)]
pub struct RayonAdapter {
    /// None: rayon's global threads.
    threads: Option<Arc<ThreadPool>>,
}

impl RayonAdapter {
    /// Returns an adapter that uses rayon's global thread pool.
    ///
    /// # Examples
    /// ```
    /// let adapter = icosian_rayon::RayonAdapter::new();
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an adapter with `threads` threads of its own, instead of rayon's global ones, one for each core.
    ///
    /// # Errors
    /// The threads cannot be started.
    ///
    /// # Examples
    /// ```
    /// use icosian_rayon::RayonAdapter;
    /// use std::num::NonZeroUsize;
    ///
    /// let two = RayonAdapter::with_threads(NonZeroUsize::MIN.saturating_add(1))?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_threads(threads: NonZeroUsize) -> Result<Self, ThreadPoolBuildError> {
        let threads = ThreadPoolBuilder::new().num_threads(threads.get()).build()?;
        Ok(Self { threads: Some(Arc::new(threads)) })
    }
}

impl GraphAdapter for RayonAdapter {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("rayon").granting(Caps::THREADS)
    }

    fn run(&self, run: &mut Run<'_>) -> Result<(), Stop> {
        let shared = Shared::new(run);
        match &self.threads {
            Some(threads) => threads.scope(|scope| work(scope, &shared, None)),
            None => rayon::scope(|scope| work(scope, &shared, None)),
        }
        shared.into_stop().map_or(Ok(()), Err)
    }
}

/// Executes `detached` and goes on with what becomes ready, until nothing is.
fn work<'scope>(scope: &Scope<'scope>, shared: &'scope Shared<'_, '_>, detached: Option<Detached>) {
    let mut next = detached;
    loop {
        if let Some(detached) = next.take() {
            if shared.has_stopped() {
                return;
            }
            shared.hand_back(detached.execute());
        }
        let mut ready = shared.advance().into_iter();
        next = ready.next();
        if next.is_none() {
            return;
        }
        for other in ready {
            scope.spawn(move |scope| work(scope, shared, Some(other)));
        }
    }
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<RayonAdapter>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
