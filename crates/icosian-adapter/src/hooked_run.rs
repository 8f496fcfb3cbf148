use icosian_core::Name;

use crate::hook::RunInfo;

/// The description of a run for async hooks.
pub(crate) struct HookedRun<'a> {
    /// The run, without the names of its outputs.
    pub(crate) run: RunInfo<'a>,
    pub(crate) outputs: Vec<Name>,
}

impl HookedRun<'_> {
    pub(crate) fn info(&self) -> RunInfo<'_> {
        RunInfo { outputs: &self.outputs, ..self.run }
    }
}
