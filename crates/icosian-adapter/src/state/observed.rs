//! The calls of bodies under the hooks, the span and the context of a run.

use icosian_core::RunContext;
use icosian_core::run::Attempts;

use crate::caller_span::CallerSpan;
use crate::state::State;
use crate::watch::Watcher;

impl State {
    /// Returns the run's context, if the run is watched.
    pub(crate) fn context(&self) -> Option<RunContext> {
        self.watch.as_ref().map(|watch| watch.watcher.context.clone())
    }

    /// Returns a watcher for a job that is polled elsewhere.
    pub(crate) fn watcher(&self) -> Option<Box<Watcher>> {
        self.watch.as_ref().map(|watch| Box::new(watch.watcher.clone()))
    }

    /// Calls a body, or polls its task, and keeps the reports of the decorators around it if there are hooks.
    #[inline]
    pub(crate) fn record<T>(&mut self, cell: usize, call: impl FnOnce(&mut Self) -> T) -> T {
        if !self.has_hooks() {
            return call(self);
        }
        let span = self.span(cell);
        let (output, attempts) = Attempts::record(|| span.in_scope(|| call(self)));
        self.keep_attempts(cell, attempts);
        output
    }

    /// Returns whether any hook observes the run.
    pub(crate) fn has_hooks(&self) -> bool {
        self.watch.as_ref().is_some_and(|watch| watch.watcher.has_hooks())
    }

    /// Returns the span in which the body of a step runs.
    pub(crate) fn span(&self, cell: usize) -> CallerSpan {
        self.watch.as_ref().map_or_else(CallerSpan::default, |watch| watch.watcher.span(cell))
    }

    /// Keeps the reports of the decorators around a body until hooks see its end.
    pub(crate) fn keep_attempts(&self, cell: usize, attempts: Attempts) {
        if let Some(watch) = &self.watch {
            watch.watcher.record(cell, attempts);
        }
    }
}
