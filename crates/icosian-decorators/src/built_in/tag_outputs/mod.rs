use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::{Decorator, Name, Node};
use icosian_diagnostics::Diagnostics;

use crate::built_in::tag::{add_tags, check};
use crate::decorate_errors::{Decorated, unknown_node};

/// Adds tags to individual outputs of a function.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{Parameterize, TagOutputs, apply};
/// # use icosian_core::Param;
/// # let rate = Outline::new("rate").with_param(Param::taken::<f64>("factor").with_clone());
/// # let rate = Node::sync(rate, |args| Ok(args.take::<f64>(0)));
///
/// let rate = rate
///     .with_decorator(Parameterize::new().values("factor", [("low", 0.5), ("high", 1.5)]))
///     .with_decorator(TagOutputs::new().with("low", "use", ["draft"]).with("high", "use", ["report"]));
/// let nodes = apply(vec![Dataflow::new("flow").with_node(rate)], &Config::new(), &AdapterSpec::new("sync"))?;
/// assert_eq!(nodes[0][1].outline().tags().to_string(), "use = report");
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TagOutputs {
    outputs: Vec<(Name, (Name, Vec<Name>))>,
}

impl TagOutputs {
    /// Creates a decorator without tags.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds words for the output `node` under a key.
    #[must_use]
    pub fn with<W: Into<Name>>(
        mut self,
        node: impl Into<Name>,
        key: impl Into<Name>,
        words: impl IntoIterator<Item = W>,
    ) -> Self {
        self.outputs.push((node.into(), (key.into(), words.into_iter().map(Into::into).collect())));
        self
    }
}

impl Decorator for TagOutputs {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::TagOutputs.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let mut problems = Diagnostics::default();
        problems.extend(check(self.outputs.iter().map(|(_, tag)| tag)).err().into_iter().flatten());
        let known = || nodes.iter().map(|node| node.name().as_str());
        for (output, _) in &self.outputs {
            if !known().any(|known| *known == **output) {
                let unknown = unknown_node("tag_outputs", scope.function().name(), output, known());
                problems.extend(Diagnostics::from(unknown));
            }
        }
        let tag = |node: Node| {
            let own = self.outputs.iter().filter(|(output, _)| output == node.name());
            let tags: Vec<_> = own.map(|(_, tag)| tag.clone()).collect();
            add_tags(node, &tags)
        };
        let nodes = nodes.into_iter().map(tag).collect();
        problems.into_result(nodes)
    }
}
