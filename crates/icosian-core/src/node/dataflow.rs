use crate::node::Function;
use crate::{Name, Node};

/// A named list of nodes, such as `pipeline::dataflow()` of a `#[dataflow] mod pipeline`.
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
    functions: Vec<Function>,
    private: Vec<&'static str>,
    declared_outputs: Vec<&'static str>,
}

impl Dataflow {
    /// Returns a dataflow without nodes. Its name is usually the name of a module.
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        let (functions, private, declared_outputs) = (Vec::new(), Vec::new(), Vec::new());
        Self { name: name.into(), functions, private, declared_outputs }
    }

    /// Appends a node, or a function with decorators.
    #[must_use]
    pub fn with_node(mut self, node: impl Into<Function>) -> Self {
        self.functions.push(node.into());
        self
    }

    /// Adds the names of private functions of the module, for suggestions in diagnostics.
    #[doc(hidden)]
    #[must_use]
    pub fn with_private(mut self, names: &[&'static str]) -> Self {
        self.private.extend(names);
        self
    }

    /// Returns the names of private functions of the module, which are not nodes.
    #[doc(hidden)]
    #[must_use]
    pub fn private(&self) -> &[&'static str] {
        &self.private
    }

    /// Declares public outputs, as `#[dataflow(outputs(..))]` does. The linter reports nodes that no declared output needs.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Dataflow, Node, Outline};
    ///
    /// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// let dataflow = Dataflow::new("numbers").with_node(one).with_declared_outputs(&["one"]);
    /// assert_eq!(dataflow.declared_outputs(), ["one"]);
    /// ```
    #[must_use]
    pub fn with_declared_outputs(mut self, names: &[&'static str]) -> Self {
        self.declared_outputs.extend(names);
        self
    }

    /// Returns the names of the declared outputs; none if the dataflow declares no outputs.
    #[must_use]
    pub fn declared_outputs(&self) -> &[&'static str] {
        &self.declared_outputs
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns the undecorated node of each function, in the order in which they were added.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &Node> {
        self.functions.iter().map(Function::node)
    }

    /// Returns the functions with their decorators, in the order in which they were added.
    #[must_use]
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// Returns the functions by value.
    #[must_use]
    pub fn into_functions(self) -> Vec<Function> {
        self.functions
    }
}

impl Extend<Node> for Dataflow {
    fn extend<I: IntoIterator<Item = Node>>(&mut self, nodes: I) {
        self.functions.extend(nodes.into_iter().map(Function::from));
    }
}

/// Builds a [`Dataflow`] from functions of any module: `nodes![a, other::b]`. Its name is the path of the calling module.
///
/// Each is a handle that implements [`NodeFn`](crate::node::NodeFn): a `#[node]` function, or one of a `#[dataflow]` module.
///
/// # Examples
/// ```
/// use icosian_core::{Handle, Node, Outline, nodes};
/// use icosian_core::node::NodeFn;
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
/// assert_eq!(dataflow.functions()[0].node().name(), &"one");
/// ```
#[macro_export]
macro_rules! nodes {
    ($($node:path),* $(,)?) => {
        $crate::Dataflow::new(::core::module_path!())
            $(.with_node(<$node as $crate::node::NodeFn>::function()))*
    };
}
