//! Limits on concurrency, and the permits that an execution and its callers hold.
//!
//! An execution may start another one from a node. If the inner execution waits for a permit that only its own callers can
//! release, it would wait forever. Each [`Permit`] therefore has a [`Holder`], linked to the holder of the execution around
//! it. The holder is current while the permit's node or run is polled, so an inner execution finds all permits of its
//! callers. `acquire` counts the permits whose holders wait for one more permit of the same limit. When these are all
//! permits of the limit, no permit can be released, and `acquire` fails instead of waiting.
//!
//! A task that a node spawns has no current holder, so its waits are not counted.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use icosian_adapter::Stop;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A limit on concurrency, shared by its clones. Permits are granted in the order of requests.
#[derive(Clone, Debug)]
pub(crate) struct Limit(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The setting behind the limit, for messages.
    name: String,
    permits: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    max: usize,
    /// The permits to remove when they are released, because the limit was lowered while they were held.
    surplus: usize,
    /// The permits whose holders wait for another permit of this limit.
    blocked: usize,
}

impl Limit {
    /// Returns a limit of `max` permits, at least one.
    pub(crate) fn new(name: impl Into<String>, max: usize) -> Self {
        let max = Self::clamp(max);
        let state = Mutex::new(State { max, surplus: 0, blocked: 0 });
        Self(Arc::new(Inner { name: name.into(), permits: Arc::new(Semaphore::new(max)), state }))
    }

    fn clamp(max: usize) -> usize {
        max.clamp(1, Semaphore::MAX_PERMITS)
    }

    /// Returns the number of permits.
    pub(crate) fn max(&self) -> usize {
        self.state().max
    }

    /// Lowers the limit. Permits that are held stay valid; the surplus is removed when they are released.
    pub(crate) fn lower(&self, max: usize) {
        let max = Self::clamp(max);
        let mut state = self.state();
        let difference = state.max.saturating_sub(max);
        if difference > 0 {
            state.max = max;
            state.surplus += difference - self.0.permits.forget_permits(difference);
        }
    }

    /// Waits for a permit.
    ///
    /// # Errors
    /// A [`Stop`] when only the callers of this execution could release one, and they wait for it.
    pub(crate) async fn acquire(self, caller: Option<Arc<Holder>>) -> Result<Permit, Stop> {
        let waiting = self.wait_inside(caller.as_ref())?;
        let permit = self.wait().await;
        drop(waiting);
        Ok(self.grant(permit, caller))
    }

    /// Waits for a permit from inside of a node. No holder is current during the attempt, so its waits are not counted.
    pub(crate) async fn acquire_per_attempt(self) -> Permit {
        let permit = self.wait().await;
        self.grant(permit, None)
    }

    async fn wait(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.0.permits).acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Takes a permit if one is free.
    pub(crate) fn try_acquire(&self, caller: Option<&Arc<Holder>>) -> Option<Permit> {
        let permit = Arc::clone(&self.0.permits).try_acquire_owned().ok()?;
        Some(self.grant(permit, caller.cloned()))
    }

    fn grant(&self, permit: OwnedSemaphorePermit, caller: Option<Arc<Holder>>) -> Permit {
        let inside = Mutex::new(Inside::default());
        let holder = Arc::new(Holder { limit: self.clone(), caller, inside });
        Permit { permit: Some(permit), holder }
    }

    /// Counts the permits of this limit that the callers hold as blocked, until the guard is dropped.
    fn wait_inside(&self, caller: Option<&Arc<Holder>>) -> Result<Option<Waiting>, Stop> {
        let callers = std::iter::successors(caller, |holder| holder.caller.as_ref());
        let holders: Vec<_> =
            callers.filter(|holder| Arc::ptr_eq(&holder.limit.0, &self.0)).cloned().collect();
        if holders.is_empty() {
            return Ok(None);
        }
        let mut state = self.state();
        for holder in &holders {
            holder.inside().wait(&mut state);
        }
        // A free permit is not held, and a permit that is on its way to a waiting run has no holder yet: with either of
        // them, the blocked permits are fewer than all.
        let is_deadlock = state.blocked >= state.max + state.surplus;
        drop(state);
        let waiting = Waiting { limit: self.clone(), holders };
        if is_deadlock { Err(Stop::deadlock(self.0.name.clone())) } else { Ok(Some(waiting)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A permit of a limit. Dropping it releases the permit.
#[derive(Debug)]
pub(crate) struct Permit {
    permit: Option<OwnedSemaphorePermit>,
    holder: Arc<Holder>,
}

impl Permit {
    pub(crate) fn holder(&self) -> &Arc<Holder> {
        &self.holder
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else { return };
        let mut state = self.holder.limit.state();
        self.holder.inside().release(&mut state);
        if state.surplus > 0 {
            state.surplus -= 1;
            permit.forget();
        }
    }
}

/// The owner of a permit: a run or a node, linked to the owner around it.
#[derive(Debug)]
pub(crate) struct Holder {
    limit: Limit,
    caller: Option<Arc<Holder>>,
    /// Locked only while the state of the limit is locked, so its lock is always free.
    inside: Mutex<Inside>,
}

impl Holder {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The executions inside of a holder that wait for a permit of the holder's own limit.
#[derive(Debug, Default)]
struct Inside {
    waiting: usize,
    is_released: bool,
}

impl Inside {
    fn wait(&mut self, state: &mut State) {
        self.waiting += 1;
        if self.waiting == 1 && !self.is_released {
            state.blocked += 1;
        }
    }

    fn stop_waiting(&mut self, state: &mut State) {
        self.waiting -= 1;
        if self.waiting == 0 && !self.is_released {
            state.blocked -= 1;
        }
    }

    fn release(&mut self, state: &mut State) {
        if self.waiting > 0 && !self.is_released {
            state.blocked -= 1;
        }
        self.is_released = true;
    }
}

/// A guard for holders whose inner execution waits.
struct Waiting {
    limit: Limit,
    holders: Vec<Arc<Holder>>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut state = self.limit.state();
        for holder in &self.holders {
            holder.inside().stop_waiting(&mut state);
        }
    }
}

thread_local! {
    static HOLDER: RefCell<Option<Arc<Holder>>> = const { RefCell::new(None) };
}

/// Returns the innermost holder around the code that runs on this thread now.
pub(crate) fn current() -> Option<Arc<Holder>> {
    HOLDER.with_borrow(Clone::clone)
}

/// Calls a function inside of a holder. Without one, the current holder stays.
pub(crate) fn enter<T>(holder: Option<&Arc<Holder>>, call: impl FnOnce() -> T) -> T {
    /// Restores the holder around this one, also after a panic.
    struct Restore(Option<Arc<Holder>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            HOLDER.set(self.0.take());
        }
    }
    let Some(holder) = holder else { return call() };
    let _restore = Restore(HOLDER.replace(Some(Arc::clone(holder))));
    call()
}

/// Polls a future inside of a holder.
pub(crate) async fn scope<F: Future>(holder: Option<Arc<Holder>>, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| enter(holder.as_ref(), || future.as_mut().poll(context))).await
}
