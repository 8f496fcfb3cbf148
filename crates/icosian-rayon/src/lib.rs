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

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use icosian_adapter::{Detached, Executed, GraphAdapter, Run, Stop};
use icosian_core::{AdapterSpec, Caps};
use rayon::{Scope, ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

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
        let shared = Mutex::new(Shared { run, stop: None });
        match &self.threads {
            Some(threads) => threads.scope(|scope| work(scope, &shared, None)),
            None => rayon::scope(|scope| work(scope, &shared, None)),
        }
        shared.into_inner().unwrap_or_else(PoisonError::into_inner).stop.map_or(Ok(()), Err)
    }
}

/// A run that threads work on together.
struct Shared<'run, 'program> {
    run: &'run mut Run<'program>,
    stop: Option<Stop>,
}

impl Shared<'_, '_> {
    /// Takes in what was executed, and gives what is ready now: one step to go on with, and the others.
    fn advance(&mut self, executed: Option<Executed>) -> Result<(Option<Detached>, Vec<Detached>), Stop> {
        if let Some(executed) = executed {
            self.run.finish(executed)?;
        }
        let first = self.next()?;
        let mut others = Vec::new();
        while first.is_some()
            && let Some(other) = self.next()?
        {
            others.push(other);
        }
        Ok((first, others))
    }

    fn next(&mut self) -> Result<Option<Detached>, Stop> {
        self.run.next_ready().map(|step| self.run.detach(step)).transpose()
    }
}

/// Executes `detached` and goes on with what becomes ready, until nothing is.
fn work<'scope>(scope: &Scope<'scope>, shared: &'scope Mutex<Shared<'_, '_>>, detached: Option<Detached>) {
    let mut executed = detached.map(Detached::execute);
    loop {
        let (first, others) = {
            let mut shared = locked(shared);
            if shared.stop.is_some() {
                return;
            }
            match shared.advance(executed.take()) {
                Ok(ready) => ready,
                Err(stop) => {
                    shared.stop = Some(stop);
                    return;
                }
            }
        };
        for other in others {
            scope.spawn(move |scope| work(scope, shared, Some(other)));
        }
        let Some(first) = first else { return };
        executed = Some(first.execute());
    }
}

fn locked<'a, 'run, 'program>(
    shared: &'a Mutex<Shared<'run, 'program>>,
) -> MutexGuard<'a, Shared<'run, 'program>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<RayonAdapter>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
