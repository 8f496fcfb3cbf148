use std::pin::Pin;
use std::sync::Arc;

use icosian_adapter::{AbortReason, RunAbort};
use icosian_core::BoxError;
use icosian_core::run::{Limiter, Permit, StartLimits};

use crate::limit;
use crate::node_limits::NodeLimits;

/// Admits the attempts of nodes, in the order of the limits in a run's queues.
///
/// The holder of the last permit is current while the attempt is polled, so executions that the attempt starts find all
/// permits.
impl Limiter for NodeLimits {
    fn acquire(
        &self,
        limits: &StartLimits,
    ) -> Pin<Box<dyn Future<Output = Result<Permit, BoxError>> + Send>> {
        // `TokioAdapter::refuse` refuses limits that the adapter cannot enforce.
        let group = limits.group().and_then(|group| self.group(group));
        let rate = limits.rate_limit().and_then(|rate_limit| self.rate(rate_limit));
        let (rate_first, rate_last) = if limits.waits_with_permit() { (None, rate) } else { (rate, None) };
        let all = self.max_concurrent_nodes.clone();
        let mut caller = limit::current();
        Box::pin(async move {
            let mut permits = Vec::with_capacity(2);
            if let Some(rate) = rate_first {
                rate.acquire().await;
            }
            if let Some(group) = group {
                let permit = group.acquire(caller).await.map_err(into_error)?;
                caller = Some(Arc::clone(permit.holder()));
                permits.push(permit);
            }
            if let Some(rate) = rate_last {
                rate.acquire().await;
            }
            if let Some(all) = all {
                let permit = all.acquire(caller).await.map_err(into_error)?;
                caller = Some(Arc::clone(permit.holder()));
                permits.push(permit);
            }
            Ok(Permit::new(permits).with_scope(move || caller.clone().map(limit::HolderScope::new)))
        })
    }
}

/// Converts the abort of a wait to an error that a node returns.
fn into_error(abort: RunAbort) -> BoxError {
    match abort.into_reason() {
        AbortReason::Deadlock { limit } => Permit::refuse(limit),
        reason => format!("{reason:?}").into(),
    }
}
