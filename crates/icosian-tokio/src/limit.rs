//! Limits on concurrency, and the permits that an execution and its callers hold.
//!
//! An execution may start another one from a node. If the inner execution waits for a permit that only its own callers can
//! release, it would wait forever. Each [`LimitPermit`] therefore has a [`Holder`], linked to the holder of the execution around
//! it. The holder is current while the permit's node, attempt or run is polled, so an inner execution finds all permits of
//! its callers.
//!
//! A wait blocks the permits of all its callers. [`Waits`] lists the waits inside of holders. A limit is dead if all its
//! permits are blocked by waits for dead limits: none of them can be released. `acquire` fails instead of waiting for a
//! permit of a dead limit.
//!
//! A task that a node spawns has no current holder, so its waits are not counted.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use icosian_adapter::RunAbort;
use rustc_hash::FxHashMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A limit on concurrency, shared by its clones. Permits are granted in the order of requests.
#[derive(Clone, Debug)]
pub(crate) struct ConcurrencyLimit(Arc<LimitInner>);

#[derive(Debug)]
struct LimitInner {
    /// The setting behind the limit, for messages.
    name: String,
    permits: Arc<Semaphore>,
    state: Mutex<LimitState>,
}

#[derive(Debug)]
struct LimitState {
    max: usize,
    /// The permits to remove when they are released, because the limit was lowered while they were held.
    surplus: usize,
    /// The permits whose holders wait for another permit, of any limit.
    blocked: usize,
}

impl LimitState {
    /// Returns the number of permits that exist, held ones included.
    fn all(&self) -> usize {
        self.max + self.surplus
    }
}

impl ConcurrencyLimit {
    /// Returns a limit of `max` permits, at least one.
    pub(crate) fn new(name: impl Into<String>, max: usize) -> Self {
        let max = Self::clamp(max);
        let state = Mutex::new(LimitState { max, surplus: 0, blocked: 0 });
        Self(Arc::new(LimitInner { name: name.into(), permits: Arc::new(Semaphore::new(max)), state }))
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
    /// A [`RunAbort`] when no permit can be released, because all their holders wait for each other.
    pub(crate) async fn acquire(self, caller: Option<Arc<Holder>>) -> Result<LimitPermit, RunAbort> {
        let waiting = self.wait_inside(caller.as_ref())?;
        let permit = self.wait().await;
        drop(waiting);
        Ok(self.grant(permit, caller))
    }

    async fn wait(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.0.permits).acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Takes a permit if one is free.
    pub(crate) fn try_acquire(&self, caller: Option<&Arc<Holder>>) -> Option<LimitPermit> {
        let permit = Arc::clone(&self.0.permits).try_acquire_owned().ok()?;
        Some(self.grant(permit, caller.cloned()))
    }

    fn grant(&self, permit: OwnedSemaphorePermit, caller: Option<Arc<Holder>>) -> LimitPermit {
        let inside = Mutex::new(Inside::default());
        let holder = Arc::new(Holder { limit: self.clone(), caller, inside });
        LimitPermit { permit: Some(permit), holder }
    }

    /// Counts the permits of the callers as blocked, until the guard is dropped.
    fn wait_inside(&self, caller: Option<&Arc<Holder>>) -> Result<Option<Waiting>, RunAbort> {
        let Some(caller) = caller else { return Ok(None) };
        let waiting = Waiting::new(self.clone(), caller);
        let may_be_dead = {
            let state = self.state();
            state.blocked >= state.all()
        };
        if may_be_dead && waits().make_dead(self) {
            return Err(RunAbort::deadlock(self.0.name.clone()));
        }
        Ok(Some(waiting))
    }

    fn key(&self) -> LimitKey {
        Arc::as_ptr(&self.0).addr()
    }

    fn state(&self) -> MutexGuard<'_, LimitState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A permit of a limit. Dropping it releases the permit.
#[derive(Debug)]
pub(crate) struct LimitPermit {
    permit: Option<OwnedSemaphorePermit>,
    holder: Arc<Holder>,
}

impl LimitPermit {
    pub(crate) fn holder(&self) -> &Arc<Holder> {
        &self.holder
    }
}

impl Drop for LimitPermit {
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
    limit: ConcurrencyLimit,
    caller: Option<Arc<Holder>>,
    /// Locked only while the state of the limit is locked, so its lock is always free.
    inside: Mutex<Inside>,
}

impl Holder {
    /// Returns the holder itself and the holders around it.
    fn chain(self: &Arc<Self>) -> impl Iterator<Item = &Arc<Self>> {
        std::iter::successors(Some(self), |holder| holder.caller.as_ref())
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The executions inside of a holder that wait for a permit.
#[derive(Debug, Default)]
struct Inside {
    waiting: usize,
    is_released: bool,
}

impl Inside {
    fn wait(&mut self, state: &mut LimitState) {
        self.waiting += 1;
        if self.waiting == 1 && !self.is_released {
            state.blocked += 1;
        }
    }

    fn stop_waiting(&mut self, state: &mut LimitState) {
        self.waiting -= 1;
        if self.waiting == 0 && !self.is_released {
            state.blocked -= 1;
        }
    }

    fn release(&mut self, state: &mut LimitState) {
        if self.waiting > 0 && !self.is_released {
            state.blocked -= 1;
        }
        self.is_released = true;
    }
}

/// A guard for a wait inside of holders.
struct Waiting(u64);

impl Waiting {
    fn new(limit: ConcurrencyLimit, caller: &Arc<Holder>) -> Self {
        let mut waits = waits();
        for holder in caller.chain() {
            let mut state = holder.limit.state();
            holder.inside().wait(&mut state);
        }
        waits.last += 1;
        let key = waits.last;
        waits.by_key.insert(key, HolderWait { limit, caller: Arc::clone(caller) });
        Self(key)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(wait) = waits().by_key.remove(&self.0) else { return };
        for holder in wait.caller.chain() {
            let mut state = holder.limit.state();
            holder.inside().stop_waiting(&mut state);
        }
    }
}

/// The address of a limit.
type LimitKey = usize;

/// A wait for a permit of a limit, inside of a holder.
struct HolderWait {
    limit: ConcurrencyLimit,
    caller: Arc<Holder>,
}

/// The waits inside of holders, over all limits of the process: executions under different adapters may be nested.
#[derive(Default)]
struct Waits {
    by_key: FxHashMap<u64, HolderWait>,
    last: u64,
}

static WAITS: LazyLock<Mutex<Waits>> = LazyLock::new(Mutex::default);

/// Locks the waits. The lock of a limit's state may be acquired meanwhile, but not the other way round.
fn waits() -> MutexGuard<'static, Waits> {
    WAITS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Waits {
    /// Returns whether the waits make a limit dead.
    fn make_dead(&self, limit: &ConcurrencyLimit) -> bool {
        let mut dead: FxHashMap<LimitKey, &ConcurrencyLimit> =
            self.by_key.values().map(|wait| (wait.limit.key(), &wait.limit)).collect();
        loop {
            let mut blocked: FxHashMap<LimitKey, FxHashMap<*const Holder, &Holder>> = FxHashMap::default();
            for wait in self.by_key.values().filter(|wait| dead.contains_key(&wait.limit.key())) {
                for holder in wait.caller.chain() {
                    blocked.entry(holder.limit.key()).or_default().insert(Arc::as_ptr(holder), holder);
                }
            }
            let before = dead.len();
            dead.retain(|key, limit| {
                // A free permit has no holder, and neither has one on its way to a waiting run: the limit is not dead then.
                let state = limit.state();
                let holders = blocked.get(key).into_iter().flat_map(FxHashMap::values);
                holders.filter(|holder| !holder.inside().is_released).count() >= state.all()
            });
            if !dead.contains_key(&limit.key()) {
                return false;
            }
            if dead.len() == before {
                return true;
            }
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

/// Makes a holder current until it is dropped, also by a panic.
pub(crate) struct HolderScope(Option<Arc<Holder>>);

impl HolderScope {
    pub(crate) fn new(holder: Arc<Holder>) -> Self {
        Self(HOLDER.replace(Some(holder)))
    }
}

impl Drop for HolderScope {
    /// Restores the holder around this one.
    fn drop(&mut self) {
        HOLDER.set(self.0.take());
    }
}

/// Calls a function inside of a holder. Without one, the current holder stays.
pub(crate) fn enter<T>(holder: Option<&Arc<Holder>>, call: impl FnOnce() -> T) -> T {
    let _entered = holder.cloned().map(HolderScope::new);
    call()
}

/// Polls a future inside of a holder.
pub(crate) async fn scope<F: Future>(holder: Option<Arc<Holder>>, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| enter(holder.as_ref(), || future.as_mut().poll(context))).await
}
