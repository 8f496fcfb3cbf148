use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use icosian_core::{
    Args, Body, Caps, Cell, Colour, Decorator, DecoratorSpec, HeldArgs, Node, NodeError, Phase, Placement,
    RunContext, Scope, Task,
};

use crate::FailsWith;
use crate::around::{check_repeatable, check_untimed, is_final, with_context};
use crate::wrong::{Decorated, wrong};

/// Calls a function again when it fails.
///
/// It waits between attempts when it is [told to](Self::backoff): by the adapter's timer, where there is one. A panic is no failure.
/// What the function takes by value is cloned for every attempt but the last. Between attempts it looks whether the execution is
/// cancelled; a sync function that neither waits nor is tried more than 16 times does not, because looking costs each call.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, NodeError, Outline};
/// use icosian_decorators::{Retry, expand};
/// use std::time::Duration;
///
/// let fetch = Node::sync(Outline::new("fetch"), |_| Err::<u64, _>(NodeError::failed("no route")));
/// let retry = Retry::new(3)
///     .backoff(Duration::from_millis(100), Duration::from_secs(2))
///     .jitter()
///     .when(|error: &std::io::Error| error.kind() == std::io::ErrorKind::TimedOut);
/// let flow = Dataflow::new("flow").with_node(fetch.decorated(retry));
/// let nodes = expand(vec![flow], &Config::new(), &AdapterSpec::new("sync"))?;
/// assert_eq!(nodes[0].len(), 1);
/// # Ok::<(), icosian_core::Problems<icosian_core::DecorateError>>(())
/// ```
#[derive(Clone)]
pub struct Retry {
    attempts: usize,
    backoff: Option<(Duration, Duration)>,
    jitter: bool,
    predicate: Option<Arc<Predicate>>,
}

type Predicate = dyn Fn(&NodeError) -> bool + Send + Sync;

impl Retry {
    /// Calls the function at most so often.
    ///
    /// # Examples
    /// See [`Retry`].
    #[must_use]
    pub fn new(attempts: usize) -> Self {
        Self { attempts, backoff: None, jitter: false, predicate: None }
    }

    /// Waits before the second attempt for `shortest`, and before each later one twice as long as before the last, up to `longest`.
    ///
    /// # Examples
    /// See [`Retry`].
    #[must_use]
    pub fn backoff(mut self, shortest: Duration, longest: Duration) -> Self {
        self.backoff = Some((shortest, longest));
        self
    }

    /// Adds a random part to each wait, so that those who failed together do not come back together.
    ///
    /// # Examples
    /// See [`Retry`].
    #[must_use]
    pub fn jitter(mut self) -> Self {
        self.jitter = true;
        self
    }

    /// Calls it again only after an `E` of which `predicate` says so; after other errors never.
    ///
    /// # Examples
    /// See [`Retry`].
    #[must_use]
    pub fn when<E: Error + 'static>(self, predicate: impl Fn(&E) -> bool + Send + Sync + 'static) -> Self {
        self.when_any(move |error| match error {
            NodeError::Failed(error) => error.downcast_ref::<E>().is_some_and(&predicate),
            _ => false,
        })
    }

    /// As [`when`](Self::when), for a function that fails as `_errors` says. Written by macros.
    #[doc(hidden)]
    #[must_use]
    pub fn when_given<E: Error + 'static, F: FailsWith<E>>(
        self,
        _errors: F,
        predicate: impl Fn(&E) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.when(predicate)
    }

    /// Calls it again only after an error of which `predicate` says so.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::NodeError;
    ///
    /// let retry = icosian_decorators::Retry::new(3).when_any(|error| matches!(error, NodeError::TimedOut(_)));
    /// ```
    #[must_use]
    pub fn when_any(mut self, predicate: impl Fn(&NodeError) -> bool + Send + Sync + 'static) -> Self {
        self.predicate = Some(Arc::new(predicate));
        self
    }

    fn is_worth_it(&self, error: &NodeError) -> bool {
        !is_final(error) && self.predicate.as_ref().is_none_or(|predicate| predicate(error))
    }

    fn delays(&self) -> Option<ExponentialBackoff> {
        let (shortest, longest) = self.backoff?;
        let builder = ExponentialBuilder::new()
            .with_min_delay(shortest)
            .with_max_delay(longest)
            .with_factor(2.0)
            .without_max_times();
        Some(if self.jitter { builder.with_jitter() } else { builder }.build())
    }

    fn wrong(&self, node: &Node) -> Option<icosian_core::DecorateError> {
        let (problem, help) = match self.backoff {
            _ if self.attempts == 0 => ("makes no attempt", "allow at least one attempt"),
            Some((shortest, longest)) if shortest > longest => {
                ("waits longer at first than at most", "write the shorter time first")
            }
            None if self.jitter => {
                ("has jitter and no time to wait", "say how long to wait, or leave jitter out")
            }
            _ => return None,
        };
        Some(wrong("ICO0708 retry-settings", format!("`retry` on `{}` {problem}", node.name()), help))
    }
}

impl Decorator for Retry {
    fn spec(&self) -> DecoratorSpec {
        let spec = DecoratorSpec::new("retry", Phase::Around);
        if self.backoff.is_some() { spec.wants(Caps::TIMER) } else { spec }
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &Scope<'_>) -> Decorated<Vec<Node>> {
        let mut made = Vec::with_capacity(nodes.len());
        for node in nodes {
            if let Some(error) = self.wrong(&node) {
                return Err(error.into());
            }
            check_untimed("retry", &node)?;
            if self.attempts == 1 {
                made.push(node);
                continue;
            }
            check_repeatable("retry", &node)?;
            let (outline, body) = node.into_parts();
            let is_sync = body.colour() == Colour::Sync;
            // Where nobody polls, and on a thread that may block, a sync function sleeps there.
            let stays_sync = !scope.adapter().runs_async_nodes()
                || outline.placement() == Placement::Offload
                || self.backoff.is_none();
            let params = outline.params().len();
            if is_sync && stays_sync {
                // Where it may take long, nobody may wait for it any more.
                let may_take_long = self.backoff.is_some()
                    || outline.placement() == Placement::Offload
                    || self.attempts > A_HANDFUL;
                let (outline, context) =
                    if may_take_long { with_context(outline) } else { (outline, params) };
                made.push(Node::from_parts(outline, blocking(self.clone(), body, context)));
                continue;
            }
            let (outline, context) =
                if self.backoff.is_some() { with_context(outline) } else { (outline, params) };
            made.push(Node::from_parts(outline, awaiting(Arc::new(self.clone()), body, context)));
        }
        Ok(made)
    }
}

/// Attempts without a wait after which nobody looks whether the execution is cancelled: looking makes the run a watched one.
const A_HANDFUL: usize = 16;

/// Returns the body that calls `inner` until it works, and sleeps on its thread in between.
/// It looks at the context at `context` now and then, where there is one.
fn blocking(retry: Retry, inner: Body, context: usize) -> Body {
    let again = Again { retry, inner: inner.clone(), context };
    Body::erased(move |args| match inner.call(&mut args.again().part(0..context), &mut None) {
        Ok(()) => Ok(()),
        Err(error) => again.after(error, args),
    })
}

/// What calls a function after its first failure.
struct Again {
    retry: Retry,
    inner: Body,
    context: usize,
}

impl Again {
    #[cold]
    fn after(&self, mut error: NodeError, args: &mut Args<'_>) -> Result<(), NodeError> {
        let Self { retry, inner, context } = self;
        let mut delays = retry.delays();
        for left in (1..retry.attempts).rev() {
            if !retry.is_worth_it(&error) {
                break;
            }
            let delay = delays.as_mut().and_then(Iterator::next).unwrap_or_default();
            if *context < args.len() && !rested(args.borrow::<RunContext>(*context), delay) {
                break;
            }
            let outcome = if left > 1 {
                inner.call(&mut args.again().part(0..*context), &mut None)
            } else {
                inner.call(&mut args.part(0..*context), &mut None)
            };
            match outcome {
                Ok(()) => return Ok(()),
                Err(again) => error = again,
            }
        }
        Err(error)
    }
}

/// Sleeps on this thread, unless nobody waits for the execution any more; says whether to go on.
fn rested(context: &RunContext, delay: Duration) -> bool {
    /// How long a cancellation may stay unnoticed.
    const NAP: Duration = Duration::from_millis(10);
    let mut left = delay;
    while !left.is_zero() && !context.is_cancelled() {
        let nap = left.min(NAP);
        std::thread::sleep(nap);
        left -= nap;
    }
    !context.is_cancelled()
}

/// Returns the body that calls `inner` until it works, and awaits the timer of the context at `context` in between.
fn awaiting(retry: Arc<Retry>, inner: Body, context: usize) -> Body {
    Body::task(move |args, task: &mut Retrying| {
        task.made.get_or_insert_with(|| Made { retry: Arc::clone(&retry), inner: inner.clone(), context });
        args.hold(&mut task.held);
        task.attempts = 0;
        task.in_a_row = 0;
        task.delays = None;
        task.state = State::Begins;
        Ok(())
    })
}

/// An async node that is tried again.
#[derive(Default)]
struct Retrying {
    made: Option<Made>,
    held: HeldArgs,
    task: Option<Box<dyn Task>>,
    attempts: usize,
    /// Attempts since others had their turn.
    in_a_row: usize,
    delays: Option<ExponentialBackoff>,
    state: State,
}

struct Made {
    retry: Arc<Retry>,
    inner: Body,
    /// The position of the run's context, or that after the last parameter.
    context: usize,
}

#[derive(Default)]
enum State {
    #[default]
    Begins,
    Runs,
    Waits(Pin<Box<dyn Future<Output = ()> + Send>>),
}

impl Retrying {
    /// Begins an attempt; gives the outcome of a sync function.
    fn begin(&mut self) -> Option<Result<(), NodeError>> {
        let made = self.made.as_ref()?;
        self.attempts += 1;
        self.in_a_row += 1;
        self.state = State::Runs;
        let is_last = self.attempts >= made.retry.attempts;
        let mut args = if is_last { self.held.last_args() } else { self.held.args() };
        let outcome = made.inner.call(&mut args.part(0..made.context), &mut self.task);
        (outcome.is_err() || made.inner.colour() == Colour::Sync).then_some(outcome)
    }

    /// Says whether there is another attempt after `error`, and prepares it.
    fn goes_on(&mut self, error: &NodeError) -> bool {
        let Some(made) = &self.made else { return false };
        if self.attempts >= made.retry.attempts || !made.retry.is_worth_it(error) {
            return false;
        }
        if self.delays.is_none() {
            self.delays = made.retry.delays();
        }
        self.state = match self.delays.as_mut().and_then(Iterator::next) {
            Some(delay) => {
                let context = self.held.args().borrow::<RunContext>(made.context).clone();
                State::Waits(Box::pin(async move { context.sleep(delay).await }))
            }
            None => State::Begins,
        };
        true
    }
}

/// Attempts in a row before other tasks, and limits, have their turn.
const IN_A_ROW: usize = 32;

impl Task for Retrying {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        loop {
            let outcome = match &mut self.state {
                State::Begins if self.in_a_row == IN_A_ROW => {
                    self.in_a_row = 0;
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                State::Begins => match self.begin() {
                    Some(outcome) => outcome,
                    None => continue,
                },
                State::Runs => match &mut self.task {
                    Some(task) => ready!(task.poll(context)),
                    None => Ok(()),
                },
                State::Waits(sleep) => {
                    ready!(sleep.as_mut().poll(context));
                    self.state = State::Begins;
                    continue;
                }
            };
            match outcome {
                Err(error) if self.goes_on(&error) => {}
                outcome => {
                    self.held.release();
                    return Poll::Ready(outcome);
                }
            }
        }
    }

    fn deliver(&mut self, cell: &mut Cell) {
        match &mut self.task {
            Some(task) => task.deliver(cell),
            None => std::mem::swap(cell, self.held.output()),
        }
    }

    fn cancel(&mut self) {
        if let Some(task) = &mut self.task {
            task.cancel();
        }
        self.state = State::Begins;
        self.held.release();
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("attempts", &self.attempts)
            .field("backoff", &self.backoff)
            .field("jitter", &self.jitter)
            .finish_non_exhaustive()
    }
}
