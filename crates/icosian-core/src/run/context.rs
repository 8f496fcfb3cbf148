use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::expand::ItemIndex;
use crate::run::cancellation::Cancellation;
use crate::run::{Limiter, Offloader, Permit, StartLimits};
use crate::value::ValueType;
use crate::{BoxError, Name};

/// The context of an execution: its id, its deadline, its clock and its cancellation.
///
/// A parameter of type `&RunContext` or `RunContext` is not an input: the run provides it, for any name of the parameter. A blocking node
/// must check its context regularly, because a thread cannot be cancelled from outside.
///
/// A caller can also create a context, to set a deadline for one execution or to cancel it. Clones are the same context.
///
/// # Examples
/// ```
/// use icosian_core::{BoxError, RunContext};
///
/// /// A node that takes long, and ends early when its execution is cancelled.
/// fn primes(limit: u64, context: &RunContext) -> Result<Vec<u64>, BoxError> {
///     let mut found = Vec::new();
///     for number in 2..limit {
///         if number % 1024 == 0 {
///             context.check()?;
///         }
///         if found.iter().all(|prime| number % prime != 0) {
///             found.push(number);
///         }
///     }
///     Ok(found)
/// }
///
/// let context = RunContext::new();
/// assert_eq!(primes(12, &context).expect("nobody cancelled it"), [2, 3, 5, 7, 11]);
/// context.cancel();
/// assert_eq!(primes(9999, &context).unwrap_err().to_string(), "the execution was cancelled");
/// ```
#[derive(Clone)]
pub struct RunContext {
    id: RunId,
    deadline: Option<Deadline>,
    cancellation: Arc<Cancellation>,
    timer: Option<Arc<dyn Timer>>,
    limiter: Option<Arc<dyn Limiter>>,
    offloader: Option<Arc<dyn Offloader>>,
    /// The items of expansions for which the run is a part of another one.
    items: Option<Arc<[ItemIndex]>>,
}

#[derive(Clone)]
struct Deadline {
    /// The deadline on the system's clock.
    at: Instant,
    /// The time until the deadline when it was set.
    limit: Duration,
    /// The first timer that the context, a clone or a child of it has, and the deadline on the timer's clock. From then on
    /// all of them use this clock.
    on_timer: Arc<OnceLock<(Arc<dyn Timer>, Instant)>>,
}

impl Deadline {
    fn new(at: Instant, limit: Duration) -> Self {
        Self { at, limit, on_timer: Arc::default() }
    }

    fn at(&self) -> Instant {
        self.on_timer.get().map_or(self.at, |(_, at)| *at)
    }

    /// Moves the deadline to the timer's clock, unless it is on a timer's clock already.
    fn use_clock_of(&self, timer: &Arc<dyn Timer>) {
        self.on_timer.get_or_init(|| {
            let (now, system) = (timer.now(), Instant::now());
            let at = match self.at.checked_duration_since(system) {
                Some(left) => now.checked_add(left),
                None => now.checked_sub(system - self.at),
            };
            (Arc::clone(timer), at.unwrap_or(now))
        });
    }
}

impl RunContext {
    /// The name under which a graph knows the context: no function can have it.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::RunContext::INPUT, "<run context>");
    /// ```
    pub const INPUT: &'static str = "<run context>";

    /// Returns the context of a new execution, without a deadline.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "each new context is another one")]
    pub fn new() -> Self {
        Self {
            id: RunId::next(),
            deadline: None,
            cancellation: Arc::default(),
            timer: None,
            limiter: None,
            offloader: None,
            items: None,
        }
    }

    /// Returns a child with the same id, deadline and timer.
    ///
    /// Cancelling this context cancels the child. Cancelling the child does not cancel this context.
    ///
    /// A driver creates a child of the caller's context for each execution. A failed execution then cancels its own nodes, but no other
    /// execution under the same context.
    #[must_use]
    pub fn child(&self) -> Self {
        let cancellation = Arc::new(Cancellation::child_of(Arc::clone(&self.cancellation)));
        Self { cancellation, ..self.clone() }
    }

    /// Returns the context of an execution under this context. For drivers.
    ///
    /// The first execution under a context has its id, and each further execution has a new id. An execution inside a node also has a
    /// new id.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::RunContext;
    ///
    /// let context = RunContext::new();
    /// let first = context.for_execution();
    /// assert_eq!(first.id(), context.id());
    /// assert_ne!(context.for_execution().id(), context.id());
    /// assert_ne!(first.for_execution().id(), context.id());
    /// ```
    #[must_use]
    pub fn for_execution(&self) -> Self {
        let mut context = self.child();
        if !self.cancellation.claim_id() {
            context.id = RunId::next();
        }
        context
    }

    /// Claims the id for an execution, so that later executions have different ids. For runs.
    #[doc(hidden)]
    pub fn claim_id(&self) {
        self.cancellation.claim_id();
    }

    /// Sets the deadline of the execution, on the clock of [`now`](Self::now). The earlier of two deadlines holds.
    #[must_use]
    pub fn with_deadline(self, deadline: Instant) -> Self {
        let limit = deadline.saturating_duration_since(self.now());
        match &self.timer {
            None => self.until(Deadline::new(deadline, limit)),
            Some(_) => self.with_time_limit(limit),
        }
    }

    /// Sets the deadline of the execution to `limit` from now. The earlier of two deadlines holds.
    ///
    /// Under tokio this needs the runtime's timer (`enable_time`), and the deadline is on tokio's clock. Time that passes
    /// between this call and the start of the execution is measured on the system's clock, unless the context has a
    /// [timer](Self::with_timer) already.
    #[must_use]
    pub fn with_time_limit(self, limit: Duration) -> Self {
        // A deadline that no clock can represent is never reached.
        let Some(at) = Instant::now().checked_add(limit) else { return self };
        let deadline = Deadline::new(at, limit);
        if let Some(timer) = &self.timer {
            let Some(at) = timer.now().checked_add(limit) else { return self };
            deadline.on_timer.get_or_init(|| (Arc::clone(timer), at));
        }
        self.until(deadline)
    }

    fn until(mut self, deadline: Deadline) -> Self {
        if self.deadline.as_ref().is_none_or(|other| deadline.at() < other.at()) {
            self.deadline = Some(deadline);
        }
        self
    }

    /// Sets the timer of the execution, instead of the adapter's: [`sleep`](Self::sleep) and [`now`](Self::now) use it.
    #[must_use]
    pub fn with_timer(mut self, timer: Arc<dyn Timer>) -> Self {
        if let Some(deadline) = &self.deadline {
            deadline.use_clock_of(&timer);
        }
        self.timer = Some(timer);
        self
    }

    /// Sets the timer of the execution, unless it has one. For adapters.
    #[must_use]
    pub fn or_timer(self, timer: Arc<dyn Timer>) -> Self {
        if self.timer.is_some() { self } else { self.with_timer(timer) }
    }

    /// Returns the current time on the clock of the execution's timer, or else on the system's clock.
    ///
    /// Under tokio it is tokio's clock, which tests can pause.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.timer.as_ref().map_or_else(Instant::now, |timer| timer.now())
    }

    /// Sets the limiter of [`acquire`](Self::acquire), unless there is one. For adapters with groups.
    #[must_use]
    pub fn or_limiter(mut self, limiter: Arc<dyn Limiter>) -> Self {
        self.limiter.get_or_insert(limiter);
        self
    }

    /// Sets the offloader of wrapped nodes, unless it is already set. For adapters with threads or tasks.
    #[must_use]
    pub fn or_offloader(mut self, offloader: Arc<dyn Offloader>) -> Self {
        self.offloader.get_or_insert(offloader);
        self
    }

    /// Returns the offloader, if the adapter has threads or tasks. For wrappers that call bodies.
    #[must_use]
    pub fn offloader(&self) -> Option<&Arc<dyn Offloader>> {
        self.offloader.as_ref()
    }

    /// Waits until the limits admit the start of an attempt. The permit is that of the group, if there is one.
    ///
    /// # Errors
    /// The adapter has no limiter, or grants no permit.
    pub fn acquire(
        &self,
        limits: &StartLimits,
    ) -> impl Future<Output = Result<Permit, BoxError>> + Send + 'static + use<> {
        let permit = self.limiter.as_ref().map(|limiter| limiter.acquire(limits));
        async move {
            match permit {
                Some(permit) => permit.await,
                None => {
                    Err("`retry` above `limit` or `rate_limit` needs an adapter that sets a limiter on the run's context"
                        .into())
                }
            }
        }
    }

    /// Returns the execution's number.
    #[must_use]
    pub fn id(&self) -> RunId {
        self.id
    }

    /// Returns the deadline of the execution, on the clock of [`now`](Self::now).
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline.as_ref().map(Deadline::at)
    }

    /// Returns the time until the deadline when it was set.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.deadline.as_ref().map(|deadline| deadline.limit)
    }

    /// Returns the item of an expansion that the run computes; empty for the run of an execution. In nested expansions the
    /// outermost item is the first.
    #[must_use]
    pub fn items(&self) -> &[ItemIndex] {
        self.items.as_deref().unwrap_or_default()
    }

    /// Sets the item of an expansion that the run computes. For drivers.
    #[doc(hidden)]
    #[must_use]
    pub fn with_items(mut self, items: Arc<[ItemIndex]>) -> Self {
        self.items = Some(items);
        self
    }

    /// Cancels the execution, at once where it waits, and before its next node where it does not.
    pub fn cancel(&self) {
        self.cancellation.cancel();
    }

    /// Returns whether the execution is over: it was cancelled, it failed, or its deadline has passed.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.was_cancelled() || self.is_late()
    }

    /// Returns whether the deadline has passed, on the clock of the first timer that the execution had.
    #[must_use]
    pub fn is_late(&self) -> bool {
        let Some(deadline) = &self.deadline else { return false };
        match deadline.on_timer.get() {
            Some((timer, at)) => timer.now() >= *at,
            None => Instant::now() >= deadline.at,
        }
    }

    fn was_cancelled(&self) -> bool {
        self.cancellation.is_cancelled()
    }

    /// Returns an error when the execution was cancelled, for a node to end with `?`.
    ///
    /// # Errors
    /// [`Cancelled`], when [`is_cancelled`](Self::is_cancelled).
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }

    /// Waits until [`cancel`](Self::cancel) was called, or the execution has failed or was dropped. The deadline is the
    /// adapter's to wait for.
    pub fn cancelled(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let cancellation = Arc::clone(&self.cancellation);
        async move { cancellation.happened().await }
    }

    /// Waits by the adapter's timer; where the adapter has none, by keeping the thread.
    pub async fn sleep(&self, time: Duration) {
        match &self.timer {
            Some(timer) => timer.sleep(time).await,
            None => std::thread::sleep(time),
        }
    }

    /// Returns whether a parameter of this type is given by the run instead of being an input.
    #[must_use]
    pub(crate) fn is_given_to(wanted: ValueType) -> bool {
        wanted == ValueType::of::<Self>()
    }

    /// Returns the name under which a graph knows the context.
    pub(crate) fn name() -> &'static Name {
        static NAME: Name = Name::new(RunContext::INPUT);
        &NAME
    }
}

impl fmt::Debug for RunContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RunContext({}{})", self.id, if self.was_cancelled() { ", cancelled" } else { "" })
    }
}

/// The number of an execution, which no other execution of the process has.
///
/// # Examples
/// ```
/// use icosian_core::RunContext;
/// use icosian_core::run::RunId;
///
/// let id: RunId = RunContext::new().id();
/// assert_eq!(id.to_string(), format!("run {}", id.number()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(u64);

impl RunId {
    fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// Returns the number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "run {}", self.0)
    }
}

/// The error of a node that ends because its execution was cancelled.
///
/// # Examples
/// ```
/// use icosian_core::RunContext;
/// use icosian_core::run::Cancelled;
///
/// let context = RunContext::new();
/// context.cancel();
/// assert_eq!(context.check(), Err(Cancelled));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the execution was cancelled")]
pub struct Cancelled;

/// The clock of an execution: it sleeps without blocking a thread, as an adapter's runtime does, and returns the time.
///
/// # Examples
/// ```
/// use icosian_core::RunContext;
/// use icosian_core::run::Timer;
/// use std::pin::Pin;
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// /// Waits for nothing, so that tests are fast.
/// struct Impatient;
///
/// impl Timer for Impatient {
///     fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
///         Box::pin(std::future::ready(()))
///     }
/// }
///
/// let context = RunContext::new().with_timer(Arc::new(Impatient));
/// # futures::executor::block_on(async {
/// context.sleep(Duration::from_secs(3600)).await;
/// # });
/// ```
pub trait Timer: Send + Sync {
    /// Returns a future that is done after `time`.
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// Returns the current time on the clock by which [`sleep`](Self::sleep) waits: the system's clock by default.
    fn now(&self) -> Instant {
        Instant::now()
    }
}
