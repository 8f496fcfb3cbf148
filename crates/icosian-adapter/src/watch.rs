//! The optional work beside the steps of a run: hooks, the context, collected failures.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use icosian_core::expand::{ItemError, ItemIndex};
use icosian_core::run::{Attempts, RunId};
use icosian_core::value::{Arena, ErasedRef};
use icosian_core::{BoxError, Name, RunContext};
use icosian_graph::{Graph, NodeId, Plan, Step};
use tracing::Span;

use crate::acceptance::Severity;
use crate::caller_span::CallerSpan;
use crate::executable::Executable;
use crate::hook::{Hook, ItemEnd, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo, SpanSource};
use crate::hook_failure::{HookFailure, call_guarded};
use crate::panic_guard::catch_panic;
use crate::run_abort::{AbortReason, RunAbort};

/// The reaction of an execution to the failure of a node.
///
/// # Examples
/// ```
/// use icosian_adapter::{ErrorPolicy, GraphAdapter, Program, Run, SyncAdapter};
/// use icosian_core::{Node, NodeError, Outline};
///
/// let broken = |name: &'static str| Node::sync(Outline::new(name), |_| Err::<u64, _>(NodeError::failed("no luck")));
/// let program = Program::new([broken("a"), broken("b")], ["a", "b"])?;
/// let mut run = Run::new(&program);
/// run.values_mut().set_error_policy(ErrorPolicy::CollectAll);
/// let ran = SyncAdapter.run(&mut run);
/// assert_eq!(run.values_mut().conclude(ran).unwrap_err().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorPolicy {
    /// The first failure ends the execution: running nodes are cancelled, and no further node starts.
    #[default]
    FailFast,
    /// Nodes that need no failed node still run. The execution then reports every failure.
    CollectAll,
}

/// The hooks of a driver, in the order in which they are called.
///
/// # Examples
/// ```
/// use icosian_adapter::{Hook, Hooks};
///
/// #[derive(Debug)]
/// struct Quiet;
/// impl Hook for Quiet {}
///
/// let hooks = Hooks::default().with(Quiet);
/// assert!(!hooks.is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Hooks(Arc<Vec<Arc<dyn Hook>>>);

impl Hooks {
    /// Adds a hook, which is called after the earlier ones.
    #[must_use]
    pub fn with(mut self, hook: impl Hook) -> Self {
        Arc::make_mut(&mut self.0).push(Arc::new(hook));
        self
    }

    /// Returns whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Creates the span of an execution or an item, if a hook has spans.
    fn create_span(&self, create: impl FnOnce(&dyn SpanSource) -> Span) -> Option<Span> {
        let source = self.0.iter().find_map(|hook| hook.spans())?;
        // A subscriber may panic. The run continues without the span.
        catch_panic(|| Ok(create(source))).ok()
    }

    /// Creates the span of a node inside the span of its run. Without a span of the run, no hook has spans.
    fn create_node_span(&self, run: Option<&Span>, info: &NodeInfo<'_>) -> Option<Span> {
        let run = CallerSpan::of(run?.clone());
        run.in_scope(|| self.create_span(|source| source.node_span(info)))
    }

    /// Calls all hooks, and returns the first failure.
    fn all(&self, call: impl Fn(&dyn Hook) -> Result<(), BoxError>) -> Result<(), RunAbort> {
        let failed = self.0.iter().filter_map(|hook| call_hook(&**hook, &call).err());
        failed.reduce(|first, _| first).map_or(Ok(()), Err)
    }

    /// Calls all hooks after the graph of a driver is built, and returns all failures.
    #[must_use]
    pub fn after_build(&self, graph: &Graph) -> Vec<HookFailure> {
        self.0.iter().filter_map(|hook| call_guarded(&**hook, |hook| hook.after_build(graph)).err()).collect()
    }

    /// Calls all hooks after an item of an expansion.
    ///
    /// # Errors
    /// The first failure of a hook.
    pub fn after_item(
        &self,
        run: RunId,
        items: &[ItemIndex],
        error: Option<&ItemError>,
    ) -> Result<(), RunAbort> {
        let end = ItemEnd { run, items, error };
        self.all(|hook| hook.after_item(&end))
    }

    /// Calls all hooks before a node. When one fails, the others get a cancelled end of the node.
    fn before_node(&self, info: &NodeInfo<'_>) -> Result<(), RunAbort> {
        let called: Vec<_> =
            self.0.iter().map(|hook| call_hook(&**hook, |hook| hook.before_node(info))).collect();
        if called.iter().all(Result::is_ok) {
            return Ok(());
        }
        let end =
            NodeEnd { outcome: NodeOutcome::Cancelled, time: Duration::ZERO, output: None, attempts: None };
        for (hook, _) in self.0.iter().zip(&called).filter(|(_, called)| called.is_ok()) {
            call_hook(&**hook, |hook| hook.after_node(info, &end)).ok();
        }
        called.into_iter().collect()
    }
}

/// Calls a hook during a run.
fn call_hook(hook: &dyn Hook, call: impl FnOnce(&dyn Hook) -> Result<(), BoxError>) -> Result<(), RunAbort> {
    call_guarded(hook, call).map_err(HookFailure::into_abort)
}

/// A shared hook is a hook.
impl<H: Hook + ?Sized> Hook for Arc<H> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn after_build(&self, graph: &Graph) -> Result<(), BoxError> {
        (**self).after_build(graph)
    }

    fn spans(&self) -> Option<&dyn SpanSource> {
        (**self).spans()
    }

    fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        (**self).before_run(run)
    }

    fn after_run(&self, run: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        (**self).after_run(run, end)
    }

    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        (**self).before_node(node)
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        (**self).after_node(node, end)
    }

    fn after_item(&self, item: &ItemEnd<'_>) -> Result<(), BoxError> {
        (**self).after_item(item)
    }
}

/// Calls the hooks of a run, and checks its cancellation. Each thread that executes steps has a clone.
#[derive(Clone)]
pub(crate) struct Watcher {
    pub(crate) context: RunContext,
    hooks: Hooks,
    graph: Arc<Graph>,
    /// The graph before drivers replaced its blocks.
    declared: Arc<Graph>,
    /// The name of the adapter; empty if it is unknown.
    adapter: &'static str,
    /// The item that the run computes; empty for the run of an execution.
    items: Arc<[ItemIndex]>,
    /// The requested outputs; empty without hooks.
    outputs: Arc<[Name]>,
    /// The span of the run or the item, if a hook has spans.
    span: Option<Span>,
    open: Arc<Mutex<Open>>,
}

/// Enters a span for the last time. Subscribers such as `tracing-opentelemetry` end a span when it was last exited.
fn end_span(span: Option<&Span>) {
    if let Some(span) = span {
        span.in_scope(|| {});
    }
}

/// The running nodes of a run with hooks, by step.
#[derive(Default)]
struct Open {
    nodes: Vec<Option<OpenNode>>,
    /// The time at which the last predecessor of each step ended, or the run began.
    ready: Vec<Instant>,
    /// Set when the run is over.
    is_closed: bool,
}

/// A node that has begun.
struct OpenNode {
    node: NodeId,
    began: Instant,
    queued: Duration,
    span: Option<Span>,
    /// The reports of the decorators around its body.
    attempts: Attempts,
}

impl Watcher {
    /// Returns whether any hook observes the run.
    pub(crate) fn has_hooks(&self) -> bool {
        !self.hooks.is_empty()
    }

    /// Sets the context. Waits that have begun continue on its clock.
    pub(crate) fn set_context(&mut self, context: RunContext) {
        if self.has_hooks() {
            let (before, after) = (self.context.now(), context.now());
            for ready in &mut self.open().ready {
                *ready = after.checked_sub(before.saturating_duration_since(*ready)).unwrap_or(after);
            }
        }
        self.context = context;
    }

    /// Calls the body of a step, or polls its task, under the run's context, and keeps the reports of its decorators.
    pub(crate) fn observe<T>(&self, cell: usize, call: impl FnOnce() -> T) -> T {
        Attempts::under(Some(&self.context), || {
            if !self.has_hooks() {
                return call();
            }
            let (output, attempts) = Attempts::record(|| self.span(cell).in_scope(call));
            self.record(cell, attempts);
            output
        })
    }

    /// Returns the span in which the body of a step runs.
    pub(crate) fn span(&self, cell: usize) -> CallerSpan {
        let Some(run) = &self.span else { return CallerSpan::default() };
        let open = self.open();
        let node = open.nodes.get(cell).and_then(|node| node.as_ref()?.span.as_ref());
        // A node without a span, or with a disabled one, runs in the span of its run.
        CallerSpan::of(node.filter(|span| !span.is_none()).unwrap_or(run).clone())
    }

    /// Keeps the reports of a step's decorators.
    pub(crate) fn record(&self, cell: usize, attempts: Attempts) {
        if attempts.is_empty() {
            return;
        }
        if let Some(Some(open)) = self.open().nodes.get_mut(cell) {
            open.attempts.add(attempts);
        }
    }

    /// Calls the hooks before a node; fails when the node must not run.
    pub(crate) fn before(&self, node: NodeId, step: Step) -> Result<(), RunAbort> {
        if self.context.is_cancelled() {
            return Err(RunAbort::cancelled(&self.context));
        }
        if self.hooks.is_empty() || self.is_hidden(node) {
            return Ok(());
        }
        let ready = self.open().ready.get(step.position()).copied();
        let queued =
            ready.map_or(Duration::ZERO, |ready| self.context.now().saturating_duration_since(ready));
        let info = self.info(node, queued, None);
        self.hooks.before_node(&info)?;
        let span = self.hooks.create_node_span(self.span.as_ref(), &info);
        let (began, attempts) = (self.context.now(), Attempts::default());
        let open_node = OpenNode { node, began, queued, span, attempts };
        let mut open = self.open();
        if !open.is_closed {
            open.nodes[step.position()] = Some(open_node);
            return Ok(());
        }
        drop(open);
        let open = open_node;
        self.call_after(&open, NodeOutcome::Cancelled, None).ok();
        Err(RunAbort::cancelled(&self.context))
    }

    /// Calls the hooks after a node. Only the first of several ends of a node counts.
    pub(crate) fn after(
        &self,
        step: Step,
        outcome: NodeOutcome<'_>,
        output: Option<ErasedRef<'_>>,
    ) -> Result<(), RunAbort> {
        if self.hooks.is_empty() {
            return Ok(());
        }
        let open = self.open().nodes.get_mut(step.position()).and_then(Option::take);
        open.map_or(Ok(()), |open| self.call_after(&open, outcome, output))
    }

    fn call_after(
        &self,
        open: &OpenNode,
        outcome: NodeOutcome<'_>,
        output: Option<ErasedRef<'_>>,
    ) -> Result<(), RunAbort> {
        let info = self.info(open.node, open.queued, open.span.as_ref());
        let time = self.context.now().saturating_duration_since(open.began);
        let end = NodeEnd { outcome, time, output, attempts: Some(&open.attempts) };
        let called = self.hooks.all(|hook| hook.after_node(&info, &end));
        end_span(open.span.as_ref());
        called
    }

    /// Records that the value of `cell` exists or is lost. Steps that wait for no other cell are now ready.
    pub(crate) fn release(&self, plan: &Plan, cell: usize) {
        if self.hooks.is_empty() {
            return;
        }
        let now = self.context.now();
        let mut open = self.open();
        for step in plan.followers(cell) {
            if let Some(ready) = open.ready.get_mut(step.position()) {
                *ready = now;
            }
        }
    }

    /// Returns whether hooks do not see the node, because a driver added it to run a block.
    fn is_hidden(&self, node: NodeId) -> bool {
        self.graph.outline(node).block_part().is_some()
    }

    fn call_skipped(&self, node: NodeId) -> Result<(), RunAbort> {
        if self.is_hidden(node) {
            return Ok(());
        }
        let span = self.hooks.create_node_span(self.span.as_ref(), &self.info(node, Duration::ZERO, None));
        let info = self.info(node, Duration::ZERO, span.as_ref());
        let outcome = NodeOutcome::Skipped;
        let end = NodeEnd { outcome, time: Duration::ZERO, output: None, attempts: None };
        self.hooks.all(|hook| hook.after_node(&info, &end))
    }

    /// Closes the run, and returns the nodes that are still running.
    fn close(&self) -> Vec<OpenNode> {
        let mut open = self.open();
        open.is_closed = true;
        std::mem::take(&mut open.nodes).into_iter().flatten().collect()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn info<'a>(&'a self, node: NodeId, queued: Duration, span: Option<&'a Span>) -> NodeInfo<'a> {
        let outline = self.graph.outline(node);
        NodeInfo { run: self.context.id(), outline, items: &self.items, queued, span }
    }

    fn run(&self) -> RunInfo<'_> {
        let (graph, outputs, span) = (&self.declared, &self.outputs, self.span.as_ref());
        RunInfo { id: self.context.id(), graph, adapter: self.adapter, outputs, inputs: None, span }
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Watcher({:?})", self.context)
    }
}

/// Records for hooks that the steps which wait only for `cell` are ready.
pub(crate) fn mark_ready(watch: Option<&Watch>, plan: &Plan, cell: usize) {
    if let Some(watch) = watch {
        watch.watcher.release(plan, cell);
    }
}

/// The wanted outputs of a run at its end: all are stored, or some are missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputState {
    Complete,
    Missing,
}

/// The state of a watched run.
pub(crate) struct Watch {
    pub(crate) watcher: Watcher,
    pub(crate) policy: ErrorPolicy,
    /// The failures so far, when the run continues after a failure.
    pub(crate) failures: Vec<RunAbort>,
    /// A failure that ends the run before the next step: usually that of a hook.
    broken: Option<RunAbort>,
    /// Set between `before_run` and `after_run`.
    has_called_before_run: bool,
    has_failed: bool,
    has_ended: bool,
}

/// Returns the names of the outputs that a run computes.
pub(crate) fn requested(executable: &Executable) -> impl Iterator<Item = Name> + '_ {
    let plan = executable.plan();
    plan.wanted().iter().filter_map(|cell| {
        let cell = *cell as usize;
        let input =
            || plan.inputs().iter().find(|input| input.cell() == cell).map(|input| input.name().clone());
        plan.step(cell).map(|step| executable.outline(step).name().clone()).or_else(input)
    })
}

impl Watch {
    pub(crate) fn new(executable: &Executable, context: RunContext) -> Self {
        let (graph, declared) = (Arc::clone(executable.graph()), Arc::clone(executable.declared()));
        let watcher = Watcher {
            context,
            hooks: Hooks::default(),
            graph,
            declared,
            adapter: executable.adapter(),
            items: Arc::default(),
            outputs: Arc::default(),
            span: None,
            open: Arc::default(),
        };
        Self {
            watcher,
            policy: ErrorPolicy::FailFast,
            failures: Vec::new(),
            broken: None,
            has_called_before_run: false,
            has_failed: false,
            has_ended: false,
        }
    }

    /// Returns whether a node, an input or a hook has failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.has_failed || self.broken.is_some()
    }

    /// Adds hooks, and calls them before the run. `values` contain the inputs.
    pub(crate) fn observe(
        &mut self,
        executable: &Executable,
        hooks: &Hooks,
        values: &Arena,
    ) -> Result<(), RunAbort> {
        self.add_hooks(executable, hooks);
        self.watcher.outputs = requested(executable).collect();
        self.has_called_before_run = true;
        self.watcher.span = hooks.create_span(|source| source.run_span(&self.watcher.run()));
        let info = RunInfo { inputs: Some((executable.plan(), values)), ..self.watcher.run() };
        hooks.all(|hook| hook.before_run(&info)).inspect_err(|_| self.has_failed = true)
    }

    /// Observes a run that computes an item of another run. Its hooks do not see the run itself.
    pub(crate) fn observe_item(&mut self, executable: &Executable, hooks: &Hooks, items: Arc<[ItemIndex]>) {
        self.watcher.items = items;
        if !hooks.is_empty() {
            self.add_hooks(executable, hooks);
            let (run, items) = (self.watcher.context.id(), &self.watcher.items);
            self.watcher.span = hooks.create_span(|source| source.item_span(run, items));
        }
    }

    fn add_hooks(&mut self, executable: &Executable, hooks: &Hooks) {
        let (steps, now) = (executable.plan().steps().len(), self.watcher.context.now());
        let mut open = self.watcher.open();
        open.nodes.resize_with(steps, || None);
        open.ready.resize(steps, now);
        drop(open);
        self.watcher.hooks = hooks.clone();
    }

    /// Calls the hooks before a step; fails when the step must not run.
    pub(crate) fn before(&mut self, executable: &Executable, step: Step) -> Result<(), RunAbort> {
        if let Some(broken) = self.broken.take() {
            return Err(broken);
        }
        self.watcher.before(executable.plan().node(step), step)
    }

    /// Ends the run after a failure, or stores the failure and continues. Survivable failures are reported only if another failure
    /// is fatal.
    pub(crate) fn fail(&mut self, abort: RunAbort, severity: Severity) -> Result<(), RunAbort> {
        self.has_failed |= severity == Severity::Fatal;
        if matches!(abort.reason(), AbortReason::Hook { .. }) {
            return Err(abort);
        }
        match (self.policy, severity) {
            (ErrorPolicy::FailFast, Severity::Fatal) => Err(abort),
            (ErrorPolicy::FailFast, Severity::Survivable) => Ok(()),
            (ErrorPolicy::CollectAll, _) => {
                self.failures.push(abort);
                Ok(())
            }
        }
    }

    /// Ends the run before the next step, or stores the failure and continues.
    pub(crate) fn fail_later(&mut self, abort: RunAbort) {
        if let Err(abort) = self.fail(abort, Severity::Fatal) {
            self.broken.get_or_insert(abort);
        }
    }

    /// Stores the failure of a hook after the failure of a node. The run ends, and reports both.
    pub(crate) fn fail_hook(&mut self, hook: RunAbort) {
        self.has_failed = true;
        self.broken.get_or_insert(hook);
    }

    /// Returns the failure of a hook that has to end the run.
    pub(crate) fn check_hooks(&mut self) -> Result<(), RunAbort> {
        self.broken.take().map_or(Ok(()), Err)
    }

    /// Cancels all nodes that are still running, because the run ends.
    pub(crate) fn abort(&mut self, abort: &RunAbort) {
        self.has_failed |= !matches!(abort.reason(), AbortReason::Cancelled);
        self.watcher.context.cancel();
    }

    /// Calls the hooks for a step that cannot run.
    pub(crate) fn skip(&mut self, executable: &Executable, step: Step) {
        if let Err(hook) = self.watcher.call_skipped(executable.plan().node(step)) {
            self.fail_hook(hook);
        }
    }

    /// Ends the run: succeeds when all outputs exist, and otherwise returns the reasons.
    pub(crate) fn conclude(
        &mut self,
        ran: Result<(), RunAbort>,
        outputs: OutputState,
    ) -> Result<(), Vec<RunAbort>> {
        let mut aborts = std::mem::take(&mut self.failures);
        if !self.has_failed {
            // Every failure so far was accepted.
            aborts.clear();
        }
        let is_cancelled = aborts.is_empty()
            && ran.as_ref().is_err_and(|abort| matches!(abort.reason(), AbortReason::Cancelled));
        aborts.extend(ran.err());
        aborts.extend(self.broken.take());
        if aborts.is_empty() && outputs == OutputState::Complete {
            self.has_ended = true;
            if std::mem::take(&mut self.has_called_before_run) {
                let info = self.watcher.run();
                let called = self.watcher.hooks.all(|hook| hook.after_run(&info, RunEnd::Succeeded));
                aborts.extend(called.err());
            }
            end_span(self.watcher.span.as_ref());
        } else {
            self.has_failed |= !is_cancelled;
        }
        if aborts.is_empty() { Ok(()) } else { Err(aborts) }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        self.watcher.context.cancel();
        // The run has ended, so errors of hooks have no effect.
        for open in self.watcher.close() {
            self.watcher.call_after(&open, NodeOutcome::Cancelled, None).ok();
        }
        if self.has_called_before_run {
            let end =
                if self.has_failed || std::thread::panicking() { RunEnd::Failed } else { RunEnd::Cancelled };
            let info = self.watcher.run();
            self.watcher.hooks.all(|hook| hook.after_run(&info, end)).ok();
        }
        end_span(self.watcher.span.as_ref());
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Watch({:?})", self.watcher.context)
    }
}
