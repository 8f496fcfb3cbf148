use icosian_adapter::{ErrorPolicy, Hooks, RunAbort, Values};
use icosian_core::RunContext;

/// The hooks and the error policy of all executions of a driver.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunOptions {
    pub(crate) hooks: Hooks,
    pub(crate) policy: ErrorPolicy,
}

impl RunOptions {
    /// Applies the options and the caller's context to a run before the adapter gets it.
    pub(crate) fn apply(&self, run: &mut Values<'_>, context: Option<RunContext>) -> Result<(), RunAbort> {
        if let Some(context) = context {
            // A failed execution cancels its own nodes only, not the caller's context.
            run.set_context(context.for_execution());
        }
        run.set_error_policy(self.policy);
        run.observe(&self.hooks)
    }
}
