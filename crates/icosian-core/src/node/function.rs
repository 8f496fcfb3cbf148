use std::fmt;
use std::panic::catch_unwind;
use std::sync::Arc;

use crate::decorator::{DecorateContext, DecorateError, DecoratorSpec, Phase};
use crate::{Decorator, Node, NodeError};
use icosian_diagnostics::{Diagnostics, Location};

/// A function of a dataflow: its node, and the decorators above it.
///
/// # Examples
/// ```
/// use icosian_core::{Node, Outline};
/// use icosian_core::node::Function;
///
/// let one: Function = Node::sync(Outline::new("one"), |_| Ok(1_u64)).into();
/// assert!(one.decorations().is_empty());
/// ```
#[derive(Clone)]
pub struct Function {
    node: Node,
    decorations: Vec<Decoration>,
}

/// A decorator above a function, and its location.
#[derive(Clone, Debug)]
pub struct Decoration {
    decorator: Arc<dyn Decorator>,
    place: Option<Location>,
}

impl Decoration {
    /// Creates a decoration, with its location if known.
    #[must_use]
    pub fn new(decorator: Arc<dyn Decorator>, place: Option<Location>) -> Self {
        Self { decorator, place }
    }

    /// Returns the decorator.
    #[must_use]
    pub fn decorator(&self) -> &Arc<dyn Decorator> {
        &self.decorator
    }

    /// Returns the location, if known.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.place
    }
}

impl Function {
    /// Creates a function without decorators.
    #[must_use]
    pub fn new(node: Node) -> Self {
        Self { node, decorations: Vec::new() }
    }

    /// Adds an outer decorator.
    #[must_use]
    pub fn with_decorator(self, decorator: impl Decorator) -> Self {
        self.with_decoration(Decoration::new(Arc::new(decorator), None))
    }

    /// Adds an outer decorator with its location.
    #[must_use]
    pub fn with_decorator_at(self, decorator: impl Decorator, place: Location) -> Self {
        self.with_decoration(Decoration::new(Arc::new(decorator), Some(place)))
    }

    /// Adds an outer decorator.
    #[must_use]
    pub fn with_decoration(mut self, decoration: Decoration) -> Self {
        self.decorations.push(decoration);
        self
    }

    /// Returns the node without its decorators.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Returns the decorators, innermost first.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Decorator, Node, Outline};
    /// use icosian_core::decorator::{DecorateError, DecoratorSpec, Phase, DecorateContext};
    /// use icosian_diagnostics::{Location, Diagnostics};
    ///
    /// /// Is not a node.
    /// #[derive(Debug)]
    /// struct Exclude;
    ///
    /// impl Decorator for Exclude {
    ///     fn spec(&self) -> DecoratorSpec {
    ///         DecoratorSpec::new("exclude", Phase::Resolve)
    ///     }
    ///
    ///     fn decorate(&self, _: Vec<Node>, _: &DecorateContext<'_>) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
    ///         Ok(Vec::new())
    ///     }
    /// }
    ///
    /// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// let one = one.with_decorator(Exclude).with_decorator_at(Exclude, Location::new("src/lib.rs", 3, 1, 8));
    /// let places: Vec<_> = one.decorations().iter().map(|it| it.location().map(|place| place.line())).collect();
    /// assert_eq!(places, [None, Some(3)]);
    /// assert_eq!(one.decorations()[0].decorator().spec().name(), "exclude");
    /// ```
    #[must_use]
    pub fn decorations(&self) -> &[Decoration] {
        &self.decorations
    }

    /// Returns the node and the decorators, innermost first.
    #[must_use]
    pub fn into_parts(self) -> (Node, Vec<Decoration>) {
        (self.node, self.decorations)
    }
}

impl From<Node> for Function {
    fn from(node: Node) -> Self {
        Self::new(node)
    }
}

impl Node {
    /// Adds an outer decorator.
    #[must_use]
    pub fn with_decorator(self, decorator: impl Decorator) -> Function {
        Function::new(self).with_decorator(decorator)
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.decorations.iter().map(|it| it.decorator.spec().name()).collect();
        write!(f, "Function({}, {names:?})", self.node.outline())
    }
}

/// Adds the decorator that `make` builds. If `make` panics, `build` reports the panic.
pub(crate) fn decorate(
    function: Function,
    name: &'static str,
    make: fn() -> Arc<dyn Decorator>,
    place: Option<Location>,
) -> Function {
    let decorator = catch_unwind(make).unwrap_or_else(|payload| {
        let error = NodeError::panicked(&*payload).to_string();
        // The payload may panic when it is dropped.
        std::mem::forget(payload);
        Arc::new(Unbuilt { name, error })
    });
    function.with_decoration(Decoration::new(decorator, place))
}

/// A decorator whose arguments panicked.
#[derive(Debug)]
struct Unbuilt {
    name: &'static str,
    error: String,
}

impl Unbuilt {
    fn error(&self, scope: &DecorateContext<'_>) -> Diagnostics<DecorateError> {
        let (name, function, error) = (self.name, scope.function().name(), &self.error);
        DecorateError::new(
            "ICO0423 decorator-panicked",
            format!("the arguments of `{name}` of `{function}` panicked: {error}"),
        )
        .with_help("use expressions that cannot panic: they run when the dataflow is created")
        .into()
    }
}

impl Decorator for Unbuilt {
    fn spec(&self) -> DecoratorSpec {
        // The first phase, so that no other decorator depends on this one.
        DecoratorSpec::new(self.name, Phase::Resolve)
    }

    fn decorate(
        &self,
        _: Vec<Node>,
        scope: &DecorateContext<'_>,
    ) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
        Err(self.error(scope))
    }

    fn stands_for(
        &self,
        scope: &DecorateContext<'_>,
    ) -> Result<Option<Vec<Arc<dyn Decorator>>>, Diagnostics<DecorateError>> {
        Err(self.error(scope))
    }
}
