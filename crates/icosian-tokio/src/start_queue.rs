//! The queues of jobs that wait for limits.
//!
//! A job passes the stages of its node in this order, and then begins:
//!
//! ```text
//! `rate_limit` above `limit`:   Rate ─▶ Group ─▶ All ─▶ begin
//! `limit` above `rate_limit`:   Group ─▶ Rate ─▶ All ─▶ begin
//! ```
//!
//! It keeps the permits of `Group` and `All` until it ends. `Rate` grants no permit. There is one queue per limit and stage,
//! and only the first job of a queue sends a request to its limit. Limits serve requests in order, so runs that share a
//! limit alternate, whatever the number of their jobs. A job that waits in one queue delays no other queue.

use std::collections::VecDeque;
use std::sync::Arc;

use icosian_adapter::{Job, RunAbort};
use icosian_core::Outline;
use icosian_core::node::{Asyncness, Placement};

use crate::limit::{ConcurrencyLimit, Holder, LimitPermit};
use crate::permits::Permits;
use crate::rate_limiter::RateLimiter;

/// A limit that a job waits for before it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum StartStage {
    /// The rate limit of the node.
    Rate,
    /// The concurrency group of the node.
    Group,
    /// The limit on all nodes that take time.
    All,
}

impl StartStage {
    /// Returns the first stage of a node after `passed`. The adapter may have no limit for `All`.
    pub(crate) fn next(outline: &Outline, passed: Option<Self>) -> Option<Self> {
        let limits = outline.start_limits();
        let order = match limits {
            Some(limits) if limits.waits_with_permit() => [Self::Group, Self::Rate, Self::All],
            _ => [Self::Rate, Self::Group, Self::All],
        };
        let has = |stage: &Self| match stage {
            Self::Rate => outline.rate_limit().is_some(),
            Self::Group => outline.group().is_some(),
            // A node with limits per attempt acquires the permit of all nodes for each attempt, too.
            Self::All => {
                let takes_time =
                    outline.asyncness() == Asyncness::Async || outline.placement() != Placement::Inline;
                takes_time && outline.attempt_limits().is_none()
            }
        };
        let from = passed.and_then(|passed| order.iter().position(|stage| *stage == passed));
        order.into_iter().skip(from.map_or(0, |from| from + 1)).find(has)
    }
}

/// The result of a gate.
pub(crate) enum Admission {
    /// A start that the rate limit allows.
    Start,
    /// A permit, which the job keeps until it ends.
    Permit(LimitPermit),
}

/// The source of admissions for a queue.
#[derive(Clone, Debug)]
pub(crate) enum StartGate {
    Rate(RateLimiter),
    Limit(ConcurrencyLimit),
}

impl StartGate {
    /// Waits for an admission.
    ///
    /// # Errors
    /// No permit can be released, because all holders wait for each other.
    pub(crate) async fn acquire(self, caller: Option<Arc<Holder>>) -> Result<Admission, RunAbort> {
        match self {
            Self::Rate(limiter) => {
                limiter.acquire().await;
                Ok(Admission::Start)
            }
            Self::Limit(limit) => limit.acquire(caller).await.map(Admission::Permit),
        }
    }

    /// Returns an admission if there is one now.
    pub(crate) fn try_acquire(&self, caller: Option<&Arc<Holder>>) -> Option<Admission> {
        match self {
            Self::Rate(limiter) => limiter.try_acquire().then_some(Admission::Start),
            Self::Limit(limit) => limit.try_acquire(caller).map(Admission::Permit),
        }
    }
}

/// The jobs of one run that wait at one gate.
pub(crate) struct StartQueue {
    pub(crate) stage: StartStage,
    pub(crate) gate: StartGate,
    pub(crate) jobs: VecDeque<WaitingJob>,
    /// Set while the first job has sent a request to the gate.
    pub(crate) has_request: bool,
}

/// A job, and the permits that it holds already.
pub(crate) struct WaitingJob {
    pub(crate) job: Job,
    pub(crate) permits: Permits,
}
