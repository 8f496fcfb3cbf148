use std::any::Any;
use std::fmt;
use std::future::Future;

use crate::expand::Items;
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
    /// Creates a node from a sync function and sets the outline's output type to `T`.
    ///
    /// `T` must not be a future, because adapters do not await values. `#[dataflow]` and `#[node]` reject futures at compile
    /// time, but this function cannot detect them. To await a future, use [`future`](Self::future).
    pub fn sync<T, F>(outline: Outline, function: F) -> Self
    where
        T: Any + Send + Sync,
        F: Fn(&mut Args<'_>) -> Result<T, NodeError> + Send + Sync + 'static,
    {
        Self::new::<T>(outline, Body::sync(function))
    }

    /// Creates a node from an async function and sets the outline's output type to `T`.
    ///
    /// `start` leases or takes the arguments and returns the future that uses them.
    pub fn future<T, F, S>(outline: Outline, start: S) -> Self
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T, NodeError>> + Send + 'static,
        S: Fn(&mut Args<'_>) -> F + Send + Sync + 'static,
    {
        let outline = outline.with_asyncness(Asyncness::Async).with_future_size(size_of::<F>());
        Self::new::<T>(outline, Body::future(start))
    }

    /// Creates a node that expands into items, from a sync function.
    ///
    /// The outline declares the type of one item, and has an [expansion](Outline::with_expansion).
    pub fn expanding<F>(outline: Outline, function: F) -> Self
    where
        F: Fn(&mut Args<'_>) -> Result<Items, NodeError> + Send + Sync + 'static,
    {
        Self::from_parts(outline.returning_items(), Body::sync(function))
    }

    /// Creates a node that expands into items, from an async function. See [`expanding`](Self::expanding).
    pub fn expanding_future<F, S>(outline: Outline, start: S) -> Self
    where
        F: Future<Output = Result<Items, NodeError>> + Send + 'static,
        S: Fn(&mut Args<'_>) -> F + Send + Sync + 'static,
    {
        Self::from_parts(outline.returning_items().with_future_size(size_of::<F>()), Body::future(start))
    }

    /// Creates a node `name` with the output of `node`.
    ///
    /// The value is moved if the new node is its only reader, and shared otherwise.
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

    /// Creates a node `name` whose output is a part of the output of the node `whole`.
    ///
    /// `part` describes the output, for instance its type and whether it can be cloned.
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

    fn new<T: Any + Send + Sync>(outline: Outline, body: Body) -> Self {
        let given = ValueType::of::<T>();
        let outline = if outline.output().value_type() == given {
            outline
        } else {
            outline.with_output(Output::of::<T>())
        };
        Self { outline: outline.with_asyncness(body.asyncness()), body }
    }

    /// Returns the name of the node.
    #[must_use]
    pub fn name(&self) -> &Name {
        self.outline.name()
    }

    /// Returns the node's metadata: its name, parameters, output and placement.
    #[must_use]
    pub fn outline(&self) -> &Outline {
        &self.outline
    }

    /// Returns the function that computes the output.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Creates a node from an outline and a body, the reverse of [`into_parts`](Self::into_parts).
    ///
    /// The asyncness of the body replaces that of the outline. The outline's output type must be the type that the body
    /// returns; this is not checked.
    #[must_use]
    pub fn from_parts(outline: Outline, body: Body) -> Self {
        Self { outline: outline.with_asyncness(body.asyncness()), body }
    }

    /// Splits the node into its outline and its body.
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
