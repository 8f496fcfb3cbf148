use std::fmt;
use std::num::NonZeroUsize;

use async_trait::async_trait;
use icosian_core::run::StartLimits;
use icosian_core::{AdapterSpec, Outline};

use crate::async_run::AsyncRun;
use crate::run::Run;
use crate::run_abort::RunAbort;

/// The reason why an adapter cannot run a node, and how to fix it.
///
/// # Examples
/// ```
/// use icosian_adapter::Refusal;
///
/// let refusal = Refusal::new("it needs a GPU").with_help("run it on another machine");
/// assert_eq!((refusal.reason(), refusal.help()), ("it needs a GPU", Some("run it on another machine")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    reason: String,
    help: Option<String>,
}

impl Refusal {
    /// Returns a refusal with this reason, which the error shows to the user.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: None }
    }

    /// Sets the help, which replaces the driver's help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns the reason.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the help, if the adapter set one.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

/// Executes runs whose nodes are all sync.
///
/// An adapter decides the order and the threads of the steps, and can run code before and after a step. It must execute every step once,
/// after the steps that it reads, and return a [`RunAbort`] to the caller.
///
/// # Examples
/// ```
/// use icosian_adapter::{GraphAdapter, Run, RunAbort};
/// use icosian_core::AdapterSpec;
///
/// /// Prints the name of each node before it runs.
/// #[derive(Debug)]
/// struct Chatty;
///
/// impl GraphAdapter for Chatty {
///     fn spec(&self) -> AdapterSpec {
///         AdapterSpec::new("chatty")
///     }
///
///     fn run(&self, run: &mut Run<'_>) -> Result<(), RunAbort> {
///         for step in run.steps() {
///             println!("{}", run.outline(step).name());
///             run.execute(step)?;
///         }
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a sync adapter",
    label = "expected a `GraphAdapter`, such as `SyncAdapter` or `RayonAdapter`",
    note = "`TokioAdapter` is async: use `AsyncDriver::builder()`"
)]
pub trait GraphAdapter: fmt::Debug + Send + Sync + 'static {
    /// Returns the name and the capabilities of the adapter.
    fn spec(&self) -> AdapterSpec;

    /// Returns the reason why the adapter cannot run a node, or `None`.
    ///
    /// If an execution needs such a node, the driver returns an error before any node runs.
    ///
    /// The default refuses nodes with a concurrency limit or a rate limit, because the adapter would exceed it.
    fn refuse(&self, node: &Outline) -> Option<Refusal> {
        refuse_limits(node)
    }

    /// Executes all steps of `run`.
    ///
    /// # Errors
    /// The first [`RunAbort`] that a step returns, or the abort of an adapter that failed.
    fn run(&self, run: &mut Run<'_>) -> Result<(), RunAbort>;

    /// Executes the steps of one item of an expansion, as part of a run of this adapter. The default is [`run`](Self::run).
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    fn run_item(&self, run: &mut Run<'_>) -> Result<(), RunAbort> {
        self.run(run)
    }

    /// Runs the items of an expansion. The default runs the items one after the other. An adapter with threads calls [`ItemQueue::run`] on
    /// several threads.
    fn run_items(&self, items: &dyn ItemQueue) {
        items.run();
    }
}

/// The items of an expansion that have not run, for [`GraphAdapter::run_items`].
///
/// # Examples
/// ```
/// use icosian_adapter::ItemQueue;
///
/// /// Runs items on two threads.
/// fn run_items(items: &dyn ItemQueue) {
///     std::thread::scope(|scope| {
///         scope.spawn(|| items.run());
///         items.run();
///     });
/// }
/// ```
pub trait ItemQueue: Sync {
    /// Runs items on this thread, one after the other, until no items are left or an item has failed.
    ///
    /// The thread waits while another thread pulls an item from the source.
    fn run(&self);

    /// Runs items on this thread, and returns instead of waiting for the source. Calls `spawn` for each thread that returned early and
    /// can run items again; `spawn` starts another call of this method.
    ///
    /// A pool whose threads execute other jobs while they wait needs this method. The source may wait for a job of the pool, and the
    /// thread that executes the job would otherwise wait for the source.
    fn run_spawning(&self, spawn: &dyn Fn());

    /// Returns the number of items that may run at the same time; `None` if the adapter decides.
    fn concurrency(&self) -> Option<NonZeroUsize>;
}

/// Executes runs with async nodes.
///
/// An adapter takes each [`Job`](crate::Job) that is ready and begins it. It polls the [`JobHandle`](crate::JobHandle)s of pending jobs in
/// any order, and returns each [`JobResult`](crate::JobResult) to the run. The run has ended when no job is ready and no job is pending.
/// When the future of [`run`](Self::run) is dropped, all its jobs must be cancelled.
///
/// # Examples
/// ```
/// use icosian_adapter::{AsyncGraphAdapter, AsyncRun, JobStart, RunAbort};
/// use icosian_core::AdapterSpec;
///
/// /// Awaits one node after the other.
/// #[derive(Debug)]
/// struct OneByOne;
///
/// #[async_trait::async_trait]
/// impl AsyncGraphAdapter for OneByOne {
///     fn spec(&self) -> AdapterSpec {
///         AdapterSpec::new("one-by-one").polls_futures()
///     }
///
///     async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
///         while let Some(job) = run.next_ready() {
///             if let JobStart::Pending(running) = run.begin(job)? {
///                 run.finish(running.await)?;
///             }
///         }
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an async adapter",
    label = "expected an `AsyncGraphAdapter`, such as `TokioAdapter`",
    note = "`SyncAdapter` and `RayonAdapter` are sync: use `Driver::builder()`"
)]
#[async_trait]
pub trait AsyncGraphAdapter: fmt::Debug + Send + Sync + 'static {
    /// Returns the name and the capabilities of the adapter.
    fn spec(&self) -> AdapterSpec;

    /// Returns the reason why the adapter cannot run a node, or `None`.
    ///
    /// If an execution needs such a node, the driver returns an error before any node runs.
    ///
    /// The default refuses nodes with a concurrency limit or a rate limit, because the adapter would exceed it.
    fn refuse(&self, node: &Outline) -> Option<Refusal> {
        refuse_limits(node)
    }

    /// Runs all jobs of `run`.
    ///
    /// # Errors
    /// The first [`RunAbort`] that a job returns, or the abort of an adapter that failed.
    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort>;

    /// Runs the jobs of one item of an expansion, as part of a run of this adapter. The default is [`run`](Self::run).
    ///
    /// An adapter that limits runs does not count items, because the enclosing run waits for them.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    async fn run_item(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        self.run(run).await
    }
}

/// Runs sync nodes one after the other, on the caller's thread.
///
/// # Examples
/// ```
/// use icosian_adapter::{GraphAdapter, SyncAdapter};
///
/// assert!(!SyncAdapter.spec().runs_async_nodes());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SyncAdapter;

impl GraphAdapter for SyncAdapter {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("sync")
    }

    fn run(&self, run: &mut Run<'_>) -> Result<(), RunAbort> {
        run.execute_in_order()
    }
}

fn refuse_limits(node: &Outline) -> Option<Refusal> {
    if let Some(group) = node.limits().find_map(StartLimits::group) {
        return Some(Refusal::new(format!(
            "the node is in group `{}`, and the adapter does not support groups",
            group.name()
        )));
    }
    let name = node.limits().find_map(StartLimits::rate_limit)?.name();
    Some(Refusal::new(format!(
        "the node has rate limit `{name}`, and the adapter does not support rate limits"
    )))
}
