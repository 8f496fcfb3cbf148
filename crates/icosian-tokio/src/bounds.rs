use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use icosian_core::{Group, Name};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many at a time, of all that share it; first come, first served.
#[derive(Clone, Debug)]
pub(crate) struct Limit(Arc<Semaphore>);

impl Limit {
    pub(crate) fn new(at_a_time: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_a_time.clamp(1, Semaphore::MAX_PERMITS))))
    }

    /// Waits for a turn, which ends when it is dropped.
    pub(crate) async fn turn(self) -> OwnedSemaphorePermit {
        self.0.acquire_owned().await.expect("nobody closes it")
    }

    /// Takes a turn that nobody waits for, if there is one.
    pub(crate) fn turn_now(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}

/// What nodes may take.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bounds {
    pub(crate) nodes_at_a_time: Option<Limit>,
    pub(crate) node_timeout: Option<Duration>,
    /// The limits that the adapter was given.
    groups: HashMap<Name, Limit>,
    /// Those that nodes have brought along, which all clones share.
    brought: Arc<Mutex<HashMap<Name, Limit>>>,
}

impl Bounds {
    pub(crate) fn are_none(&self) -> bool {
        self.nodes_at_a_time.is_none() && self.node_timeout.is_none()
    }

    /// Sets the limit of a group, for this adapter and the clones that are still to come.
    pub(crate) fn set_group(&mut self, name: Name, limit: Limit) {
        self.groups.insert(name, limit);
    }

    /// Returns the limit of a group: the adapter's, or else the one that its nodes bring along.
    pub(crate) fn group(&self, group: &Group) -> Option<Limit> {
        if let Some(limit) = self.groups.get(group.name()) {
            return Some(limit.clone());
        }
        let at_a_time = group.at_a_time()?;
        let mut brought = self.brought.lock().unwrap_or_else(PoisonError::into_inner);
        Some(brought.entry(group.name().clone()).or_insert_with(|| Limit::new(at_a_time)).clone())
    }

    pub(crate) fn knows(&self, group: &Group) -> bool {
        group.at_a_time().is_some() || self.groups.contains_key(group.name())
    }
}
