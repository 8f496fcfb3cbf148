mod parts;

pub use parts::Keyed;
#[doc(hidden)]
pub use parts::{key, key_or};

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::value::{Projection, ValueType};
use icosian_core::{Decorator, Name, Node, Output};

use crate::decorate_errors::Decorated;
use parts::Parts;

/// Adds a node for each part of a function's output: a field of a struct, a position of a tuple or a key of a map.
///
/// `#[extract_fields]` and `#[unpack_fields]` are aliases of this decorator: [`fields`](Self::fields) and
/// [`positions`](Self::positions).
///
/// The function runs once. Readers of a part borrow it from the whole. Only small parts without heap data, such as numbers, are
/// copied, because a copy is cheaper.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, Outline, Output};
/// use icosian_decorators::{ExtractOutputs, apply};
///
/// struct Moments {
///     mean: f64,
///     variance: f64,
/// }
///
/// let number = || Output::of::<f64>().cloneable::<f64>();
/// let moments = Node::sync(Outline::new("moments"), |_| Ok(Moments { mean: 1.0, variance: 0.5 })).with_decorator(
///     ExtractOutputs::<Moments>::new()
///         .field("mean", |moments| &moments.mean, number())
///         .field("variance", |moments| &moments.variance, number()),
/// );
/// let nodes = apply(vec![Dataflow::new("flow").with_node(moments)], &Config::new(), &AdapterSpec::new("sync"))?;
/// let names: Vec<_> = nodes[0].iter().map(|node| node.name().as_str()).collect();
/// assert_eq!(names, ["moments", "mean", "variance"]);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
pub struct ExtractOutputs<W> {
    built_in: BuiltIn,
    parts: Parts,
    whole: PhantomData<fn(&W)>,
}

impl<W: Any> ExtractOutputs<W> {
    /// Creates a decorator without parts.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "one without parts is only a beginning")]
    pub fn new() -> Self {
        Self::for_decorator(BuiltIn::ExtractOutputs)
    }

    /// Creates a decorator without parts, named `extract_fields` in errors, tags and tools.
    #[must_use]
    pub fn fields() -> Self {
        Self::for_decorator(BuiltIn::ExtractFields)
    }

    /// Creates a decorator without parts, named `unpack_fields` in errors, tags and tools.
    #[must_use]
    pub fn positions() -> Self {
        Self::for_decorator(BuiltIn::UnpackFields)
    }

    fn for_decorator(built_in: BuiltIn) -> Self {
        Self { built_in, parts: Parts::default(), whole: PhantomData }
    }

    /// Adds a part: a node `name` that outputs the value that `find` borrows; `part` describes its type.
    #[must_use]
    pub fn field<P, F>(mut self, name: impl Into<Name>, find: F, part: Output) -> Self
    where
        P: Any + Send + Sync,
        F: for<'a> Fn(&'a W) -> &'a P + Send + Sync + 'static,
    {
        self.parts.add(name.into(), Projection::new(move |whole: &W| Some(find(whole))), part);
        self
    }

    /// Adds a part: the value whose key is the part's name.
    ///
    /// If the key is missing, the run fails with an error that lists the existing keys.
    #[must_use]
    pub fn key(mut self, name: impl Into<Name>, part: Output) -> Self
    where
        W: Keyed,
    {
        self.parts.add_key::<W>(name.into(), part);
        self
    }

    /// Adds a part: the value whose key is the part's name, or `default` if the key is missing.
    #[must_use]
    pub fn key_or(mut self, name: impl Into<Name>, default: W::Value, part: Output) -> Self
    where
        W: Keyed,
    {
        let name = name.into();
        let key = name.clone();
        self.parts.add(name, Projection::or_default(move |whole: &W| whole.at(&key), default), part);
        self
    }

    /// Selects an output of a function with several outputs.
    #[must_use]
    pub fn on(mut self, node: impl Into<Name>) -> Self {
        self.parts.on(node.into());
        self
    }
}

impl<W: Any> Decorator for ExtractOutputs<W> {
    fn spec(&self) -> DecoratorSpec {
        self.built_in.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        self.parts.decorate(self.built_in.name(), ValueType::of::<W>(), nodes, scope)
    }
}

impl<W> Clone for ExtractOutputs<W> {
    fn clone(&self) -> Self {
        Self { built_in: self.built_in, parts: self.parts.clone(), whole: PhantomData }
    }
}

impl<W> fmt::Debug for ExtractOutputs<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtractOutputs")
            .field("name", &self.built_in.name())
            .field("parts", &self.parts)
            .finish()
    }
}
