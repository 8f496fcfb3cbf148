use icosian_core::{Caps, Decorator, DecoratorSpec, Group, Name, Node, Phase, Scope};

use crate::wrong::Decorated;

/// Lets only so many nodes of a group run at a time, over all runs of the adapter.
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
            let (outline, body) = node.into_parts();
            Node::from_parts(outline.grouped(self.group.clone()), body)
        };
        Ok(nodes.into_iter().map(grouped).collect())
    }
}
