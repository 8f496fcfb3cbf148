use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

use icosian_core::{Decorator, DecoratorSpec, Name, Node, Output, Phase, Projection, Scope, ValueType};

use crate::parts::Parts;
use crate::wrong::Decorated;

/// Gives each position of a tuple, or some of them, a node of its own.
///
/// The function runs once, and a position is not copied: who reads it borrows from the whole.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Output};
/// use icosian_decorators::{UnpackFields, expand};
///
/// let pair = Node::sync(Outline::new("pair"), |_| Ok((1_u8, String::from("text"))));
/// let text = Output::of::<String>().cloneable::<String>();
/// let pair = pair.decorated(UnpackFields::<(u8, String)>::new().field("text", |pair| &pair.1, text));
/// let nodes = expand(vec![Dataflow::new("flow").with_node(pair)], &Config::new(), &AdapterSpec::new("sync"))?;
/// assert_eq!(nodes[0][1].outline().to_string(), "text(pair: &(u8, String)) -> String");
/// # Ok::<(), icosian_core::Problems<icosian_core::DecorateError>>(())
/// ```
pub struct UnpackFields<W> {
    parts: Parts,
    whole: PhantomData<fn(&W)>,
}

impl<W: Any> UnpackFields<W> {
    /// Returns one without parts.
    ///
    /// # Examples
    /// See [`UnpackFields`].
    #[must_use]
    #[expect(clippy::new_without_default, reason = "one without parts is only a beginning")]
    pub fn new() -> Self {
        Self { parts: Parts::default(), whole: PhantomData }
    }

    /// Adds a part: a node `name` that gives what `find` borrows; `part` says what can be done with it.
    ///
    /// # Examples
    /// See [`UnpackFields`].
    #[must_use]
    pub fn field<P, F>(mut self, name: impl Into<Name>, find: F, part: Output) -> Self
    where
        P: Any + Send + Sync,
        F: for<'a> Fn(&'a W) -> &'a P + Send + Sync + 'static,
    {
        self.parts.add(name.into(), Projection::new(move |whole: &W| Some(find(whole))), part);
        self
    }

    /// Takes apart what the node of this name gives, when the function gives several.
    ///
    /// # Examples
    /// ```
    /// let parts = icosian_decorators::UnpackFields::<(u8, u8)>::new().on("pair");
    /// ```
    #[must_use]
    pub fn on(mut self, node: impl Into<Name>) -> Self {
        self.parts.on(node.into());
        self
    }
}

impl<W: Any> Decorator for UnpackFields<W> {
    fn spec(&self) -> DecoratorSpec {
        DecoratorSpec::new("unpack_fields", Phase::Transform)
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &Scope<'_>) -> Decorated<Vec<Node>> {
        self.parts.decorate("unpack_fields", ValueType::of::<W>(), nodes, scope)
    }
}

impl<W> Clone for UnpackFields<W> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), whole: PhantomData }
    }
}

impl<W> fmt::Debug for UnpackFields<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnpackFields").field(&self.parts).finish()
    }
}
