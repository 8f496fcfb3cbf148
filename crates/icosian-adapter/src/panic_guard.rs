use std::panic::{AssertUnwindSafe, catch_unwind};

use icosian_core::NodeError;
use icosian_core::value::Arena;

/// Calls a function, and returns its panic as an error.
#[inline]
pub(crate) fn catch_panic<T>(call: impl FnOnce() -> Result<T, NodeError>) -> Result<T, NodeError> {
    // After a panic the run ends and its state is dropped, so no code reads a value that is half changed.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|payload| {
        let error = NodeError::panicked(&*payload);
        // A payload may panic again when it is dropped. It is leaked then.
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(payload)));
        dropped.map_err(std::mem::forget).ok();
        Err(error)
    })
}

/// Drops a value, and returns the panic of its destructor as an error.
pub(crate) fn drop_guarded<T>(value: T) -> Result<(), NodeError> {
    catch_panic(|| {
        drop(value);
        Ok(())
    })
}

/// Drops the value of a slot.
///
/// # Errors
/// The panic of its destructor.
pub(crate) fn clear_guarded(values: &mut Arena, at: usize) -> Result<(), NodeError> {
    catch_panic(|| {
        values.clear(at);
        Ok(())
    })
}

/// Drops all values. Panics of their destructors are ignored.
pub(crate) fn drop_values(values: &mut Arena) {
    for at in 0..values.len() {
        clear_guarded(values, at).ok();
    }
}
