use std::any::Any;
use std::fmt;
use std::future::Future;

use crate::node::{Args, Asyncness, Body};
use crate::value::{Alias, Projection, ValueType};
use crate::{Name, NodeError, Outline, Output, Param};

/// One node: its [`Outline`] and its [`Body`].
///
/// # Examples
/// ```
/// use icosian_core::{Node, Outline, Param};
///
/// let fetch = Node::future(Outline::new("fetch").with_param(Param::borrowed::<str>("url")), |args| {
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
    pub fn sync<T, F>(outline: Outline, function: F) -> Self
    where
        T: Any + Send + Sync,
        F: Fn(&mut Args<'_>) -> Result<T, NodeError> + Send + Sync + 'static,
    {
        Self::new::<T>(outline, Body::sync(function))
    }

    /// Returns a node whose function is async: `start` leases or takes the arguments and gives the future that uses
    /// them. The outline's output type becomes that of the future.
    pub fn future<T, F, S>(outline: Outline, start: S) -> Self
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T, NodeError>> + Send + 'static,
        S: Fn(&mut Args<'_>) -> F + Send + Sync + 'static,
    {
        let outline = outline.with_asyncness(Asyncness::Async).with_future_size(size_of::<F>());
        Self::new::<T>(outline, Body::future(start))
    }

    /// Returns a node `name` that gives what `node` gives, moved when nobody else reads that, shared otherwise.
    #[must_use]
    pub fn forwarding(node: &Outline, name: impl Into<Name>) -> Self {
        let given = node.output();
        let outline = Outline::new(name)
            .with_param(Param::exactly(given.value_type(), node.name()))
            .with_output(given.clone().with_alias(Alias::Whole(0)));
        let body = Body::erased(|args| {
            args.forward(0);
            Ok(())
        });
        Self::from_parts(outline, body)
    }

    /// Returns a node `name` that gives a part of what the node `whole` gives; `part` says what can be done with it.
    #[must_use]
    pub fn projecting(
        whole: impl Into<Name>,
        name: impl Into<Name>,
        projection: Projection,
        part: Output,
    ) -> Self {
        let outline = Outline::new(name)
            .with_param(Param::exactly(projection.whole(), whole))
            .with_output(part.clone().part_of(0));
        Self::from_parts(outline, Body::erased(move |args| args.project(0, &projection, &part)))
    }

    fn new<T: Any>(outline: Outline, body: Body) -> Self {
        let given = ValueType::of::<T>();
        let outline = if outline.output().value_type() == given {
            outline
        } else {
            outline.with_output(Output::of::<T>())
        };
        Self { outline: outline.with_asyncness(body.asyncness()), body }
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &Name {
        self.outline.name()
    }

    /// Returns what is known of the node without running it.
    #[must_use]
    pub fn outline(&self) -> &Outline {
        &self.outline
    }

    /// Returns the function.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Returns the node of an outline and a body, as [`into_parts`](Self::into_parts) gives them. The outline's asyncness becomes
    /// that of the body; its output must be what the body gives.
    #[must_use]
    pub fn from_parts(outline: Outline, body: Body) -> Self {
        Self { outline: outline.with_asyncness(body.asyncness()), body }
    }

    /// Returns the outline and the body apart.
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
