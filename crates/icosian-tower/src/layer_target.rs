use std::fmt;
use std::sync::Arc;

use icosian_core::{Handle, Name, Outline};

/// The nodes that a layer wraps.
///
/// # Examples
/// ```
/// use icosian_core::Outline;
/// use icosian_core::node::Asyncness;
/// use icosian_core::run::Group;
/// use icosian_tower::LayerTarget;
///
/// let database = LayerTarget::group("db").or(LayerTarget::named("migrate"));
/// assert!(database.matches(&Outline::new("read").with_group(Group::new("db"))));
/// assert!(database.matches(&Outline::new("migrate")));
/// assert!(!database.matches(&Outline::new("report")));
///
/// let is_async = LayerTarget::matching(|node| node.asyncness() == Asyncness::Async);
/// assert!(!is_async.matches(&Outline::new("report")));
/// ```
#[derive(Clone)]
pub struct LayerTarget(TargetRepr);

#[derive(Clone)]
pub(crate) enum TargetRepr {
    All,
    Node(Name),
    Group(Name),
    Tag(Name, Option<Name>),
    Matching(Arc<dyn Fn(&Outline) -> bool + Send + Sync>),
    AnyOf(Vec<LayerTarget>),
}

impl LayerTarget {
    /// Returns the target of all nodes.
    #[must_use]
    pub fn all() -> Self {
        Self(TargetRepr::All)
    }

    /// Returns the target of one node, as in `LayerTarget::node::<flow::quote>()`.
    #[must_use]
    pub fn node<H: Handle>() -> Self {
        Self::named(H::NAME)
    }

    /// Returns the target of the node with this name.
    pub fn named(name: impl Into<Name>) -> Self {
        Self(TargetRepr::Node(name.into()))
    }

    /// Returns the target of the nodes in a group of `#[limit("..")]`.
    pub fn group(name: impl Into<Name>) -> Self {
        Self(TargetRepr::Group(name.into()))
    }

    /// Returns the target of the nodes that have a tag with any value.
    pub fn tag(key: impl Into<Name>) -> Self {
        Self(TargetRepr::Tag(key.into(), None))
    }

    /// Returns the target of the nodes whose tag contains this value.
    pub fn tag_value(key: impl Into<Name>, value: impl Into<Name>) -> Self {
        Self(TargetRepr::Tag(key.into(), Some(value.into())))
    }

    /// Returns the target of the nodes for which `predicate` returns true.
    pub fn matching(predicate: impl Fn(&Outline) -> bool + Send + Sync + 'static) -> Self {
        Self(TargetRepr::Matching(Arc::new(predicate)))
    }

    /// Adds the nodes of another target. Each of the two targets must match a node of the driver.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let mut parts = match self.0 {
            TargetRepr::AnyOf(parts) => parts,
            one => vec![Self(one)],
        };
        parts.push(other);
        Self(TargetRepr::AnyOf(parts))
    }

    /// Returns whether a node is a target.
    #[must_use]
    pub fn matches(&self, node: &Outline) -> bool {
        match &self.0 {
            TargetRepr::All => true,
            TargetRepr::Node(name) => node.name() == name,
            TargetRepr::Group(name) => {
                node.limits().filter_map(|limits| limits.group()).any(|group| group.name() == name)
            }
            TargetRepr::Tag(key, value) => node
                .tags()
                .get(key)
                .is_some_and(|words| value.as_ref().is_none_or(|value| words.contains(value))),
            TargetRepr::Matching(predicate) => predicate(node),
            TargetRepr::AnyOf(parts) => parts.iter().any(|part| part.matches(node)),
        }
    }

    pub(crate) fn repr(&self) -> &TargetRepr {
        &self.0
    }
}

/// Describes the target for messages, as in "node `quote`".
impl fmt::Display for LayerTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            TargetRepr::All => f.write_str("all nodes"),
            TargetRepr::Node(name) => write!(f, "node `{name}`"),
            TargetRepr::Group(name) => write!(f, "group `{name}`"),
            TargetRepr::Tag(key, None) => write!(f, "tag `{key}`"),
            TargetRepr::Tag(key, Some(value)) => write!(f, "tag `{key} = {value}`"),
            TargetRepr::Matching(_) => f.write_str("a predicate"),
            TargetRepr::AnyOf(parts) => {
                for (position, part) in parts.iter().enumerate() {
                    if position > 0 {
                        f.write_str(" or ")?;
                    }
                    write!(f, "{part}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Debug for LayerTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LayerTarget({self})")
    }
}
