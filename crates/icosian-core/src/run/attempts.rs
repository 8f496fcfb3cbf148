use std::cell::{Cell, RefCell};

use crate::{NodeError, RunContext};

/// The attempts of a node, as the decorators around its function report them.
///
/// A decorator that calls a function again, or replaces its error, reports it with [`retry`](Self::retry) or
/// [`recover`](Self::recover). The run that called the body collects the reports with [`record`](Self::record) and passes
/// them to its hooks. The channel is a value of the current thread: a body that does not fail pays nothing for it.
///
/// # Examples
/// ```
/// use icosian_core::NodeError;
/// use icosian_core::run::Attempts;
///
/// let (output, attempts) = Attempts::record(|| {
///     Attempts::retry(NodeError::failed("no route"));
///     "rates"
/// });
/// assert_eq!((output, attempts.count()), ("rates", 2));
/// assert_eq!(attempts.recovered_from().map(ToString::to_string).as_deref(), Some("no route"));
/// ```
#[derive(Debug, Default)]
pub struct Attempts {
    retries: usize,
    recovered_from: Option<NodeError>,
}

thread_local! {
    /// The context of the run whose node is called on this thread.
    static CONTEXT: RefCell<Option<RunContext>> = const { RefCell::new(None) };
    /// The reports of the node that is called on this thread, if its run records them.
    static REPORTS: RefCell<Option<Attempts>> = const { RefCell::new(None) };
    /// Set if one of the others is set.
    static IS_SET: Cell<bool> = const { Cell::new(false) };
}

impl Attempts {
    /// Returns how often the function was called. It is 1 without `retry`.
    #[must_use]
    pub fn count(&self) -> usize {
        self.retries.saturating_add(1)
    }

    /// Returns the last error that a decorator replaced.
    #[must_use]
    pub fn recovered_from(&self) -> Option<&NodeError> {
        self.recovered_from.as_ref()
    }

    /// Returns whether no decorator reported anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.retries == 0 && self.recovered_from.is_none()
    }

    /// Adds the reports of a later poll of the same node.
    pub fn add(&mut self, later: Self) {
        self.retries = self.retries.saturating_add(later.retries);
        self.recovered_from = later.recovered_from.or(self.recovered_from.take());
    }

    /// Reports that the function is called again after it failed with `error`.
    pub fn retry(error: NodeError) {
        Self::report(Self { retries: 1, recovered_from: Some(error) });
    }

    /// Reports that the function failed with `error`, and that the node has another output.
    pub fn recover(error: NodeError) {
        Self::report(Self { retries: 0, recovered_from: Some(error) });
    }

    /// Reports a repeated call by a wrapper that does not know the error of the last call.
    pub fn repeat() {
        Self::report(Self { retries: 1, recovered_from: None });
    }

    /// Reports the attempts that were recorded on another thread.
    pub fn forward(self) {
        if !self.is_empty() {
            Self::report(self);
        }
    }

    fn report(later: Self) {
        let mut later = Some(later);
        // The errors are dropped after the borrow, because their destructors may execute another dataflow.
        let replaced = REPORTS
            .try_with(|reports| {
                let mut reports = reports.borrow_mut();
                let (reports, later) = (reports.as_mut()?, later.take()?);
                let replaced = reports.recovered_from.take();
                reports.add(later);
                replaced
            })
            .ok();
        drop((replaced, later));
    }

    /// Calls a body, or polls its task, and returns the reports of the decorators around it.
    pub fn record<T>(call: impl FnOnce() -> T) -> (T, Self) {
        let mut entered =
            NodeScope::new(|| REPORTS.try_with(|it| it.replace(Some(Self::default()))).ok().flatten());
        let output = call();
        (output, entered.leave())
    }

    /// Calls nodes of a run with this context, or of a run without any.
    #[inline]
    pub fn under<T>(context: Option<&RunContext>, call: impl FnOnce() -> T) -> T {
        if context.is_none() && !IS_SET.try_with(Cell::get).unwrap_or_default() {
            return call();
        }
        let _outer = RunScope::set(context.cloned());
        call()
    }

    /// Returns whether the run that calls the body is cancelled, so that decorators call no function any more.
    #[must_use]
    pub fn is_cancelled() -> bool {
        CONTEXT
            .try_with(|context| context.borrow().as_ref().is_some_and(RunContext::is_cancelled))
            .unwrap_or_default()
    }
}

/// Restores the reports of the outer node, after a node of an inner run was called.
struct NodeScope {
    outer: Option<Attempts>,
    was_set: bool,
    has_left: bool,
}

impl NodeScope {
    fn new(enter: impl FnOnce() -> Option<Attempts>) -> Self {
        let was_set = IS_SET.try_with(|it| it.replace(true)).unwrap_or_default();
        Self { outer: enter(), was_set, has_left: false }
    }

    fn leave(&mut self) -> Attempts {
        if std::mem::replace(&mut self.has_left, true) {
            return Attempts::default();
        }
        let outer = self.outer.take();
        IS_SET.try_with(|it| it.set(self.was_set)).ok();
        REPORTS.try_with(|it| it.replace(outer)).ok().flatten().unwrap_or_default()
    }
}

impl Drop for NodeScope {
    fn drop(&mut self) {
        // After a panic of the body.
        drop(self.leave());
    }
}

/// Restores the context and the reports of the outer run.
struct RunScope {
    context: Option<RunContext>,
    reports: Option<Attempts>,
    was_set: bool,
}

impl RunScope {
    fn set(context: Option<RunContext>) -> Self {
        let was_set = IS_SET.try_with(|it| it.replace(context.is_some())).unwrap_or_default();
        Self {
            context: CONTEXT.try_with(|it| it.replace(context)).ok().flatten(),
            reports: REPORTS.try_with(RefCell::take).ok().flatten(),
            was_set,
        }
    }
}

impl Drop for RunScope {
    fn drop(&mut self) {
        let (context, reports) = (self.context.take(), self.reports.take());
        let inner = CONTEXT.try_with(|it| it.replace(context)).ok();
        let lost = REPORTS.try_with(|it| it.replace(reports)).ok();
        IS_SET.try_with(|it| it.set(self.was_set)).ok();
        drop((inner, lost));
    }
}

#[cfg(test)]
mod tests {
    use super::Attempts;
    use crate::{NodeError, RunContext};

    fn error() -> NodeError {
        NodeError::failed("no luck")
    }

    #[test]
    fn inner_run_reports_nothing_to_outer_node() {
        let context = RunContext::new();
        let outer = Attempts::under(Some(&context), || {
            Attempts::record(|| {
                Attempts::retry(error());
                // A run without hooks, within the body.
                Attempts::under(None, || Attempts::retry(error()));
                // And one with hooks.
                let inner = Attempts::under(Some(&RunContext::new()), || {
                    Attempts::record(|| Attempts::recover(error())).1
                });
                assert_eq!((inner.count(), inner.recovered_from().is_some()), (1, true));
                Attempts::retry(error());
            })
        });
        assert_eq!(outer.1.count(), 3);
        assert!(Attempts::record(|| ()).1.is_empty());
    }

    #[test]
    fn inner_run_does_not_see_outer_cancellation() {
        let context = RunContext::new();
        context.cancel();
        Attempts::under(Some(&context), || {
            assert!(Attempts::is_cancelled());
            assert!(!Attempts::under(None, Attempts::is_cancelled));
            assert!(Attempts::is_cancelled());
        });
        assert!(!Attempts::is_cancelled());
    }

    #[test]
    fn panic_restores_outer_reports() {
        let outer = Attempts::record(|| {
            Attempts::retry(error());
            let inner = std::panic::catch_unwind(|| {
                Attempts::record(|| -> () {
                    Attempts::retry(error());
                    std::panic::resume_unwind(Box::new(()));
                })
            });
            assert!(inner.is_err());
        });
        assert_eq!(outer.1.count(), 2);
    }
}
