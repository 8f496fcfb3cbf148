use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::run::{Group, StartLimits};
use icosian_core::{Decorator, Name, Node};

use crate::decorate_errors::{Decorated, decorate_error};

/// Adds a node to a named concurrency limit, which all runs of an adapter share. A node is in one group.
///
/// A node acquires the permit before its body begins, and holds the permit until it ends. One permit covers all attempts and waits of a
/// `retry` below `limit`, and a fallback function. The positions of `timeout` and `offload` do not matter. No timeout includes the wait for
/// the permit.
///
/// A number that is set on the adapter takes precedence. If drivers that share an adapter declare different numbers for a group, the
/// smallest number applies.
///
/// # Permits per attempt
///
/// With a [`Retry`](crate::Retry) above `limit`, each attempt acquires a permit and releases it before the wait. Such a node begins before
/// it has a permit. The node timeout of the adapter and the duration that hooks receive therefore include the wait. For offloaded nodes,
/// this order is an error, because they would block their thread while they wait.
///
/// # Nested executions
///
/// A node or attempt keeps its permit while it executes another dataflow. The inner execution may need a permit while all holders of such
/// permits wait for each other. It then fails with an error, because it would wait forever. The holders can be in different groups. The
/// adapter cannot recognize an inner execution on a task that the node spawns, so such an execution waits forever.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Caps, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{Limit, apply};
///
/// let query = Node::future(Outline::new("query"), |_| async { Ok(1.5) });
/// let flow = Dataflow::new("flow").with_node(query.with_decorator(Limit::new("database").max_concurrency(4)));
/// let adapter = AdapterSpec::new("tokio").polls_futures().with_caps(Caps::GROUPS);
/// let nodes = apply(vec![flow.clone()], &Config::new(), &adapter)?;
/// assert_eq!(nodes[0][0].outline().group().and_then(|group| group.max_concurrency()), Some(4));
///
/// // An adapter without groups is an error.
/// let refused = apply(vec![flow], &Config::new(), &AdapterSpec::new("plain").polls_futures()).unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "`limit` on `query` requires concurrency limits, which the `plain` adapter does not support",
/// );
///
/// // A node is in one group.
/// let query = Node::future(Outline::new("query"), |_| async { Ok(1.5) });
/// let both = query.with_decorator(Limit::new("database").max_concurrency(4)).with_decorator(Limit::new("network"));
/// let refused = apply(vec![Dataflow::new("flow").with_node(both)], &Config::new(), &adapter).unwrap_err();
/// assert_eq!(refused.to_string(), "`limit` adds `query` to group `network`, but it is already in group `database`");
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Limit {
    group: Group,
}

impl Limit {
    /// Names the group.
    #[must_use]
    pub fn new(group: impl Into<Name>) -> Self {
        Self { group: Group::new(group) }
    }

    /// Sets the number of permits, unless the adapter sets another one.
    #[must_use]
    pub fn max_concurrency(mut self, nodes: usize) -> Self {
        self.group = self.group.with_max_concurrency(nodes);
        self
    }
}

/// Returns an instance for tests that run all decorators.
pub(crate) fn example() -> Limit {
    Limit::new("few").max_concurrency(1)
}

impl Decorator for Limit {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Limit.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, _: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let grouped = |node: Node| {
            let name = node.name();
            if let Some(group) = node.outline().attempt_limits().and_then(StartLimits::group) {
                let error = decorate_error(
                    "ICO0407 conflicting-decorators",
                    format!(
                        "`{name}` has a `limit` above `retry`, and another one for group `{}` below it",
                        group.name()
                    ),
                    "keep one `limit`: above `retry`, all attempts share one permit; below it, each attempt acquires one",
                );
                return Err(error.into());
            }
            if let Some(other) = node.outline().group().filter(|other| **other != self.group) {
                let group = self.group.name();
                let problem = if other.name() == group {
                    format!("two `limit`s on `{name}` set different numbers for group `{group}`")
                } else {
                    format!(
                        "`limit` adds `{name}` to group `{group}`, but it is already in group `{}`",
                        other.name()
                    )
                };
                return Err(decorate_error(
                    "ICO0407 conflicting-decorators",
                    problem,
                    "keep one `limit` above the function",
                )
                .into());
            }
            let (outline, body) = node.into_parts();
            Ok(Node::from_parts(outline.with_group(self.group.clone()), body))
        };
        nodes.into_iter().map(grouped).collect()
    }
}
