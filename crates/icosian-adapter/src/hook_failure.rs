use icosian_core::BoxError;

use crate::hook::Hook;
use crate::panic_guard::catch_panic;
use crate::run_abort::RunAbort;

/// The failure of a hook, which returned an error or panicked.
#[derive(Debug)]
pub struct HookFailure {
    hook: String,
    error: BoxError,
}

impl HookFailure {
    /// Returns the name of the hook.
    #[must_use]
    pub fn hook(&self) -> &str {
        &self.hook
    }

    pub(crate) fn into_abort(self) -> RunAbort {
        RunAbort::hook(self.hook, self.error)
    }

    /// Returns the error.
    #[must_use]
    pub fn error(&self) -> &BoxError {
        &self.error
    }
}

/// Calls a hook; a panic counts as its failure.
pub(crate) fn call_guarded(
    hook: &dyn Hook,
    call: impl FnOnce(&dyn Hook) -> Result<(), BoxError>,
) -> Result<(), HookFailure> {
    let mut error = None;
    let panicked = catch_panic(|| {
        error = call(hook).err();
        Ok(())
    });
    let error = match panicked {
        Ok(()) => match error {
            None => return Ok(()),
            Some(error) => error,
        },
        Err(panicked) => format!("it panicked: {panicked}").into(),
    };
    let name = catch_panic(|| Ok(hook.name().to_owned()));
    Err(HookFailure { hook: name.unwrap_or_else(|_| "a hook whose name panics".to_owned()), error })
}
