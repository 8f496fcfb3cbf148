use icosian_core::{Caps, Decorator, DecoratorSpec, Group, Name, Node, Phase, Scope};

use crate::wrong::{Decorated, wrong};

/// Lets only so many nodes of a group run at a time, over all runs of the adapter. A node is in one group.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Caps, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{Limit, expand};
///
/// let query = Node::future(Outline::new("query"), |_| async { Ok(1.5) });
/// let flow = Dataflow::new("flow").with_node(query.decorated(Limit::new("database").at_a_time(4)));
/// let adapter = AdapterSpec::new("tokio").polls_futures().granting(Caps::GROUPS);
/// let nodes = expand(vec![flow.clone()], &Config::new(), &adapter)?;
/// assert_eq!(nodes[0][0].outline().group().and_then(|group| group.at_a_time()), Some(4));
///
/// // Who cannot bound groups must not be asked to.
/// let refused = expand(vec![flow], &Config::new(), &AdapterSpec::new("plain").polls_futures()).unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "`limit` on `query` needs bounds on groups, which the `plain` adapter does not have here",
/// );
///
/// // Nobody could tell which of two groups counts.
/// let query = Node::future(Outline::new("query"), |_| async { Ok(1.5) });
/// let both = query.decorated(Limit::new("database").at_a_time(4)).decorated(Limit::new("network"));
/// let refused = expand(vec![Dataflow::new("flow").with_node(both)], &Config::new(), &adapter).unwrap_err();
/// assert_eq!(refused.to_string(), "`limit` puts `query` into group `network`, and it is in group `database` already");
/// # Ok::<(), icosian_core::Problems<icosian_core::DecorateError>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Limit {
    group: Group,
}

impl Limit {
    /// Puts the function into the group of this name, whose limit the adapter knows.
    ///
    /// # Examples
    /// See [`Limit`].
    #[must_use]
    pub fn new(group: impl Into<Name>) -> Self {
        Self { group: Group::new(group) }
    }

    /// Sets how many run at a time where the adapter does not say.
    ///
    /// # Examples
    /// See [`Limit`].
    #[must_use]
    pub fn at_a_time(mut self, nodes: usize) -> Self {
        self.group = self.group.with_at_a_time(nodes);
        self
    }
}

impl Decorator for Limit {
    fn spec(&self) -> DecoratorSpec {
        DecoratorSpec::new("limit", Phase::Around).needs(Caps::GROUPS)
    }

    fn decorate(&self, nodes: Vec<Node>, _: &Scope<'_>) -> Decorated<Vec<Node>> {
        let grouped = |node: Node| {
            if let Some(other) = node.outline().group().filter(|other| **other != self.group) {
                let (group, name) = (self.group.name(), node.name());
                let problem = if other.name() == group {
                    format!(
                        "`limit` says how many of group `{group}` run at a time, and `{name}` has another number already"
                    )
                } else {
                    format!(
                        "`limit` puts `{name}` into group `{group}`, and it is in group `{}` already",
                        other.name()
                    )
                };
                return Err(wrong(
                    "ICO0407 conflicting-decorators",
                    problem,
                    "write one `limit` above a function",
                )
                .into());
            }
            let (outline, body) = node.into_parts();
            Ok(Node::from_parts(outline.grouped(self.group.clone()), body))
        };
        nodes.into_iter().map(grouped).collect()
    }
}
