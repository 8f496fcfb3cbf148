//! Runs the sync nodes of a dataflow in parallel.
//!
//! [`RayonAdapter`] starts every node as soon as its inputs are available; it does not run the graph level by level. The adapter
//! implements `GraphAdapter` of `icosian-adapter`, so a `Driver` accepts it. Async nodes are refused before a run.
//!
//! ```
//! use icosian_adapter::{GraphAdapter, Program, Run};
//! use icosian_core::{Node, Outline};
//! use icosian_rayon::RayonAdapter;
//!
//! let program = Program::new([Node::sync(Outline::new("one"), |_| Ok(1_u64))], ["one"])?;
//! let mut run = Run::new(&program);
//! RayonAdapter::default().run(&mut run)?;
//! assert_eq!(run.values_mut().take::<u64>(0), Some(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod shared;

use std::num::NonZeroUsize;
use std::sync::Arc;

use icosian_adapter::{CallerSpan, Detached, GraphAdapter, ItemQueue, Run, RunAbort, ThreadPoolError};
use icosian_core::{AdapterSpec, Caps};
use rayon::{Scope, ThreadPool, ThreadPoolBuilder};

use shared::Shared;

/// Runs sync nodes in parallel, each as soon as its inputs are available.
///
/// A thread that has executed a node continues with the first node that became ready, and leaves the others to other
/// threads. After the first failure no further node starts, and running nodes finish. A node costs some hundred nanoseconds
/// more than under `SyncAdapter`, so use this adapter for nodes that take microseconds or longer. The caller's `tracing`
/// span is current in every node.
///
/// # Locks and parallel iterators
///
/// A node may call rayon itself, with `par_iter` or `rayon::join`. While such a call waits, rayon lets the thread execute
/// other tasks of its pool, and such a task can be another node. If the waiting node holds a lock and the other node
/// requests it, the thread waits for itself and the run hangs. Rayon's own tasks have the same restriction. The adapter
/// cannot prevent it, because a thread of a pool cannot wait without taking tasks.
///
/// Release locks before a parallel call: copy the data, or drop the guard. If a lock must be held, use an adapter
/// [with its own threads](Self::with_threads) and make the parallel call from a plain thread, which waits without taking
/// tasks. `ThreadPool::install` is not enough, because its caller takes tasks while it waits.
///
/// ```
/// use rayon::prelude::*;
/// use std::sync::Mutex;
///
/// static TOTAL: Mutex<u64> = Mutex::new(0);
///
/// fn add(numbers: &[u64]) -> u64 {
///     let mut total = TOTAL.lock().expect("the lock is not poisoned");
///     let sum = std::thread::scope(|scope| scope.spawn(|| numbers.par_iter().sum::<u64>()).join());
///     *total += sum.expect("the sum does not panic");
///     *total
/// }
/// assert_eq!(add(&[1, 2, 3]), 6);
/// ```
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
    /// The adapter's own threads, or `None` for rayon's global pool.
    threads: Option<Arc<ThreadPool>>,
}

impl RayonAdapter {
    /// Returns an adapter that uses rayon's global thread pool.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an adapter with its own pool of `threads` threads. The default is rayon's global pool.
    ///
    /// # Errors
    /// [`ThreadPoolError`] if the threads cannot be started.
    pub fn with_threads(threads: NonZeroUsize) -> Result<Self, ThreadPoolError> {
        let threads = ThreadPoolBuilder::new().num_threads(threads.get());
        let threads = threads.build().map_err(ThreadPoolError::new)?;
        Ok(Self { threads: Some(Arc::new(threads)) })
    }
}

impl GraphAdapter for RayonAdapter {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("rayon").with_caps(Caps::THREADS)
    }

    fn run(&self, run: &mut Run<'_>) -> Result<(), RunAbort> {
        let shared = Shared::new(run, CallerSpan::capture());
        match &self.threads {
            Some(threads) => threads.scope(|scope| start(scope, &shared, None)),
            None => rayon::scope(|scope| start(scope, &shared, None)),
        }
        shared.into_abort().map_or(Ok(()), Err)
    }

    /// Runs the item on this thread: the items run in parallel, not the nodes of one item.
    fn run_item(&self, run: &mut Run<'_>) -> Result<(), RunAbort> {
        run.execute_in_order()
    }

    fn run_items(&self, items: &dyn ItemQueue) {
        match &self.threads {
            Some(threads) => threads.install(|| run_items(items)),
            None => run_items(items),
        }
    }
}

/// Executes steps within the caller's span.
fn start<'scope>(scope: &Scope<'scope>, shared: &'scope Shared<'_, '_>, detached: Option<Detached>) {
    shared.span().in_scope(|| work(scope, shared, detached));
}

/// Executes `detached` and the steps that become ready, until none is ready.
fn work<'scope>(scope: &Scope<'scope>, shared: &'scope Shared<'_, '_>, detached: Option<Detached>) {
    let mut next = detached;
    loop {
        if let Some(detached) = next.take() {
            if shared.has_aborted() {
                return;
            }
            shared.push(detached.execute());
        }
        let mut ready = shared.advance().into_iter();
        next = ready.next();
        if next.is_none() {
            return;
        }
        for other in ready {
            scope.spawn(move |scope| start(scope, shared, Some(other)));
        }
    }
}

/// Runs items on the threads of the current pool. Each thread pulls its next item when it has finished one.
fn run_items(items: &dyn ItemQueue) {
    let threads = rayon::current_num_threads();
    let loops = items.concurrency().map_or(threads, |concurrency| concurrency.get().min(threads));
    let span = CallerSpan::capture();
    rayon::scope(|scope| {
        for _ in 1..loops {
            spawn_loop(scope, items, &span);
        }
        items.run_spawning(&|| spawn_loop(scope, items, &span));
    });
}

/// Runs items on another thread of the pool. The source may call rayon, so no thread may wait for it.
fn spawn_loop<'scope>(scope: &Scope<'scope>, items: &'scope dyn ItemQueue, span: &'scope CallerSpan) {
    scope.spawn(move |scope| {
        span.in_scope(|| items.run_spawning(&|| spawn_loop(scope, items, span)));
    });
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<RayonAdapter>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
