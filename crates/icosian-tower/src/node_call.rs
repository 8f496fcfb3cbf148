use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use icosian_core::expand::ItemIndex;
use icosian_core::node::{Access, Body, HeldArgs, HeldCall};
use icosian_core::run::{Attempts, RunId};
use icosian_core::{Name, NodeError, Outline, RunContext};

/// A call of a node: the request of a [`NodeService`](crate::NodeService).
///
/// It contains the arguments of the call. A clone contains the same arguments, so a layer can call the node again, as `tower::retry` does.
/// Each call of a clone then receives clones of the function's by-value arguments. A value that is not `Clone` moves to the first call, and
/// further calls fail.
///
/// # Examples
/// ```
/// use icosian_tower::NodeCall;
///
/// /// Returns the text of a log line.
/// fn describe(call: &NodeCall) -> String {
///     format!("{} {} (call {})", call.run(), call.id(), call.calls() + 1)
/// }
/// ```
#[derive(Clone)]
pub struct NodeCall {
    state: Arc<CallState>,
}

/// A node with layers: its outline and its body without them.
#[derive(Debug)]
pub(crate) struct CalledNode {
    pub(crate) outline: Outline,
    pub(crate) body: Body,
    /// The first by-value parameter whose type is not `Clone`.
    moved: Option<Name>,
}

impl CalledNode {
    pub(crate) fn new(outline: Outline, body: Body) -> Self {
        let mut params = outline.params().iter();
        let moved = params
            .find(|param| param.access() == Access::Take && !param.is_cloneable() && !param.is_context())
            .map(|param| param.name().clone());
        Self { outline, body, moved }
    }
}

struct CallState {
    node: Arc<CalledNode>,
    context: RunContext,
    /// `None` after a call has moved the arguments.
    args: Mutex<Option<HeldArgs>>,
    calls: AtomicUsize,
}

/// The error of a second call of a node that consumes an argument.
#[derive(Debug, thiserror::Error)]
#[error("a layer calls node `{node}` again, but the first call consumed `{param}`, which is not `Clone`")]
struct ArgumentConsumed {
    node: Name,
    param: Name,
}

impl NodeCall {
    pub(crate) fn new(node: Arc<CalledNode>, context: RunContext, args: HeldArgs) -> Self {
        let (args, calls) = (Mutex::new(Some(args)), AtomicUsize::new(0));
        Self { state: Arc::new(CallState { node, context, args, calls }) }
    }

    /// Returns the node's outline: name, source location, parameters, tags and output type.
    #[must_use]
    pub fn outline(&self) -> &Outline {
        &self.state.node.outline
    }

    /// Returns the number of the execution.
    #[must_use]
    pub fn run(&self) -> RunId {
        self.state.context.id()
    }

    /// Returns the item of an expansion for which the node runs; empty for a node that runs once. In nested expansions the
    /// outermost item is the first.
    #[must_use]
    pub fn items(&self) -> &[ItemIndex] {
        self.state.context.items()
    }

    /// Returns the name of the node with its items, as in `url[3].score`.
    #[must_use]
    pub fn id(&self) -> String {
        let items = self.items().iter().map(|item| format!("{}[{}].", item.expansion(), item.index()));
        items.chain([self.outline().name().to_string()]).collect()
    }

    /// Returns the context of the execution, with its deadline and its cancellation.
    #[must_use]
    pub fn context(&self) -> &RunContext {
        &self.state.context
    }

    /// Returns the number of calls of the node, by this call and its clones.
    #[must_use]
    pub fn calls(&self) -> usize {
        // The counter orders no other memory.
        self.state.calls.load(Ordering::Relaxed)
    }

    pub(crate) fn node(&self) -> &Arc<CalledNode> {
        &self.state.node
    }

    /// Returns the call of the body.
    ///
    /// # Errors
    /// The execution is over, or an earlier call has consumed an argument.
    pub(crate) fn begin(self) -> Result<HeldCall, NodeError> {
        self.state.context.check()?;
        if self.state.calls.fetch_add(1, Ordering::Relaxed) > 0 {
            Attempts::repeat();
        }
        let body = self.state.node.body.clone();
        Ok(HeldCall::new(body, self.take_args()?))
    }

    /// Moves the arguments out of the last clone, and shares the arguments of other clones.
    fn take_args(self) -> Result<HeldArgs, NodeError> {
        let state = match Arc::try_unwrap(self.state) {
            Ok(CallState { node, args, .. }) => {
                let args = args.into_inner().unwrap_or_else(PoisonError::into_inner);
                return args.ok_or_else(|| consumed(&node));
            }
            Err(state) => state,
        };
        let mut args = state.args.lock().unwrap_or_else(PoisonError::into_inner);
        if state.node.moved.is_some() {
            return args.take().ok_or_else(|| consumed(&state.node));
        }
        let mut shared = HeldArgs::default();
        args.as_mut().ok_or_else(|| consumed(&state.node))?.args().hold(&mut shared);
        Ok(shared)
    }
}

fn consumed(node: &CalledNode) -> NodeError {
    let param = node.moved.clone().unwrap_or_else(|| Name::new("its arguments"));
    ArgumentConsumed { node: node.outline.name().clone(), param }.into()
}

impl fmt::Debug for NodeCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NodeCall({}, {})", self.run(), self.id())
    }
}
