use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use icosian::decorators::{
    Body, DecorateContext, DecorateError, Decorator, DecoratorSpec, Phase, Slot, Task,
};
use icosian::{Asyncness, Diagnostics, Node, NodeError};

/// Counters of calls and failures, updated by [`Counted`]. Clones share the counters.
#[derive(Clone, Debug, Default)]
pub struct Count {
    calls: Arc<AtomicUsize>,
    failures: Arc<AtomicUsize>,
}

impl Count {
    /// Returns the number of finished calls.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Returns the number of failed calls.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.failures.load(Ordering::Relaxed)
    }

    fn record<T>(&self, outcome: &Result<T, NodeError>) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.failures.fetch_add(usize::from(outcome.is_err()), Ordering::Relaxed);
    }
}

/// Counts a function's calls and failures. Async functions count when they finish.
///
/// # Examples
/// ```
/// use custom_decorator::{Count, Counted};
/// use icosian::prelude::*;
/// use icosian::{Node, Outline};
///
/// let count = Count::default();
/// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64)).with_decorator(Counted::new(count.clone()));
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
    /// Returns a decorator that updates `count`.
    #[must_use]
    pub fn new(count: Count) -> Self {
        Self { count }
    }
}

impl Decorator for Counted {
    fn spec(&self) -> DecoratorSpec {
        DecoratorSpec::new("counted", Phase::Wrap)
    }

    fn decorate(
        &self,
        nodes: Vec<Node>,
        _: &DecorateContext<'_>,
    ) -> Result<Vec<Node>, Diagnostics<DecorateError>> {
        let counted = |node: Node| {
            let (outline, inner) = node.into_parts();
            let count = self.count.clone();
            let body = match inner.asyncness() {
                Asyncness::Sync => Body::erased(move |args| {
                    let outcome = inner.call(args, &mut None);
                    count.record(&outcome);
                    outcome
                }),
                Asyncness::Async => Body::task(move |args, task: &mut Counting| {
                    task.count = count.clone();
                    inner.call(args, &mut task.inner)
                }),
            };
            Node::from_parts(outline, body)
        };
        Ok(nodes.into_iter().map(counted).collect())
    }
}

/// The task of a counted async node. It polls the task of the wrapped node, and is reused by later runs.
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
            self.count.record(outcome);
        }
        polled
    }

    fn deliver(&mut self, slot: Slot<'_>) {
        if let Some(inner) = &mut self.inner {
            inner.deliver(slot);
        }
    }

    fn cancel(&mut self) {
        if let Some(inner) = &mut self.inner {
            inner.cancel();
        }
    }
}
