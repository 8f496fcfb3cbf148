use std::pin::Pin;
use std::sync::Arc;

use icosian_adapter::{AbortReason, RunAbort};
use icosian_core::{BoxError, Limiter, Permit, StartLimits};

use crate::bounds::Bounds;
use crate::limit;

/// Grants permits to nodes that acquire one for each attempt.
///
/// A permit of a group comes before one of all nodes, as in the lanes of a run. The holder of the last permit is current
/// while the attempt is polled, so executions that the attempt starts find both permits.
impl Limiter for Bounds {
    fn acquire(
        &self,
        limits: &StartLimits,
    ) -> Pin<Box<dyn Future<Output = Result<Permit, BoxError>> + Send>> {
        // `TokioAdapter::refuse` refuses groups without a limit.
        let limits = [limits.group().and_then(|group| self.group(group)), self.nodes_at_a_time.clone()];
        let mut caller = limit::current();
        Box::pin(async move {
            let mut permits = Vec::with_capacity(limits.len());
            for limit in limits.into_iter().flatten() {
                let permit = limit.acquire(caller).await.map_err(into_error)?;
                caller = Some(Arc::clone(permit.holder()));
                permits.push(permit);
            }
            Ok(Permit::new(permits).with_scope(move || caller.clone().map(limit::Entered::new)))
        })
    }
}

/// Converts the stop of a wait to an error that a node returns.
fn into_error(stop: RunAbort) -> BoxError {
    match stop.into_reason() {
        AbortReason::Deadlock { limit } => Permit::refuse(limit),
        cause => format!("{cause:?}").into(),
    }
}
