use std::any::Any;
use std::fmt;
use std::future::Future;

use crate::{
    Args, Body, Colour, Function, Keeps, Name, NodeError, Outline, Output, Param, Projection, ValueType,
};

/// A node that is known while compiling: its name and the type that it gives.
///
/// `#[dataflow]` writes one for each function, as a type of the function's own name, and implements this for it.
///
/// # Examples
/// ```
/// use icosian_core::Handle;
///
/// #[allow(non_camel_case_types)]
/// struct spend_mean {}
///
/// impl Handle for spend_mean {
///     const NAME: &'static str = "spend_mean";
///     type Output = f64;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a node",
    label = "not a node's handle",
    note = "each `pub fn` of a `#[dataflow]` module, and each `#[node]` function, has a handle of its own name"
)]
pub trait Handle {
    /// The node's name.
    const NAME: &'static str;
    /// What the node gives, its error aside.
    type Output: Any + Send + Sync;
}

/// What stands for a function that nodes are made of, as the types beside `#[dataflow]` and `#[node]` functions do.
///
/// `nodes![a, b, c]` is a list of these. Such a type is a [`Handle`] too, unless the function's decorators leave no node of
/// its name.
///
/// # Examples
/// ```
/// use icosian_core::{Handle, Node, NodeFn, Outline};
///
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
/// assert_eq!(one::node().name(), one::NAME);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a node's function",
    label = "not a `#[node]` function",
    note = "write `#[node]` above the function, or put it into a `#[dataflow]` module"
)]
pub trait NodeFn {
    /// Returns the node, without decorators.
    fn node() -> Node;

    /// Returns the node with the decorators above the function.
    #[must_use]
    fn function() -> Function {
        Self::node().into()
    }
}

/// What a function gives, its error aside, whether or not there is a node of its name. For written code.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function that nodes are made of",
    label = "not such a function",
    note = "write `#[node]` above the function, or make it a function of a `#[dataflow]` module"
)]
pub trait Gives {
    /// What it gives.
    type Output: Any + Send + Sync;
}

/// A handle whose node gives what its function does. For written code.
#[doc(hidden)]
pub trait AsWritten: Handle {}

impl<H: AsWritten> Gives for H {
    type Output = H::Output;
}

/// One node: its [`Outline`] and its [`Body`].
///
/// # Examples
/// ```
/// use icosian_core::{Node, Outline, Param};
///
/// let fetch = Node::future(Outline::new("fetch").param(Param::borrowed::<str>("url")), |args| {
///     let url = args.lease::<str>(0);
///     async move { Ok(url.len()) }
/// });
/// assert_eq!(fetch.outline().to_string(), "async fetch(url: &str) -> usize");
/// ```
#[derive(Clone)]
pub struct Node {
    outline: Outline,
    body: Body,
}

impl Node {
    /// Returns a node whose function is sync. The outline's output type becomes that of the function.
    ///
    /// `T` must not be a future: no adapter awaits a value. `#[dataflow]` and `#[node]` refuse one while compiling; this
    /// function cannot see it. Await the future in a node built by [`future`](Self::future).
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Node, Outline};
    ///
    /// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// assert_eq!(one.outline().to_string(), "one() -> u64");
    /// ```
    pub fn sync<T, F>(outline: Outline, function: F) -> Self
    where
        T: Any + Send + Sync,
        F: Fn(&mut Args<'_>) -> Result<T, NodeError> + Send + Sync + 'static,
    {
        Self::new::<T>(outline, Body::sync(function))
    }

    /// Returns a node whose function is async: `start` leases or takes the arguments and gives the future that uses
    /// them. The outline's output type becomes that of the future.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Node, Outline};
    ///
    /// let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    /// assert_eq!(one.outline().to_string(), "async one() -> u64");
    /// ```
    pub fn future<T, F, S>(outline: Outline, start: S) -> Self
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T, NodeError>> + Send + 'static,
        S: Fn(&mut Args<'_>) -> F + Send + Sync + 'static,
    {
        let outline = outline.coloured(Colour::Async).with_future_size(size_of::<F>());
        Self::new::<T>(outline, Body::future(start))
    }

    /// Builds a sync node whose output the compiler has checked at the handle. For generated code.
    #[doc(hidden)]
    pub fn sync_of<H: Gives, F>(outline: Outline, function: F) -> Self
    where
        F: Fn(&mut Args<'_>) -> Result<H::Output, NodeError> + Send + Sync + 'static,
    {
        Self::sync(outline, function)
    }

    /// Builds an async node whose output the compiler has checked at the handle. For generated code.
    ///
    /// The compiler quotes this function when the future of a node is not `Send`, so its name and its bound explain why.
    #[doc(hidden)]
    pub fn with_send_future<H: Gives, F, S>(outline: Outline, start: S) -> Self
    where
        // The future of an async node may move to another thread: end the use of the value before the `.await`.
        F: Future<Output = Result<H::Output, NodeError>> + Send + 'static,
        S: Fn(&mut Args<'_>) -> F + Send + Sync + 'static,
    {
        Self::future(outline, start)
    }

    /// Returns a node `name` that gives what `node` gives, moved when nobody else reads that, shared otherwise.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Node, Outline};
    ///
    /// let raw = Node::sync(Outline::new("f_raw"), |_| Ok(1_u64));
    /// assert_eq!(Node::forwarding(raw.outline(), "f").outline().to_string(), "f(f_raw: &u64) -> u64");
    /// ```
    #[must_use]
    pub fn forwarding(node: &Outline, name: impl Into<Name>) -> Self {
        let given = node.given();
        let outline = Outline::new(name)
            .param(Param::exactly(given.value_type(), node.name()))
            .output(given.clone().keeping(Keeps::Whole(0)));
        let body = Body::erased(|args| {
            args.forward(0);
            Ok(())
        });
        Self::from_parts(outline, body)
    }

    /// Returns a node `name` that gives a part of what the node `whole` gives; `part` says what can be done with it.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Node, Outline, Output, Projection};
    ///
    /// let pair = Node::sync(Outline::new("pair"), |_| Ok((1_u8, 'a')));
    /// let first = Projection::new(|pair: &(u8, char)| Some(&pair.0));
    /// let first = Node::projecting(pair.name(), "first", first, Output::of::<u8>().cloneable::<u8>());
    /// assert_eq!(first.outline().to_string(), "first(pair: &(u8, char)) -> u8");
    /// ```
    #[must_use]
    pub fn projecting(
        whole: impl Into<Name>,
        name: impl Into<Name>,
        projection: Projection,
        part: Output,
    ) -> Self {
        let outline = Outline::new(name)
            .param(Param::exactly(projection.whole(), whole))
            .output(part.clone().part_of(0));
        Self::from_parts(outline, Body::erased(move |args| args.project(0, &projection, &part)))
    }

    fn new<T: Any>(outline: Outline, body: Body) -> Self {
        let given = ValueType::of::<T>();
        let outline =
            if outline.given().value_type() == given { outline } else { outline.output(Output::of::<T>()) };
        Self { outline: outline.coloured(body.colour()), body }
    }

    /// Returns the name.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Node, Outline};
    ///
    /// assert_eq!(Node::sync(Outline::new("one"), |_| Ok(1_u64)).name(), &"one");
    /// ```
    #[must_use]
    pub fn name(&self) -> &Name {
        self.outline.name()
    }

    /// Returns what is known of the node without running it.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Node, Outline};
    ///
    /// assert!(Node::sync(Outline::new("one"), |_| Ok(1_u64)).outline().params().is_empty());
    /// ```
    #[must_use]
    pub fn outline(&self) -> &Outline {
        &self.outline
    }

    /// Returns the function.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Colour, Node, Outline};
    ///
    /// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// assert_eq!(one.body().colour(), Colour::Sync);
    /// ```
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Returns the node of an outline and a body, as [`into_parts`](Self::into_parts) gives them. The outline's colour becomes
    /// that of the body; its output must be what the body gives.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Node, Outline, Placement};
    ///
    /// let (outline, body) = Node::sync(Outline::new("one"), |_| Ok(1_u64)).into_parts();
    /// let offloaded = Node::from_parts(outline.placed(Placement::Offload), body);
    /// assert_eq!(offloaded.outline().placement(), Placement::Offload);
    /// ```
    #[must_use]
    pub fn from_parts(outline: Outline, body: Body) -> Self {
        Self { outline: outline.coloured(body.colour()), body }
    }

    /// Returns the outline and the body apart.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Node, Outline};
    ///
    /// let (outline, _body) = Node::sync(Outline::new("one"), |_| Ok(1_u64)).into_parts();
    /// assert_eq!(outline.name(), &"one");
    /// ```
    #[must_use]
    pub fn into_parts(self) -> (Outline, Body) {
        (self.outline, self.body)
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", self.outline)
    }
}
