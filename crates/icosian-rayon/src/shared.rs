use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, TryLockError};

use icosian_adapter::{CallerSpan, Detached, Run, RunAbort, StepResult};

/// A run that several threads work on.
///
/// Finished steps go through `inbox`, so no thread ever blocks on `steps`:
///
/// 1. A thread pushes its result to `inbox`, then tries to lock `steps`.
/// 2. If another thread holds the lock, this thread returns. No result is lost: the holder checks `inbox` again after it
///    releases the lock, and the push happened before this `try_lock` failed.
/// 3. The holder drains `inbox`, updates the run and collects the steps that became ready.
/// 4. It releases the lock and starts over if `inbox` is not empty.
///
/// So a thread that works on another execution meanwhile, because a hook or the drop of a value executes one, never waits
/// for itself.
pub(crate) struct Shared<'run, 'program> {
    steps: Mutex<Steps<'run, 'program>>,
    inbox: Mutex<Vec<StepResult>>,
    /// Only skips work early. A stale read costs one more step, so `Relaxed` is enough.
    has_stopped: AtomicBool,
    /// The span of the caller, which each thread enters.
    span: CallerSpan,
}

struct Steps<'run, 'program> {
    run: &'run mut Run<'program>,
    stop: Option<RunAbort>,
}

impl<'run, 'program> Shared<'run, 'program> {
    pub(crate) fn new(run: &'run mut Run<'program>, span: CallerSpan) -> Self {
        let steps = Mutex::new(Steps { run, stop: None });
        Self { steps, inbox: Mutex::default(), has_stopped: AtomicBool::new(false), span }
    }

    pub(crate) fn span(&self) -> &CallerSpan {
        &self.span
    }

    /// Returns whether no further step starts.
    pub(crate) fn has_stopped(&self) -> bool {
        self.has_stopped.load(Ordering::Relaxed)
    }

    pub(crate) fn hand_back(&self, executed: StepResult) {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner).push(executed);
    }

    /// Applies finished steps, unless another thread does, and returns the steps that are ready now.
    pub(crate) fn advance(&self) -> Vec<Detached> {
        let mut ready = Vec::new();
        loop {
            let mut steps = match self.steps.try_lock() {
                Ok(steps) => steps,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                // The holder of the lock checks the inbox again.
                Err(TryLockError::WouldBlock) => return ready,
            };
            for executed in self.drain_inbox() {
                steps.finish(executed);
            }
            steps.detach_ready(&mut ready);
            self.has_stopped.store(steps.stop.is_some(), Ordering::Relaxed);
            drop(steps);
            if self.inbox.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
                return ready;
            }
        }
    }

    fn drain_inbox(&self) -> Vec<StepResult> {
        std::mem::take(&mut *self.inbox.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns why the run has stopped, after all threads are done.
    pub(crate) fn into_stop(self) -> Option<RunAbort> {
        let mut steps = self.steps.into_inner().unwrap_or_else(PoisonError::into_inner);
        for executed in self.inbox.into_inner().unwrap_or_else(PoisonError::into_inner) {
            steps.finish(executed);
        }
        steps.stop
    }
}

impl Steps<'_, '_> {
    /// Applies a finished step. The first failure stops the run; the run itself collects later ones.
    fn finish(&mut self, executed: StepResult) {
        let stop = self.run.finish(executed).err();
        self.stop = self.stop.take().or(stop);
    }

    fn detach_ready(&mut self, ready: &mut Vec<Detached>) {
        while self.stop.is_none()
            && let Some(step) = self.run.next_ready()
        {
            match self.run.detach(step) {
                Ok(detached) => ready.push(detached),
                Err(stop) => self.stop = Some(stop),
            }
        }
    }
}
