use std::fmt;
use std::sync::Arc;

use crate::decorator::{ConfigChoice, DecorateError, DecoratorSpec};
use crate::node::Role;
use crate::{AdapterSpec, Config, Name, Node, Outline};
use icosian_diagnostics::Diagnostics;

/// Where a decorator is applied: above which function, with which config, for which adapter.
#[derive(Clone, Copy, Debug)]
pub struct DecorateContext<'a> {
    function: &'a Outline,
    config: &'a Config,
    adapter: &'a AdapterSpec,
}

impl<'a> DecorateContext<'a> {
    /// Returns the place above `function`.
    #[must_use]
    pub const fn new(function: &'a Outline, config: &'a Config, adapter: &'a AdapterSpec) -> Self {
        Self { function, config, adapter }
    }

    /// Returns the function's outline, as it was before any decorator.
    #[must_use]
    pub const fn function(&self) -> &'a Outline {
        self.function
    }

    /// Returns the driver's config, or that of the sub-graph.
    #[must_use]
    pub const fn config(&self) -> &'a Config {
        self.config
    }

    /// Returns what is known of the adapter that will run the nodes.
    #[must_use]
    pub const fn adapter(&self) -> &'a AdapterSpec {
        self.adapter
    }
}

/// Decorators that one function puts on others of its dataflow, by the others' names.
///
/// # Examples
/// ```
/// let none: icosian_core::decorator::Attachments = Vec::new();
/// ```
pub type Attachments = Vec<(Name, Arc<dyn Decorator>)>;

/// Makes nodes of a function's nodes.
///
/// It is applied when a driver is built, config and adapter being known. It never sees a value and never passes a future
/// on: what wraps an async body awaits it.
///
/// # Examples
/// ```
/// use icosian_core::{Decorator, Node};
/// use icosian_core::decorator::{DecorateError, DecoratorSpec, Phase, DecorateContext};
/// use icosian_core::node::Role;
/// use icosian_diagnostics::Diagnostics;
///
/// /// Gives a node a second name.
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
    /// Returns the name, the phase, and what the decorator needs.
    fn spec(&self) -> DecoratorSpec;

    /// Returns the nodes that take the place of `nodes`.
    ///
    /// In the phases [`Parameterize`](crate::decorator::Phase::Parameterize) and [`Wrap`](crate::decorator::Phase::Wrap) it is called for each node that runs the
    /// function's body, in the others once with all nodes that the function has become.
    ///
    /// # Errors
    /// Everything that is wrong with how the function is decorated.
    fn decorate(
        &self,
        nodes: Vec<Node>,
        scope: &DecorateContext<'_>,
    ) -> Result<Vec<Node>, Diagnostics<DecorateError>>;

    /// Returns the decorators that this one stands for, innermost first, if it does. Only those of the phase
    /// [`Resolve`](crate::decorator::Phase::Resolve) are asked.
    ///
    /// # Errors
    /// Whatever keeps it from knowing.
    fn stands_for(
        &self,
        scope: &DecorateContext<'_>,
    ) -> Result<Option<Vec<Arc<dyn Decorator>>>, Diagnostics<DecorateError>> {
        let _ = scope;
        Ok(None)
    }

    /// Returns the decorators that the function `node` puts on other functions of its dataflow, by their names.
    ///
    /// # Errors
    /// Whatever keeps it from knowing.
    fn attachments(
        &self,
        node: &Node,
        scope: &DecorateContext<'_>,
    ) -> Result<Attachments, Diagnostics<DecorateError>> {
        let _ = (node, scope);
        Ok(Vec::new())
    }

    /// Returns the node that `function` is one of several variants of, if the decorator says so.
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

/// Returns the positions of the outputs of a decorated function: the nodes that a decorator applies to by default.
///
/// An output is a node that no other of `nodes` reads. Where some of them run the function's body, the outputs are among these nodes
/// and those that depend on them: the unread nodes of an included dataflow are no outputs of the function.
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
    // Decorators put a node behind those that it reads, so that one more pass finds nothing new.
    while let Some(found) = (0..nodes.len()).find(|at| !depends[*at] && reads_dependent(*at, &depends)) {
        depends[found] = true;
        for at in found + 1..nodes.len() {
            depends[at] = depends[at] || reads_dependent(at, &depends);
        }
    }
    (0..nodes.len()).filter(|at| depends[*at] && !is_read(&nodes[*at])).collect()
}

/// Returns whether a node runs the body of the function that is decorated.
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
