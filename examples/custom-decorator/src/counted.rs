use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use icosian::decorators::{Body, Cell, DecorateError, Decorator, DecoratorSpec, Phase, Scope, Task};
use icosian::{Colour, Diagnostics, Node, NodeError};

/// How often functions have been called, and how often they failed. Clones count together.
///
/// # Examples
/// See [`Counted`].
#[derive(Clone, Debug, Default)]
pub struct Count {
    calls: Arc<AtomicUsize>,
    failures: Arc<AtomicUsize>,
}

impl Count {
    /// Returns how often they have been called.
    ///
    /// # Examples
    /// See [`Counted`].
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Returns how often they failed.
    ///
    /// # Examples
    /// See [`Counted`].
    #[must_use]
    pub fn failures(&self) -> usize {
        self.failures.load(Ordering::Relaxed)
    }

    fn ended<T>(&self, outcome: &Result<T, NodeError>) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.failures.fetch_add(usize::from(outcome.is_err()), Ordering::Relaxed);
    }
}

/// Counts a function's calls and failures.
///
/// # Examples
/// ```
/// use custom_decorator::{Count, Counted};
/// use icosian::prelude::*;
/// use icosian::{Node, Outline};
///
/// let count = Count::default();
/// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64)).decorated(Counted::new(count.clone()));
/// let driver = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(one)).build()?;
/// driver.execute_named(["one"], inputs! {})?;
/// assert_eq!((count.calls(), count.failures()), (1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Counted {
    count: Count,
}

impl Counted {
    /// Counts in `count`.
    ///
    /// # Examples
    /// See [`Counted`].
    #[must_use]
    pub fn new(count: Count) -> Self {
        Self { count }
    }
}

impl Decorator for Counted {
    fn spec(&self) -> DecoratorSpec {
        DecoratorSpec::new("counted", Phase::Wrap)
    }

    fn decorate(&self, nodes: Vec<Node>, _: &Scope<'_>) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
        let counted = |node: Node| {
            let (outline, inner) = node.into_parts();
            let count = self.count.clone();
            let body = match inner.colour() {
                Colour::Sync => Body::erased(move |args| {
                    let outcome = inner.call(args, &mut None);
                    count.ended(&outcome);
                    outcome
                }),
                Colour::Async => Body::task(move |args, task: &mut Counting| {
                    task.count = count.clone();
                    inner.call(args, &mut task.inner)
                }),
            };
            Node::from_parts(outline, body)
        };
        Ok(nodes.into_iter().map(counted).collect())
    }
}

/// An async node that is counted: it awaits the node inside it. It is kept from run to run, with the node's memory.
#[derive(Default)]
struct Counting {
    inner: Option<Box<dyn Task>>,
    count: Count,
}

impl Task for Counting {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(Ok(())) };
        let polled = inner.poll(context);
        if let Poll::Ready(outcome) = &polled {
            self.count.ended(outcome);
        }
        polled
    }

    fn deliver(&mut self, cell: &mut Cell) {
        if let Some(inner) = &mut self.inner {
            inner.deliver(cell);
        }
    }

    fn cancel(&mut self) {
        if let Some(inner) = &mut self.inner {
            inner.cancel();
        }
    }
}
