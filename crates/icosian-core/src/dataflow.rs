use crate::{Name, Node};

/// A list of nodes that belong together: what `pipeline::dataflow()` gives for a `#[dataflow] mod pipeline`.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
///
/// let dataflow = Dataflow::new("numbers").with_node(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
/// assert_eq!(dataflow.nodes().len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Dataflow {
    name: Name,
    nodes: Vec<Node>,
}

impl Dataflow {
    /// Returns a dataflow without nodes; `name` is for people, usually the module's.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Dataflow::new("numbers").nodes().is_empty());
    /// ```
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        Self { name: name.into(), nodes: Vec::new() }
    }

    /// Adds a node after those that are there.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Dataflow, Node, Outline};
    ///
    /// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// assert_eq!(Dataflow::new("numbers").with_node(one).nodes()[0].name(), &"one");
    /// ```
    #[must_use]
    pub fn with_node(mut self, node: Node) -> Self {
        self.nodes.push(node);
        self
    }

    /// Returns the name.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Dataflow::new("numbers").name(), &"numbers");
    /// ```
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns the nodes, in the order in which they were added.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Dataflow::new("numbers").nodes().is_empty());
    /// ```
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns the nodes themselves.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Dataflow::new("numbers").into_nodes().is_empty());
    /// ```
    #[must_use]
    pub fn into_nodes(self) -> Vec<Node> {
        self.nodes
    }
}

impl Extend<Node> for Dataflow {
    fn extend<I: IntoIterator<Item = Node>>(&mut self, nodes: I) {
        self.nodes.extend(nodes);
    }
}

/// Makes a [`Dataflow`] of functions that stand anywhere: `nodes![a, other::b]`. It is named after the module that says
/// so.
///
/// Each is a handle that implements [`NodeFn`](crate::NodeFn): a `#[node]` function, or one of a `#[dataflow]` module.
///
/// # Examples
/// ```
/// use icosian_core::{Handle, Node, NodeFn, Outline, nodes};
///
/// // `#[node]` writes this for `pub fn one() -> u64`.
/// #[allow(non_camel_case_types)]
/// struct one {}
///
/// impl Handle for one {
///     const NAME: &'static str = "one";
///     type Output = u64;
/// }
///
/// impl NodeFn for one {
///     fn node() -> Node {
///         Node::sync(Outline::new("one"), |_| Ok(1_u64))
///     }
/// }
///
/// let dataflow = nodes![one];
/// assert_eq!(dataflow.nodes()[0].name(), &"one");
/// ```
#[macro_export]
macro_rules! nodes {
    ($($node:path),* $(,)?) => {
        $crate::Dataflow::new(::core::module_path!())
            $(.with_node(<$node as $crate::NodeFn>::node()))*
    };
}
