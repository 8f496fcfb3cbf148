use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::{Decorator, Name, Node};

use crate::built_in::tag::add_tags;
use crate::decorate_errors::Decorated;

/// Sets options for adapters that run nodes on other machines. Other adapters ignore them.
///
/// The options are tags `remote.option` of the node.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{Remote, apply};
///
/// let train = Node::sync(Outline::new("train"), |_| Ok(1.5)).with_decorator(Remote::new().option("cpus", "4"));
/// let nodes = apply(vec![Dataflow::new("flow").with_node(train)], &Config::new(), &AdapterSpec::new("sync"))?;
/// assert_eq!(nodes[0][0].outline().tags().to_string(), "remote.cpus = 4");
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Remote {
    options: Vec<(Name, Vec<Name>)>,
}

impl Remote {
    /// Creates a decorator without options.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an option.
    #[must_use]
    pub fn option(mut self, name: &str, value: impl Into<Name>) -> Self {
        self.options.push((format!("remote.{name}").into(), vec![value.into()]));
        self
    }
}

impl Decorator for Remote {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Remote.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, _: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        Ok(nodes.into_iter().map(|node| add_tags(node, &self.options)).collect())
    }
}
