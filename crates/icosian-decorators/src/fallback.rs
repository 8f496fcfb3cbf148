use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use icosian_core::{
    Access, Args, Body, Cell, Colour, Decorator, DecoratorSpec, Function, HeldArgs, Node, NodeError, Outline,
    Phase, Scope, Task, ValueType,
};

use crate::around::{check_repeatable, check_untimed, is_final};
use crate::wrapped::check_bare;
use crate::wrong::{Decorated, wrong};

/// Gives something else where a function fails: a value, what a closure makes of the error, or what another function gives.
///
/// A panic is no failure. The other function may be sync or async; its parameters read what this one's of the same names do, or
/// else what has their names, and all of it is there before the first is called.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, NodeError, Outline};
/// use icosian_decorators::{Fallback, expand};
///
/// let fetch = Node::sync(Outline::new("fetch"), |_| Err::<u64, _>(NodeError::failed("no route")));
/// let flow = Dataflow::new("flow").with_node(fetch.decorated(Fallback::value(0_u64)));
/// assert_eq!(expand(vec![flow], &Config::new(), &AdapterSpec::new("sync"))?[0].len(), 1);
/// # Ok::<(), icosian_core::Problems<icosian_core::DecorateError>>(())
/// ```
#[derive(Clone)]
pub struct Fallback {
    instead: Instead,
}

#[derive(Clone)]
enum Instead {
    Made { gives: ValueType, make: Arc<Make> },
    Function(Box<Function>),
}

/// Puts what is given instead into a cell.
type Make = dyn Fn(&NodeError, &mut Cell) + Send + Sync;

impl Fallback {
    /// Gives a clone of `value`.
    ///
    /// # Examples
    /// See [`Fallback`].
    #[must_use]
    pub fn value<T: Any + Send + Sync + Clone>(value: T) -> Self {
        Self::with(move |_| value.clone())
    }

    /// Gives what `make` makes of the error.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::NodeError;
    ///
    /// let fallback = icosian_decorators::Fallback::with(|error: &NodeError| error.to_string());
    /// ```
    #[must_use]
    pub fn with<T: Any + Send + Sync>(make: impl Fn(&NodeError) -> T + Send + Sync + 'static) -> Self {
        let make = move |error: &NodeError, cell: &mut Cell| cell.put(make(error));
        Self { instead: Instead::Made { gives: ValueType::of::<T>(), make: Arc::new(make) } }
    }

    /// Gives what another function gives, which has no decorators of its own.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Node, Outline};
    ///
    /// let cached = Node::sync(Outline::new("cached"), |_| Ok(1_u64));
    /// let fallback = icosian_decorators::Fallback::function(cached);
    /// ```
    #[must_use]
    pub fn function(function: impl Into<Function>) -> Self {
        Self { instead: Instead::Function(Box::new(function.into())) }
    }

    fn gives(&self) -> ValueType {
        match &self.instead {
            Instead::Made { gives, .. } => *gives,
            Instead::Function(other) => other.node().outline().given().value_type(),
        }
    }
}

impl Decorator for Fallback {
    fn spec(&self) -> DecoratorSpec {
        DecoratorSpec::new("fallback", Phase::Around)
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &Scope<'_>) -> Decorated<Vec<Node>> {
        if let Instead::Function(other) = &self.instead {
            check_bare("fallback", scope.function(), other)?;
        }
        let mut made = Vec::with_capacity(nodes.len());
        for node in nodes {
            check_untimed("fallback", &node)?;
            let (outline, inner) = node.into_parts();
            let (wanted, given) = (outline.given().value_type(), self.gives());
            if wanted != given {
                let error = wrong(
                    "ICO0421 decorator-type-mismatch",
                    format!(
                        "`fallback` of `{}` gives `{given}`, and the function gives `{wanted}`",
                        outline.name()
                    ),
                    format!("fall back to a `{wanted}`"),
                );
                return Err(error.into());
            }
            let own = outline.params().len();
            let (outline, other) = match &self.instead {
                Instead::Made { make, .. } => (outline, Other::Made(Arc::clone(make))),
                Instead::Function(other) => {
                    let node = other.node();
                    if inner.colour() == Colour::Async || node.body().colour() == Colour::Async {
                        // Its arguments are held until then, and shared with whoever else reads them.
                        check_repeatable("fallback", node)?;
                    }
                    let ours = outline.params().to_vec();
                    let params = node.outline().params().iter().map(|param| {
                        let same = ours.iter().find(|own| own.name() == param.name());
                        same.map_or_else(|| param.clone(), |own| param.clone().in_place_of(own))
                    });
                    let takes = node.outline().params().iter().any(|param| param.access() == Access::Take);
                    (params.fold(outline, Outline::param), Other::Called { body: node.body().clone(), takes })
                }
            };
            made.push(Node::from_parts(outline, falling_back(inner, other, own)));
        }
        Ok(made)
    }
}

/// What is done after a failure.
#[derive(Clone)]
enum Other {
    Made(Arc<Make>),
    Called {
        body: Body,
        /// It takes a value.
        takes: bool,
    },
}

impl Other {
    fn is_async(&self) -> bool {
        matches!(self, Self::Called { body, .. } if body.colour() == Colour::Async)
    }
}

impl Other {
    /// Gives the output in the place of a sync function that failed; its own parameters are behind the `own` of that one.
    #[cold]
    fn at_once(&self, error: NodeError, args: &mut Args<'_>, own: usize) -> Result<(), NodeError> {
        if is_final(&error) {
            return Err(error);
        }
        match self {
            Self::Made(make) => {
                let mut cell = Cell::default();
                make(&error, &mut cell);
                args.give_cell(&mut cell);
                Ok(())
            }
            Self::Called { body, takes: false } => {
                let all = args.len();
                body.call(&mut args.part(own..all), &mut None)
            }
            Self::Called { body, takes: true } => {
                // The first function is done with what both of them take: this one may move it.
                let (mut held, all) = (HeldArgs::default(), args.len());
                args.hold(&mut held);
                let outcome = body.call(&mut held.last_args().part(own..all), &mut None);
                args.give_cell(held.output());
                outcome
            }
        }
    }
}

/// Returns the body that calls `inner` with its `own` first parameters, and does `other` when that fails.
fn falling_back(inner: Body, other: Other, own: usize) -> Body {
    if inner.colour() == Colour::Sync && !other.is_async() {
        return Body::erased(move |args| match inner.call(&mut args.part(0..own), &mut None) {
            Ok(()) => Ok(()),
            Err(error) => other.at_once(error, args, own),
        });
    }
    let made = Arc::new((inner, other, own));
    Body::task(move |args, task: &mut FallingBack| {
        task.made.get_or_insert_with(|| Arc::clone(&made));
        task.is_first = true;
        let (inner, other, own) = &*made;
        let is_sync = inner.colour() == Colour::Sync;
        let outcome = if let Other::Called { .. } = other {
            // The other function's arguments are needed after the call; what both take is cloned for the first.
            args.hold(&mut task.held);
            let outcome = inner.call(&mut task.held.last_args().part(0..*own), &mut task.first);
            if is_sync && outcome.is_ok() {
                std::mem::swap(&mut task.output, task.held.output());
            }
            outcome
        } else {
            let outcome = inner.call(&mut args.part(0..*own), &mut task.first);
            if is_sync && outcome.is_ok() {
                // The output is in the node's cell already, which a task fills when it is polled to its end.
                args.give_cell(&mut task.output);
            }
            outcome
        };
        task.outcome = if is_sync { Some(outcome) } else { outcome.err().map(Err) };
        Ok(())
    })
}

/// An async node that gives something else when it fails.
#[derive(Default)]
struct FallingBack {
    made: Option<Arc<(Body, Other, usize)>>,
    held: HeldArgs,
    first: Option<Box<dyn Task>>,
    second: Option<Box<dyn Task>>,
    is_first: bool,
    /// What became of the first function, when it is sync or could not begin.
    outcome: Option<Result<(), NodeError>>,
    /// What a sync function, or a closure, has given.
    output: Cell,
}

impl FallingBack {
    /// Does something else; gives the outcome of what is sync.
    fn fall_back(&mut self, error: &NodeError) -> Option<Result<(), NodeError>> {
        self.is_first = false;
        let made = Arc::clone(self.made.as_ref()?);
        let (_, other, own) = &*made;
        match other {
            Other::Made(make) => {
                make(error, &mut self.output);
                Some(Ok(()))
            }
            Other::Called { body, .. } => {
                let mut args = self.held.last_args();
                let all = args.len();
                let outcome = body.call(&mut args.part(*own..all), &mut self.second);
                if body.colour() == Colour::Async && outcome.is_ok() {
                    return None;
                }
                std::mem::swap(&mut self.output, self.held.output());
                Some(outcome)
            }
        }
    }

    fn poll_first(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        match (self.outcome.take(), &mut self.first) {
            (Some(outcome), _) => Poll::Ready(outcome),
            (None, Some(task)) => task.poll(context),
            (None, None) => Poll::Ready(Ok(())),
        }
    }
}

impl Task for FallingBack {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        let outcome = if self.is_first {
            match ready!(self.poll_first(context)) {
                Err(error) if !is_final(&error) => self.fall_back(&error),
                outcome => Some(outcome),
            }
        } else {
            None
        };
        let outcome = match (outcome, &mut self.second) {
            (Some(outcome), _) => outcome,
            (None, Some(task)) => ready!(task.poll(context)),
            (None, None) => Ok(()),
        };
        self.held.release();
        Poll::Ready(outcome)
    }

    fn deliver(&mut self, cell: &mut Cell) {
        let task = if self.is_first { &mut self.first } else { &mut self.second };
        match task {
            Some(task) => task.deliver(cell),
            None => std::mem::swap(cell, &mut self.output),
        }
    }

    fn cancel(&mut self) {
        self.first.iter_mut().chain(&mut self.second).for_each(|task| task.cancel());
        self.outcome = None;
        self.output.clear();
        self.held.release();
    }
}

impl fmt::Debug for Fallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fallback({})", self.gives())
    }
}
