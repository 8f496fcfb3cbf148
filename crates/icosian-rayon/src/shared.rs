use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, TryLockError};

use icosian_adapter::{Detached, Executed, Run, Stop};

/// A run that threads work on together.
///
/// What was executed goes into an inbox, and whoever has the run at the moment takes it from there; nobody waits for the run. So a
/// thread that works on another execution of the same threads meanwhile (because a hook, or the drop of a value, executes one) never
/// waits for itself.
pub(crate) struct Shared<'run, 'program> {
    steps: Mutex<Steps<'run, 'program>>,
    inbox: Mutex<Vec<Executed>>,
    has_stopped: AtomicBool,
}

struct Steps<'run, 'program> {
    run: &'run mut Run<'program>,
    stop: Option<Stop>,
}

impl<'run, 'program> Shared<'run, 'program> {
    pub(crate) fn new(run: &'run mut Run<'program>) -> Self {
        let steps = Mutex::new(Steps { run, stop: None });
        Self { steps, inbox: Mutex::default(), has_stopped: AtomicBool::new(false) }
    }

    /// Returns whether nothing new starts.
    pub(crate) fn has_stopped(&self) -> bool {
        self.has_stopped.load(Ordering::Relaxed)
    }

    pub(crate) fn hand_back(&self, executed: Executed) {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner).push(executed);
    }

    /// Takes in what was executed, unless another thread does, and returns what is ready now.
    pub(crate) fn advance(&self) -> Vec<Detached> {
        let mut ready = Vec::new();
        loop {
            let mut steps = match self.steps.try_lock() {
                Ok(steps) => steps,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                // Who has it looks into the inbox once more when it is done.
                Err(TryLockError::WouldBlock) => return ready,
            };
            for executed in self.taken() {
                steps.take_in(executed);
            }
            steps.detach_ready(&mut ready);
            self.has_stopped.store(steps.stop.is_some(), Ordering::Relaxed);
            drop(steps);
            if self.inbox.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
                return ready;
            }
        }
    }

    fn taken(&self) -> Vec<Executed> {
        std::mem::take(&mut *self.inbox.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns why the run has stopped, if it has, when all threads are done.
    pub(crate) fn into_stop(self) -> Option<Stop> {
        let mut steps = self.steps.into_inner().unwrap_or_else(PoisonError::into_inner);
        for executed in self.inbox.into_inner().unwrap_or_else(PoisonError::into_inner) {
            steps.take_in(executed);
        }
        steps.stop
    }
}

impl Steps<'_, '_> {
    /// Takes in what was executed; of what comes after the run has stopped only collected failures are left.
    fn take_in(&mut self, executed: Executed) {
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
