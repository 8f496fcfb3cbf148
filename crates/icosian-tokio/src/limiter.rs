use std::pin::Pin;

use icosian_core::{BoxError, Group, Limiter, Permit};

use crate::bounds::Bounds;

/// Grants permits to nodes that acquire one for each attempt.
///
/// A permit of a group comes before one of all nodes, as in the queues of a run. A node with both permits waits for nothing,
/// so every permit is released in the end.
impl Limiter for Bounds {
    fn acquire(&self, group: &Group) -> Pin<Box<dyn Future<Output = Result<Permit, BoxError>> + Send>> {
        let (group, nodes) = (self.group(group), self.nodes_at_a_time.clone());
        Box::pin(async move {
            let group = match group {
                Some(group) => Some(group.acquire_per_attempt().await),
                // `TokioAdapter::refuse` refuses groups without a limit.
                None => None,
            };
            let nodes = match nodes {
                Some(nodes) => Some(nodes.acquire_per_attempt().await),
                None => None,
            };
            Ok(Permit::new((group, nodes)))
        })
    }
}
