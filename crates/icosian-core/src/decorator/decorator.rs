use std::fmt;
use std::sync::Arc;

use crate::decorator::{ConfigChoice, DecorateError, DecoratorSpec};
use crate::node::Role;
use crate::{AdapterSpec, Config, Name, Node, Outline};
use icosian_diagnostics::Diagnostics;

/// The function, the config and the adapter that a decorator is applied for.
#[derive(Clone, Copy, Debug)]
pub struct DecorateContext<'a> {
    function: &'a Outline,
    config: &'a Config,
    adapter: &'a AdapterSpec,
}

impl<'a> DecorateContext<'a> {
    /// Creates the context of the decorators of `function`.
    #[must_use]
    pub const fn new(function: &'a Outline, config: &'a Config, adapter: &'a AdapterSpec) -> Self {
        Self { function, config, adapter }
    }

    /// Returns the outline of the function, without any decorator applied.
    #[must_use]
    pub const fn function(&self) -> &'a Outline {
        self.function
    }

    /// Returns the config of the driver or, inside an included dataflow, the config of that dataflow.
    #[must_use]
    pub const fn config(&self) -> &'a Config {
        self.config
    }

    /// Returns the spec of the adapter that will run the nodes.
    #[must_use]
    pub const fn adapter(&self) -> &'a AdapterSpec {
        self.adapter
    }
}

/// Decorators that a function applies to other functions of its dataflow, each with the name of its target.
pub type Attachments = Vec<(Name, Arc<dyn Decorator>)>;

/// Transforms the nodes of a function.
///
/// Decorators are applied once, while a driver is built; the config and the adapter are known by then. A decorator handles
/// nodes, never their values. A decorator that wraps an async body awaits the body's future; it never returns that future as
/// an output.
///
/// # Examples
/// ```
/// use icosian_core::{Decorator, Node};
/// use icosian_core::decorator::{DecorateError, DecoratorSpec, Phase, DecorateContext};
/// use icosian_core::node::Role;
/// use icosian_diagnostics::Diagnostics;
///
/// /// Adds a node with a second name for the same value.
/// #[derive(Debug)]
/// struct Alias(&'static str);
///
/// impl Decorator for Alias {
///     fn spec(&self) -> DecoratorSpec {
///         DecoratorSpec::new("alias", Phase::Transform)
///     }
///
///     fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
///         let alias = nodes.iter().find(|node| node.name() == scope.function().name()).map(|node| {
///             Node::forwarding(node.outline(), self.0)
///         });
///         Ok(nodes.into_iter().chain(alias).collect())
///     }
/// }
/// ```
pub trait Decorator: fmt::Debug + Send + Sync + 'static {
    /// Returns the decorator's name, its phase and the capabilities it requires.
    fn spec(&self) -> DecoratorSpec;

    /// Returns the nodes that replace `nodes`.
    ///
    /// In the phases [`Parameterize`](crate::decorator::Phase::Parameterize) and [`Wrap`](crate::decorator::Phase::Wrap)
    /// this method is called once for each node that runs the function's body. In the other phases it is called once, with
    /// all nodes of the function.
    ///
    /// # Errors
    /// Returns all faults in the use of the decorator on this function.
    fn decorate(
        &self,
        nodes: Vec<Node>,
        scope: &DecorateContext<'_>,
    ) -> Result<Vec<Node>, Diagnostics<DecorateError>>;

    /// Returns the decorators that replace this decorator, innermost first, or `None` if it is used itself.
    ///
    /// This method is only called for decorators of the phase [`Resolve`](crate::decorator::Phase::Resolve).
    ///
    /// # Errors
    /// Returns an error if the decorators cannot be determined from the config.
    fn stands_for(
        &self,
        scope: &DecorateContext<'_>,
    ) -> Result<Option<Vec<Arc<dyn Decorator>>>, Diagnostics<DecorateError>> {
        let _ = scope;
        Ok(None)
    }

    /// Returns the decorators that the function `node` applies to other functions of its dataflow.
    ///
    /// # Errors
    /// Returns an error if the decorators or their targets cannot be determined.
    fn attachments(
        &self,
        node: &Node,
        scope: &DecorateContext<'_>,
    ) -> Result<Attachments, Diagnostics<DecorateError>> {
        let _ = (node, scope);
        Ok(Vec::new())
    }

    /// Returns the name of the node that `function` is a variant of, if the decorator declares variants.
    fn variant_of(&self, function: &Outline) -> Option<Name> {
        let _ = function;
        None
    }

    /// Returns the config keys that decide whether the node exists, for diagnostics.
    fn config_choices(&self) -> Vec<ConfigChoice> {
        Vec::new()
    }
}

impl<D: Decorator + ?Sized> Decorator for Arc<D> {
    fn spec(&self) -> DecoratorSpec {
        (**self).spec()
    }

    fn decorate(
        &self,
        nodes: Vec<Node>,
        scope: &DecorateContext<'_>,
    ) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
        (**self).decorate(nodes, scope)
    }

    fn stands_for(
        &self,
        scope: &DecorateContext<'_>,
    ) -> Result<Option<Vec<Arc<dyn Decorator>>>, Diagnostics<DecorateError>> {
        (**self).stands_for(scope)
    }

    fn attachments(
        &self,
        node: &Node,
        scope: &DecorateContext<'_>,
    ) -> Result<Attachments, Diagnostics<DecorateError>> {
        (**self).attachments(node, scope)
    }

    fn variant_of(&self, function: &Outline) -> Option<Name> {
        (**self).variant_of(function)
    }

    fn config_choices(&self) -> Vec<ConfigChoice> {
        (**self).config_choices()
    }
}

/// Returns the positions of the outputs of a decorated function in `nodes`.
///
/// Decorators apply to these nodes by default. An output is a node that no other node of `nodes` reads. If any of the nodes
/// runs the function's body, an output must also be such a node or depend on one. Unread nodes of an included dataflow are
/// therefore not outputs.
///
/// # Examples
/// ```
/// use icosian_core::{Node, Outline, Param};
/// use icosian_core::decorator::sinks;
///
/// let raw = Node::sync(Outline::new("f_raw"), |_| Ok(1_u64));
/// let last = Node::sync(Outline::new("f").with_param(Param::taken::<u64>("f_raw")), |args| Ok(args.take::<u64>(0)));
/// assert_eq!(sinks(&[raw, last]), [1]);
/// ```
#[must_use]
pub fn sinks(nodes: &[Node]) -> Vec<usize> {
    let reads = |reader: &Node, name: &Name| reader.outline().params().iter().any(|param| param.reads(name));
    let is_read = |node: &Node| nodes.iter().any(|reader| reads(reader, node.name()));
    let has_own = nodes.iter().any(|node| is_own(node.outline()));
    let mut depends: Vec<bool> = nodes.iter().map(|node| !has_own || is_own(node.outline())).collect();
    let reads_dependent = |at: usize, depends: &[bool]| {
        (0..nodes.len()).any(|of| depends[of] && reads(&nodes[at], nodes[of].name()))
    };
    // Decorators place a node after the nodes that it reads, so one pass usually finds all dependents and the next `find`
    // ends the loop.
    while let Some(found) = (0..nodes.len()).find(|at| !depends[*at] && reads_dependent(*at, &depends)) {
        depends[found] = true;
        for at in found + 1..nodes.len() {
            depends[at] = depends[at] || reads_dependent(at, &depends);
        }
    }
    (0..nodes.len()).filter(|at| depends[*at] && !is_read(&nodes[*at])).collect()
}

/// Returns whether a node runs the body of the decorated function.
///
/// # Examples
/// ```
/// use icosian_core::Outline;
/// use icosian_core::decorator::is_own;
/// use icosian_core::node::Role;
///
/// assert!(is_own(&Outline::new("f_raw").in_role(Role::Function)));
/// assert!(!is_own(&Outline::new("f").in_role(Role::MadeBy("check_output"))));
/// ```
#[must_use]
pub fn is_own(outline: &Outline) -> bool {
    outline.role() == Role::Function
}
