use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use icosian_core::{Group, Name};

use crate::limit::Limit;

/// The limits on nodes: concurrency and time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bounds {
    pub(crate) nodes_at_a_time: Option<Limit>,
    pub(crate) node_timeout: Option<Duration>,
    /// The limits that were set on the adapter.
    groups: HashMap<Name, Limit>,
    /// The limits that nodes declare, shared by all clones of the adapter.
    declared: Arc<Mutex<HashMap<Name, Limit>>>,
}

impl Bounds {
    pub(crate) fn are_none(&self) -> bool {
        self.nodes_at_a_time.is_none() && self.node_timeout.is_none()
    }

    /// Sets the limit of a group for this adapter and its later clones.
    pub(crate) fn set_group(&mut self, name: Name, nodes: usize) {
        let limit = Limit::new(format!("group `{name}`"), nodes);
        self.groups.insert(name, limit);
    }

    /// Returns the limit of a group: the adapter's, or the smallest one that nodes declare.
    ///
    /// Drivers that share an adapter share its groups. Each driver declares its numbers when it is built, and the smallest
    /// number holds for all of them, whatever their order.
    pub(crate) fn group(&self, group: &Group) -> Option<Limit> {
        if let Some(limit) = self.groups.get(group.name()) {
            return Some(limit.clone());
        }
        let nodes = group.at_a_time()?;
        let mut declared = self.declared.lock().unwrap_or_else(PoisonError::into_inner);
        match declared.entry(group.name().clone()) {
            Entry::Vacant(vacant) => {
                let limit = Limit::new(format!("group `{}`", group.name()), nodes);
                Some(vacant.insert(limit).clone())
            }
            Entry::Occupied(known) => {
                let limit = known.get();
                let max = limit.max();
                if nodes < max {
                    limit.lower(nodes);
                    warn_of_two_limits(group, max, nodes);
                }
                Some(limit.clone())
            }
        }
    }

    /// Declares the limit of a group when a driver is built. Returns whether the group has a limit.
    pub(crate) fn declare(&self, group: &Group) -> bool {
        let Some(limit) = self.group(group) else { return false };
        if let Some(nodes) = group.at_a_time().filter(|nodes| limit.max() < *nodes)
            && !self.groups.contains_key(group.name())
        {
            warn_of_two_limits(group, nodes, limit.max());
        }
        true
    }
}

#[cold]
fn warn_of_two_limits(group: &Group, larger: usize, smaller: usize) {
    tracing::warn!(
        group = %group.name(),
        "drivers with one adapter declare {larger} and {smaller} nodes at a time for group `{}`; {smaller} holds",
        group.name(),
    );
}
