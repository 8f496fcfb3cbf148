use icosian::decorators::{DecorateContext, DecorateError, Decorator, DecoratorSpec, Phase};
use icosian::{Diagnostics, Name, Node};

/// Adds a node with a second name for the function's output.
///
/// # Examples
/// ```
/// use custom_decorator::Alias;
/// use icosian::prelude::*;
/// use icosian::{Node, Outline};
///
/// let rate = Node::sync(Outline::new("rate"), |_| Ok(1.5)).with_decorator(Alias::new("exchange_rate"));
/// let driver = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(rate)).build()?;
/// let outputs = driver.execute_named(["exchange_rate"], inputs! {})?;
/// assert_eq!(outputs.get::<f64>("exchange_rate"), Some(&1.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Alias {
    name: Name,
}

impl Alias {
    /// Returns a decorator that adds the alias `name`.
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        Self { name: name.into() }
    }
}

// ANCHOR: decorator
impl Decorator for Alias {
    fn spec(&self) -> DecoratorSpec {
        DecoratorSpec::new("alias", Phase::Transform)
    }

    fn decorate(
        &self,
        mut nodes: Vec<Node>,
        scope: &DecorateContext<'_>,
    ) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
        let function = scope.function().name();
        if self.name == *function {
            let message = format!("`{function}` is an alias of itself");
            let error = DecorateError::new("custom_decorator::alias::own_name", message);
            return Err(error.with_help("choose another name").into());
        }
        let alias = nodes.iter().find(|node| node.name() == function);
        let alias = alias.map(|node| Node::forwarding(node.outline(), self.name.clone()));
        nodes.extend(alias);
        Ok(nodes)
    }
}
// ANCHOR_END: decorator
