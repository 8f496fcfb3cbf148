use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use icosian_adapter::{CallerSpan, Detached, Run, RunAbort, StepResult};

/// A run that several threads execute.
///
/// Finished steps go through `inbox`, so no thread ever waits for `steps`:
///
/// 1. A thread pushes its result to `inbox`, then tries to lock `steps`.
/// 2. If another thread holds `steps`, this thread returns. The result is not lost: a holder locks `inbox` again after it has
///    released `steps` (step 4). If its last check of `inbox` had come before the push, its release of `steps` would have
///    come before the push too, by the order of the mutex `inbox`, and `try_lock` would have found `steps` free.
/// 3. The holder drains `inbox`, applies the results to the run and detaches the steps that became ready.
/// 4. It releases `steps`, and starts over if `inbox` is not empty. If several threads start over, one of them obtains
///    `steps` and the others return by step 2.
///
/// `inbox` is locked for the time of a push or a swap only, and no user code runs under its lock. User code (hooks,
/// destructors of values) may run under `steps`, and may execute another dataflow on this thread. `try_lock` never
/// blocks, so the thread cannot wait for itself.
///
/// After the scope of rayon has ended, no thread is left: `into_abort` applies the results that arrived after an abort.
pub(crate) struct Shared<'run, 'program> {
    steps: Mutex<Steps<'run, 'program>>,
    inbox: Mutex<Vec<StepResult>>,
    /// Set after an abort, to skip steps that were detached before it.
    ///
    /// `Relaxed` is enough for the store and the loads: the flag guards no other memory, since the abort itself is behind the
    /// mutex `steps`. A stale read executes one more step, whose result `finish` accepts.
    has_aborted: AtomicBool,
    /// The span of the caller, which each thread enters.
    span: CallerSpan,
}

struct Steps<'run, 'program> {
    run: &'run mut Run<'program>,
    abort: Option<RunAbort>,
}

impl<'run, 'program> Shared<'run, 'program> {
    pub(crate) fn new(run: &'run mut Run<'program>, span: CallerSpan) -> Self {
        let steps = Mutex::new(Steps { run, abort: None });
        Self { steps, inbox: Mutex::default(), has_aborted: AtomicBool::new(false), span }
    }

    pub(crate) fn span(&self) -> &CallerSpan {
        &self.span
    }

    /// Returns whether the run was aborted, perhaps late.
    pub(crate) fn has_aborted(&self) -> bool {
        self.has_aborted.load(Ordering::Relaxed)
    }

    /// Adds the result of a step to the inbox.
    pub(crate) fn push(&self, result: StepResult) {
        self.inbox().push(result);
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
            let results = std::mem::take(&mut *self.inbox());
            for result in results {
                steps.finish(result);
            }
            steps.detach_ready(&mut ready);
            self.has_aborted.store(steps.abort.is_some(), Ordering::Relaxed);
            drop(steps);
            if self.inbox().is_empty() {
                return ready;
            }
        }
    }

    /// Returns the abort of the run, after all threads have ended.
    pub(crate) fn into_abort(self) -> Option<RunAbort> {
        let mut steps = self.steps.into_inner().unwrap_or_else(PoisonError::into_inner);
        for result in self.inbox.into_inner().unwrap_or_else(PoisonError::into_inner) {
            steps.finish(result);
        }
        steps.abort
    }

    fn inbox(&self) -> MutexGuard<'_, Vec<StepResult>> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Steps<'_, '_> {
    /// Applies a finished step. The first failure aborts the run; the run itself collects later failures.
    fn finish(&mut self, result: StepResult) {
        let abort = self.run.finish(result).err();
        self.abort = self.abort.take().or(abort);
    }

    fn detach_ready(&mut self, ready: &mut Vec<Detached>) {
        while self.abort.is_none()
            && let Some(step) = self.run.next_ready()
        {
            match self.run.detach(step) {
                Ok(detached) => ready.push(detached),
                Err(abort) => self.abort = Some(abort),
            }
        }
    }
}
