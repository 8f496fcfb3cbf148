use icosian_core::decorator::{BuiltIn, DecorateContext, DecorateError, DecoratorSpec, sinks};
use icosian_core::{Decorator, Name, Node};
use icosian_diagnostics::{Diagnostics, Spanned};

use crate::decorate_errors::{Decorated, decorate_error, unknown_node};

/// Adds tags to nodes: by default to the nodes that no other node of the function reads.
///
/// A key consists of one or more identifiers, separated by dots. Some first identifiers are reserved.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{Tag, apply};
///
/// let tag = Tag::new().with("owner", ["finance", "risk"]).with("data.pii", ["no"]);
/// let rates = Node::sync(Outline::new("rates"), |_| Ok(1.5)).with_decorator(tag);
/// let nodes = apply(vec![Dataflow::new("flow").with_node(rates)], &Config::new(), &AdapterSpec::new("sync"))?;
/// assert_eq!(nodes[0][0].outline().tags().to_string(), "data.pii = no; owner = finance, risk");
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tag {
    tags: Vec<(Name, Vec<Name>)>,
    target: TagTarget,
}

#[derive(Clone, Debug, Default)]
enum TagTarget {
    #[default]
    Sinks,
    All,
    These(Vec<Name>),
}

/// Reserved first identifiers of keys.
const RESERVED: [&str; 7] = ["icosian", "dag", "data_quality", "module", "remote", "gdpr", "ccpa"];

impl Tag {
    /// Creates a decorator without tags.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds words under a key.
    #[must_use]
    pub fn with<W: Into<Name>>(mut self, key: impl Into<Name>, words: impl IntoIterator<Item = W>) -> Self {
        self.tags.push((key.into(), words.into_iter().map(Into::into).collect()));
        self
    }

    /// Restricts the tags to these nodes.
    #[must_use]
    pub fn on<N: Into<Name>>(mut self, nodes: impl IntoIterator<Item = N>) -> Self {
        self.target = TagTarget::These(nodes.into_iter().map(Into::into).collect());
        self
    }

    /// Adds the tags to all nodes of the function.
    #[must_use]
    pub fn on_all(mut self) -> Self {
        self.target = TagTarget::All;
        self
    }
}

/// Returns all faults of the tags.
pub(crate) fn check<'a>(
    tags: impl IntoIterator<Item = &'a (Name, Vec<Name>)>,
) -> Result<(), Diagnostics<DecorateError>> {
    let mut problems = Diagnostics::default();
    for (key, words) in tags {
        let mut parts = key.split('.');
        let is_word = |part: &str| {
            let mut letters = part.chars();
            letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
                && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
        };
        let error = if !key.split('.').all(is_word) {
            decorate_error(
                "ICO0420 invalid-tag",
                format!("`{key}` is not a valid tag key"),
                "use identifiers separated by dots, as in `data.owner`",
            )
        } else if parts.next().is_some_and(|first| RESERVED.contains(&first)) {
            decorate_error(
                "ICO0420 invalid-tag",
                format!("tag key `{key}` starts with a reserved word"),
                format!("start it with another word than `{}`", RESERVED.join("`, `")),
            )
        } else if words.is_empty() {
            decorate_error(
                "ICO0420 invalid-tag",
                format!("tag `{key}` has no values"),
                "add a value, or remove the tag",
            )
        } else {
            continue;
        };
        problems.push(Spanned::new(error, Vec::new()));
    }
    problems.into_result(())
}

/// Adds tags to a node.
pub(crate) fn add_tags(node: Node, tags: &[(Name, Vec<Name>)]) -> Node {
    let (outline, body) = node.into_parts();
    let outline = tags
        .iter()
        .fold(outline, |outline, (key, words)| outline.with_tag(key, words.iter().map(Name::from)));
    Node::from_parts(outline, body)
}

impl Decorator for Tag {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Tag.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        check(&self.tags)?;
        let chosen: Vec<bool> = match &self.target {
            TagTarget::All => vec![true; nodes.len()],
            TagTarget::Sinks => {
                let sinks = sinks(&nodes);
                (0..nodes.len()).map(|at| sinks.contains(&at)).collect()
            }
            TagTarget::These(names) => {
                let known = || nodes.iter().map(|node| node.name().as_str());
                if let Some(unknown) = names.iter().find(|name| !known().any(|known| ***name == *known)) {
                    return Err(unknown_node("tag", scope.function().name(), unknown, known()).into());
                }
                nodes.iter().map(|node| names.contains(node.name())).collect()
            }
        };
        let tag = |(node, chosen): (Node, bool)| if chosen { add_tags(node, &self.tags) } else { node };
        Ok(nodes.into_iter().zip(chosen).map(tag).collect())
    }
}
