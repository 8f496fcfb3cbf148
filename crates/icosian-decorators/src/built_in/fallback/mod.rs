mod falling_back;

pub(crate) use falling_back::{FallbackCalls, FallbackHost, FallingBack, replace_error};

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::node::{Access, Args, Asyncness, Body, Function, HeldArgs, Task};
use icosian_core::run::Attempts;
use icosian_core::value::{Arena, Slot, ValueType};
use icosian_core::{Decorator, Name, Node, NodeError, Outline};
use icosian_diagnostics::{Diagnostics, Spanned};

use crate::decorate_errors::{Decorated, decorate_error};
use crate::head_defaults::HeadDefaults;
use crate::wrap::check_undecorated;
use crate::wrap::checks::{check_can_fail, check_repeatable, check_untimed};

/// Replaces the error of a function by a value, by the result of a closure, or by the output of another function.
///
/// A panic is no failure. The other function may be sync or async. A parameter that both functions have reads the same value in
/// both. Every other parameter reads the node or input of its name, which is computed before the first function is called.
///
/// If the other function fails too, the node fails with [`FallbackFailed`](icosian_core::run::FallbackFailed), which has both errors. After the execution was
/// cancelled, no fallback is used, and the node fails with the function's own error.
///
/// # Observability
///
/// A fallback that is used emits a `tracing` event at level `WARN`. Hooks read the error from `NodeEnd::recovered_from`.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, NodeError, Outline};
/// use icosian_decorators::{Fallback, apply};
///
/// let fetch = Node::sync(Outline::new("fetch"), |_| Err::<u64, _>(NodeError::failed("no route")));
/// let flow = Dataflow::new("flow").with_node(fetch.with_decorator(Fallback::value(0_u64)));
/// assert_eq!(apply(vec![flow], &Config::new(), &AdapterSpec::new("sync"))?[0].len(), 1);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone)]
pub struct Fallback {
    instead: Instead,
}

#[derive(Clone)]
enum Instead {
    Made { gives: ValueType, make: Arc<MakeOutput> },
    Function(Box<Function>),
}

/// Writes the output into a slot.
type MakeOutput = dyn Fn(&NodeError, Slot<'_>) + Send + Sync;

impl Fallback {
    /// Replaces an error by a clone of `value`.
    #[must_use]
    pub fn value<T: Any + Send + Sync + Clone>(value: T) -> Self {
        Self::with(move |_| value.clone())
    }

    /// Replaces an error by the value that `make` returns.
    #[must_use]
    pub fn with<T: Any + Send + Sync>(make: impl Fn(&NodeError) -> T + Send + Sync + 'static) -> Self {
        let make = move |error: &NodeError, mut slot: Slot<'_>| slot.put(make(error));
        Self { instead: Instead::Made { gives: ValueType::of::<T>(), make: Arc::new(make) } }
    }

    /// Replaces an error by the output of another function, which has no decorators.
    #[must_use]
    pub fn function(function: impl Into<Function>) -> Self {
        Self { instead: Instead::Function(Box::new(function.into())) }
    }

    fn gives(&self) -> ValueType {
        match &self.instead {
            Instead::Made { gives, .. } => *gives,
            Instead::Function(other) => other.node().outline().output().value_type(),
        }
    }
}

impl Decorator for Fallback {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Fallback.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        if let Instead::Function(other) = &self.instead {
            check_undecorated("fallback", scope.function(), other)?;
        }
        let mut made = Vec::with_capacity(nodes.len());
        for node in nodes {
            check_single_output(&node)?;
            check_untimed("fallback", &node)?;
            check_can_fail(BuiltIn::Fallback, &node)?;
            let (outline, inner) = node.into_parts();
            let (wanted, given) = (outline.output().value_type(), self.gives());
            if wanted != given {
                let error = decorate_error(
                    "ICO0421 decorator-type-mismatch",
                    format!(
                        "`fallback` of `{}` returns `{given}`, but the function returns `{wanted}`",
                        outline.name()
                    ),
                    format!("return a `{wanted}` from it"),
                );
                return Err(error.into());
            }
            let own = outline.params().len();
            let (outline, other) = match &self.instead {
                Instead::Made { make, .. } => {
                    (outline.without_failures(), Replacement::Made(Arc::clone(make)))
                }
                Instead::Function(other) => {
                    let node = other.node();
                    if inner.asyncness() == Asyncness::Async || node.body().asyncness() == Asyncness::Async {
                        // Its arguments are held while the first function runs, and other nodes may share them.
                        check_repeatable("fallback", node)?;
                    }
                    let ours = outline.params().to_vec();
                    let mut defaults = HeadDefaults::default();
                    let mut problems = Diagnostics::default();
                    let mut params = Vec::with_capacity(node.outline().params().len());
                    for (at, param) in node.outline().params().iter().enumerate() {
                        let same = ours.iter().find(|own| own.name() == param.name() && !own.is_context());
                        let stands_in = same.map_or_else(
                            || Ok(param.clone()),
                            |own| defaults.stand_in(at, param, own, (&outline, node.outline())),
                        );
                        match stands_in {
                            Ok(param) => params.push(param),
                            Err(error) => problems.push(Spanned::new(error, Vec::new())),
                        }
                    }
                    problems.into_result(())?;
                    let takes = node.outline().params().iter().any(|param| param.access() == Access::Take);
                    let body = defaults.apply(node.body().clone());
                    (
                        params.into_iter().fold(outline, Outline::with_param),
                        Replacement::Called { body, takes },
                    )
                }
            };
            let name = outline.name().clone();
            made.push(Node::from_parts(outline, fall_back(FallbackCall { name, inner, other, own })));
        }
        Ok(made)
    }
}

/// Refuses a node that expands: the output of a fallback is one item.
fn check_single_output(node: &Node) -> Decorated<()> {
    if node.outline().expansion().is_none() {
        return Ok(());
    }
    let error = decorate_error(
        "ICO0407 conflicting-decorators",
        format!(
            "`fallback` on `{}` replaces an error by one value, but the node returns a sequence",
            node.name()
        ),
        "return a replacement sequence from the function itself, or write `on_error` for items that fail",
    );
    Err(error.into())
}

/// A call of a function that has a fallback.
struct FallbackCall {
    name: Name,
    inner: Body,
    other: Replacement,
    /// The number of parameters of `inner`. Those of the other function follow.
    own: usize,
}

/// The replacement of an error.
enum Replacement {
    Made(Arc<MakeOutput>),
    Called {
        body: Body,
        /// True if it takes a parameter by value.
        takes: bool,
    },
}

impl Replacement {
    fn is_async(&self) -> bool {
        matches!(self, Self::Called { body, .. } if body.asyncness() == Asyncness::Async)
    }
}

impl FallbackCall {
    /// Replaces the error of a sync function by a sync fallback.
    #[cold]
    fn fall_back_in_place(&self, error: NodeError, args: &mut Args<'_>) -> Result<(), NodeError> {
        replace_error(&self.name, error, &InRun, |error| self.replace_in_place(error, args))
    }

    fn replace_in_place(&self, error: &NodeError, args: &mut Args<'_>) -> Result<(), NodeError> {
        let (own, all) = (self.own, args.len());
        match &self.other {
            Replacement::Made(make) => {
                make(error, args.output());
                Ok(())
            }
            Replacement::Called { body, takes: false } => body.call(&mut args.part(own..all), &mut None),
            Replacement::Called { body, takes: true } => {
                // The first function is done with the parameters of both, so this one may move them.
                let mut held = HeldArgs::default();
                args.hold(&mut held);
                let outcome = body.call(&mut held.last_args().part(own..all), &mut None);
                args.output().move_from(&mut held.output());
                outcome
            }
        }
    }
}

/// The execution of a driver: it is cancelled by its context, and its hooks see the replaced error.
struct InRun;

impl FallbackHost for InRun {
    fn is_cancelled(&self) -> bool {
        Attempts::is_cancelled()
    }

    fn report(&self, error: NodeError) {
        Attempts::recover(error);
    }
}

/// Returns the body that calls a function, and replaces its error.
fn fall_back(call: FallbackCall) -> Body {
    if call.inner.asyncness() == Asyncness::Sync && !call.other.is_async() {
        let (inner, own) = (call.inner.clone(), call.own);
        return Body::erased(move |args| match inner.call(&mut args.part(0..own), &mut None) {
            Ok(()) => Ok(()),
            Err(error) => call.fall_back_in_place(error, args),
        });
    }
    let call = Arc::new(call);
    let in_place = Arc::clone(&call);
    Body::polled_task(
        move |args, task: &mut FallbackTask| {
            task.begin(&call, args);
            Ok(())
        },
        move |args, task: &mut FallbackTask, context| {
            // Most functions succeed without waiting, and then the arguments of the other function are not kept.
            let FallbackCall { inner, own, .. } = &*in_place;
            match inner.call_and_poll(&mut args.part(0..*own), &mut task.slots.first, context) {
                Poll::Ready(Ok(())) => Poll::Ready(Ok(())),
                Poll::Ready(Err(error)) if !in_place.other.is_async() => {
                    Poll::Ready(in_place.fall_back_in_place(error, args))
                }
                Poll::Ready(Err(error)) => {
                    task.continue_call(&in_place, args, Some(Err(error)));
                    task.poll_into(context, args.output())
                }
                Poll::Pending => {
                    task.continue_call(&in_place, args, None);
                    Poll::Pending
                }
            }
        },
    )
}

/// An async node with a fallback.
#[derive(Default)]
struct FallbackTask {
    call: Option<Arc<FallbackCall>>,
    falling_back: FallingBack,
    slots: Slots,
}

impl FallbackTask {
    /// Calls the first function, and keeps the arguments of the other one.
    fn begin(&mut self, call: &Arc<FallbackCall>, args: &mut Args<'_>) {
        let slots = &mut self.slots;
        let FallbackCall { inner, other, own, .. } = &**call;
        let is_sync = inner.asyncness() == Asyncness::Sync;
        let outcome = if let Replacement::Called { .. } = other {
            // The arguments of the other function are held over the call. The first function clones the parameters of both.
            args.hold(&mut slots.held);
            let outcome = inner.call(&mut slots.held.last_args().part(0..*own), &mut slots.first);
            if is_sync && outcome.is_ok() {
                slots.output.slot(0).move_from(&mut slots.held.output());
            }
            outcome
        } else {
            let outcome = inner.call(&mut args.part(0..*own), &mut slots.first);
            if is_sync && outcome.is_ok() {
                // The output is in the node's slot already, but a task fills the slot when it is done.
                slots.output.slot(0).move_from(&mut args.output());
            }
            outcome
        };
        self.call.get_or_insert_with(|| Arc::clone(call));
        self.falling_back = FallingBack::default();
        self.slots.outcome = if is_sync { Some(outcome) } else { outcome.err().map(Err) };
    }

    /// Keeps the arguments of the other function, after the first one was called in place.
    fn continue_call(
        &mut self,
        call: &Arc<FallbackCall>,
        args: &mut Args<'_>,
        outcome: Option<Result<(), NodeError>>,
    ) {
        if let Replacement::Called { .. } = call.other {
            args.hold(&mut self.slots.held);
        }
        self.call.get_or_insert_with(|| Arc::clone(call));
        self.falling_back = FallingBack::default();
        self.slots.outcome = outcome;
    }
}

/// The arguments, the tasks and the output of both functions.
struct Slots {
    held: HeldArgs,
    first: Option<Box<dyn Task>>,
    second: Option<Box<dyn Task>>,
    /// The outcome of the first function, if it is sync or could not begin.
    outcome: Option<Result<(), NodeError>>,
    /// The output of a sync function, or of a closure.
    output: Arena,
}

impl Default for Slots {
    fn default() -> Self {
        Self {
            held: HeldArgs::default(),
            first: None,
            second: None,
            outcome: None,
            output: Arena::with_slots(1),
        }
    }
}

/// The calls of a node that is polled.
struct PolledCalls<'a> {
    call: &'a FallbackCall,
    slots: &'a mut Slots,
}

impl FallbackCalls for PolledCalls<'_> {
    type Output = ();

    fn poll_first(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        match (self.slots.outcome.take(), &mut self.slots.first) {
            (Some(outcome), _) => Poll::Ready(outcome),
            (None, Some(task)) => task.poll(context),
            (None, None) => Poll::Ready(Ok(())),
        }
    }

    fn replace(&mut self, error: &NodeError) -> Option<Result<(), NodeError>> {
        let Slots { held, second, output, .. } = &mut *self.slots;
        match &self.call.other {
            Replacement::Made(make) => {
                make(error, output.slot(0));
                Some(Ok(()))
            }
            Replacement::Called { body, .. } => {
                let mut args = held.last_args();
                let all = args.len();
                let outcome = body.call(&mut args.part(self.call.own..all), second);
                if body.asyncness() == Asyncness::Async && outcome.is_ok() {
                    return None;
                }
                output.slot(0).move_from(&mut held.output());
                Some(outcome)
            }
        }
    }

    fn poll_second(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        self.slots.second.as_mut().map_or(Poll::Ready(Ok(())), |task| task.poll(context))
    }
}

impl Task for FallbackTask {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        let Self { call: Some(call), falling_back, slots } = self else { return Poll::Ready(Ok(())) };
        let mut calls = PolledCalls { call, slots };
        let outcome = ready!(falling_back.poll(&call.name, &InRun, &mut calls, context));
        self.slots.held.release();
        Poll::Ready(outcome)
    }

    fn deliver(&mut self, mut slot: Slot<'_>) {
        let Slots { first, second, output, .. } = &mut self.slots;
        match if self.falling_back.is_first() { first } else { second } {
            Some(task) => task.deliver(slot),
            None => slot.move_from(&mut output.slot(0)),
        }
    }

    fn cancel(&mut self) {
        let Slots { held, first, second, outcome, output } = &mut self.slots;
        first.iter_mut().chain(second).for_each(|task| task.cancel());
        *outcome = None;
        output.slot(0).clear();
        held.release();
        self.falling_back = FallingBack::default();
    }
}

impl fmt::Debug for Fallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fallback({})", self.gives())
    }
}
