use icosian_core::Outline;

/// A node that another node or a config value of its name replaces.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, config};
///
/// let flow = Dataflow::new("flow").with_node(Node::sync(Outline::new("rate"), |_| Ok(1.5)));
/// let driver = Driver::builder().with_dataflow(flow).with_config(config! { rate: 1.0 }).build()?;
/// let shadowed = &driver.preflight().shadowed()[0];
/// assert_eq!((shadowed.node().name().as_str(), shadowed.by().is_none()), ("rate", true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Shadowed {
    pub(crate) node: Outline,
    pub(crate) by: Option<Outline>,
}

impl Shadowed {
    /// Returns the replaced node.
    #[must_use]
    pub fn node(&self) -> &Outline {
        &self.node
    }

    /// Returns the node of a later dataflow that replaces it; `None` for a config value.
    #[must_use]
    pub fn by(&self) -> Option<&Outline> {
        self.by.as_ref()
    }
}
