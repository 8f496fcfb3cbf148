use std::sync::{Arc, Mutex, PoisonError};

use crate::limit::{Holder, LimitPermit};

/// The permits that a job holds until it ends: that of its group, and that of all nodes.
#[derive(Default)]
pub(crate) struct Permits([Option<LimitPermit>; 2]);

impl Permits {
    pub(crate) fn with(self, permit: LimitPermit) -> Self {
        let Self([first, _]) = self;
        Self([Some(permit), first])
    }

    /// Returns the holder of the permit that was acquired last, whose caller holds the other one.
    pub(crate) fn holder(&self) -> Option<&Arc<Holder>> {
        self.0[0].as_ref().map(LimitPermit::holder)
    }
}

/// The permits of a job on another thread or task. The job takes them when it starts, unless the run has dropped it before.
#[derive(Clone)]
pub(crate) struct PermitSlot(Arc<Mutex<Permits>>);

impl PermitSlot {
    pub(crate) fn new(permits: Permits) -> Self {
        Self(Arc::new(Mutex::new(permits)))
    }

    pub(crate) fn take(&self) -> Permits {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the guard of the run.
    pub(crate) fn guard(&self) -> PermitGuard {
        PermitGuard(self.clone())
    }
}

/// The run's guard of a slot: dropping it releases the permits of a job that has not started.
pub(crate) struct PermitGuard(PermitSlot);

impl Drop for PermitGuard {
    fn drop(&mut self) {
        drop(self.0.take());
    }
}
