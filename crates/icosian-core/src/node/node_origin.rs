use crate::Name;

/// The source of a node: its dataflow, the subdags that contain it, its function, and the function's decorators.
///
/// A driver sets the origin when it applies decorators. Pictures and tools read the origin.
///
/// # Examples
/// ```
/// use icosian_core::Outline;
/// use icosian_core::node::NodeOrigin;
///
/// let origin = NodeOrigin::new("pricing").with_function("rates", ["timeout", "retry"]);
/// let outline = Outline::new("rates").with_origin(origin.into());
/// assert_eq!(outline.origin().map(|origin| origin.decorators()), Some(&["timeout", "retry"][..]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeOrigin {
    dataflow: Name,
    subdags: Vec<Name>,
    function: Option<Name>,
    decorators: Vec<&'static str>,
}

impl NodeOrigin {
    /// Creates the origin of an undecorated function of a dataflow.
    #[must_use]
    pub fn new(dataflow: impl Into<Name>) -> Self {
        Self { dataflow: dataflow.into(), subdags: Vec::new(), function: None, decorators: Vec::new() }
    }

    /// Sets the function and its decorators, innermost first.
    #[must_use]
    pub fn with_function(
        mut self,
        function: impl Into<Name>,
        decorators: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        self.function = Some(function.into());
        self.decorators = decorators.into_iter().collect();
        self
    }

    /// Returns the origin of the node after a function of `dataflow` has included it as `namespace`.
    #[must_use]
    pub fn included(mut self, dataflow: Name, namespace: Name) -> Self {
        for inner in &mut self.subdags {
            *inner = format!("{namespace}.{inner}").into();
        }
        self.dataflow = dataflow;
        self.subdags.insert(0, namespace);
        self
    }

    /// Returns the dataflow of the driver that contains the node.
    #[must_use]
    pub fn dataflow(&self) -> &Name {
        &self.dataflow
    }

    /// Returns the namespaces of the subdags that contain the node, outermost first. An inner namespace starts with the outer one.
    #[must_use]
    pub fn subdags(&self) -> &[Name] {
        &self.subdags
    }

    /// Returns the name of the function. `None` if the node has the same name.
    #[must_use]
    pub fn function(&self) -> Option<&Name> {
        self.function.as_ref()
    }

    /// Returns the names of the decorators above the function, innermost first.
    #[must_use]
    pub fn decorators(&self) -> &[&'static str] {
        &self.decorators
    }
}
