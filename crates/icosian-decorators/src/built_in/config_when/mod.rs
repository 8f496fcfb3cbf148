use icosian_core::decorator::{BuiltIn, ConfigChoice, DecorateContext, DecoratorSpec};
use icosian_core::{Decorator, Name, Node, Outline};

use crate::Condition;
use crate::decorate_errors::Decorated;

/// Keeps a function for matching config: `config_when`, `config_when_not`, `config_when_in`, `config_when_not_in`, `config`.
///
/// A function `rates__prod` is one variant of the node `rates`. When config matches two variants of a node, or none while
/// another node reads it, the driver is not built.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{Condition, ConfigWhen, apply};
///
/// let live = Node::sync(Outline::new("rates__live"), |_| Ok(1.5));
/// let fixed = Node::sync(Outline::new("rates__fixed"), |_| Ok(1.0));
/// let flow = Dataflow::new("flow")
///     .with_node(live.with_decorator(ConfigWhen::new(Condition::when("env", "prod"))))
///     .with_node(fixed.with_decorator(ConfigWhen::new(Condition::when_not("env", "prod"))));
///
/// let config = Config::new().with("env", "prod");
/// let nodes = apply(vec![flow], &config, &AdapterSpec::new("sync"))?;
/// assert_eq!(nodes[0].iter().map(|node| node.name().as_str()).collect::<Vec<_>>(), ["rates"]);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConfigWhen {
    condition: Condition,
    name: Option<Name>,
}

impl ConfigWhen {
    /// Creates a decorator that keeps the function if `condition` holds.
    #[must_use]
    pub fn new(condition: Condition) -> Self {
        Self { condition, name: None }
    }

    /// Sets the name of the node. The default is the function's name up to the last `__`.
    #[must_use]
    pub fn named(mut self, name: impl Into<Name>) -> Self {
        self.name = Some(name.into());
        self
    }

    fn node_name(&self, function: &str) -> Option<Name> {
        let before =
            || function.rsplit_once("__").filter(|(before, after)| !before.is_empty() && !after.is_empty());
        self.name.clone().or_else(|| before().map(|(before, _)| before.to_owned().into()))
    }
}

impl Decorator for ConfigWhen {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::ConfigWhen.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        if !self.condition.holds(scope.config())? {
            return Ok(Vec::new());
        }
        let Some(name) = self.node_name(scope.function().name()) else { return Ok(nodes) };
        let named = |node: Node| {
            let (outline, body) = node.into_parts();
            Node::from_parts(outline.with_name(name.clone()), body)
        };
        Ok(nodes.into_iter().map(named).collect())
    }

    fn variant_of(&self, function: &Outline) -> Option<Name> {
        self.node_name(function.name())
    }

    fn config_choices(&self) -> Vec<ConfigChoice> {
        self.condition.choices().to_vec()
    }
}
