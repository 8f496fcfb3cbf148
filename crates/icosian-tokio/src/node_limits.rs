use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use icosian_adapter::Refusal;
use icosian_core::run::{Group, Quota, RateLimit};
use icosian_core::{Name, Outline};

use crate::limit::ConcurrencyLimit;
use crate::rate_limiter::RateLimiter;

/// The limits on nodes: concurrency, rates and time.
#[derive(Clone, Debug, Default)]
pub(crate) struct NodeLimits {
    pub(crate) max_concurrent_nodes: Option<ConcurrencyLimit>,
    pub(crate) node_timeout: Option<Duration>,
    /// The groups that were configured on the adapter.
    groups: HashMap<Name, ConcurrencyLimit>,
    /// The rate limits that were configured on the adapter.
    rates: HashMap<Name, RateLimiter>,
    /// The limits that nodes declare, shared by all clones of the adapter.
    declared: Arc<Mutex<DeclaredLimits>>,
}

#[derive(Debug, Default)]
struct DeclaredLimits {
    groups: HashMap<Name, ConcurrencyLimit>,
    rates: HashMap<Name, RateLimiter>,
}

impl NodeLimits {
    pub(crate) fn are_none(&self) -> bool {
        self.max_concurrent_nodes.is_none() && self.node_timeout.is_none()
    }

    /// Sets the limit of a group for this adapter and its later clones.
    pub(crate) fn set_group(&mut self, name: Name, nodes: usize) {
        let limit = ConcurrencyLimit::new(format!("group `{name}`"), nodes);
        self.groups.insert(name, limit);
    }

    /// Sets the quota of a rate limit for this adapter and its later clones.
    pub(crate) fn set_rate(&mut self, name: Name, quota: Quota) {
        self.rates.insert(name, RateLimiter::new(quota));
    }

    /// Returns the limit of a group: the adapter's, or the smallest one that nodes declare.
    ///
    /// Drivers that share an adapter share its groups. Each driver declares its numbers when it is built, and the smallest
    /// number holds for all of them, whatever their order.
    pub(crate) fn group(&self, group: &Group) -> Option<ConcurrencyLimit> {
        if let Some(limit) = self.groups.get(group.name()) {
            return Some(limit.clone());
        }
        let nodes = group.max_concurrency()?;
        let mut declared = self.declared.lock().unwrap_or_else(PoisonError::into_inner);
        match declared.groups.entry(group.name().clone()) {
            Entry::Vacant(vacant) => {
                let limit = ConcurrencyLimit::new(format!("group `{}`", group.name()), nodes);
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

    /// Returns the limiter of a rate limit: the adapter's, or the first one that a node declares.
    pub(crate) fn rate(&self, rate_limit: &RateLimit) -> Option<RateLimiter> {
        if let Some(limiter) = self.rates.get(rate_limit.name()) {
            return Some(limiter.clone());
        }
        let mut declared = self.declared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(limiter) = declared.rates.get(rate_limit.name()) {
            return Some(limiter.clone());
        }
        let limiter = RateLimiter::new(rate_limit.quota()?);
        declared.rates.insert(rate_limit.name().clone(), limiter.clone());
        Some(limiter)
    }

    /// Declares the limits of a node when a driver is built, and returns the reason why the adapter cannot enforce them.
    pub(crate) fn declare(&self, node: &Outline) -> Option<Refusal> {
        node.limits().find_map(|limits| {
            let group = limits.group().and_then(|group| self.declare_group(group));
            group.or_else(|| self.declare_rate(limits.rate_limit()?))
        })
    }

    fn declare_group(&self, group: &Group) -> Option<Refusal> {
        let name = group.name();
        let Some(limit) = self.group(group) else {
            let help = format!(
                "write `#[limit(\"{name}\", max_concurrency = 4)]`, or add `.with_group_limit(\"{name}\", 4)` to the adapter"
            );
            return Some(Refusal::new(format!("group `{name}` has no limit")).with_help(help));
        };
        if let Some(nodes) = group.max_concurrency().filter(|nodes| limit.max() < *nodes)
            && !self.groups.contains_key(name)
        {
            warn_of_two_limits(group, nodes, limit.max());
        }
        None
    }

    fn declare_rate(&self, rate_limit: &RateLimit) -> Option<Refusal> {
        let name = rate_limit.name();
        let Some(limiter) = self.rate(rate_limit) else {
            let help = format!(
                "write `#[rate_limit(\"{name}\", per_minute = 300)]`, or add `.with_rate_limit(\"{name}\", quota)` to the adapter"
            );
            return Some(Refusal::new(format!("rate limit `{name}` has no quota")).with_help(help));
        };
        let quota = rate_limit.quota().filter(|quota| *quota != limiter.quota())?;
        if self.rates.contains_key(name) {
            return None;
        }
        let reason = format!(
            "it declares {quota} for rate limit `{name}`, whose quota is already {}",
            limiter.quota()
        );
        let help = format!(
            "declare the same quota in all drivers that share the adapter, or add `.with_rate_limit(\"{name}\", quota)` to it"
        );
        Some(Refusal::new(reason).with_help(help))
    }
}

#[cold]
fn warn_of_two_limits(group: &Group, larger: usize, smaller: usize) {
    tracing::warn!(
        group = %group.name(),
        "drivers that share an adapter declare a max concurrency of {larger} and {smaller} for group `{}`; {smaller} applies",
        group.name(),
    );
}
