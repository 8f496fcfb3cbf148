use icosian_core::RunContext;

/// The context of one call of a compiled dataflow. It is cancelled when the call fails or its future is dropped.
#[derive(Debug)]
pub struct CompiledRun {
    context: RunContext,
    has_succeeded: bool,
}

impl CompiledRun {
    /// Begins a call.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "each new context is another one")]
    pub fn new() -> Self {
        let context = RunContext::new();
        #[cfg(feature = "tokio")]
        let context = context.with_timer(std::sync::Arc::new(icosian_tokio::TokioClock));
        Self { context, has_succeeded: false }
    }

    /// Returns the context.
    #[must_use]
    pub fn context(&self) -> &RunContext {
        &self.context
    }

    /// Ends the call without cancelling the context.
    pub fn succeed(mut self) {
        self.has_succeeded = true;
    }
}

impl Drop for CompiledRun {
    fn drop(&mut self) {
        if !self.has_succeeded {
            self.context.cancel();
        }
    }
}
