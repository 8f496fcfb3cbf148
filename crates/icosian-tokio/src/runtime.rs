//! The check of the current runtime against the needs of a run, before any node runs.

use std::panic::catch_unwind;
use std::time::Duration;

use icosian_adapter::RunAbort;
use icosian_core::Caps;
use tokio::runtime::Handle;

/// The abilities that come from a tokio runtime.
pub(crate) const PROVIDES: Caps = Caps::THREADS.with(Caps::TASKS).with(Caps::TIMER);

/// Refuses a run whose needs the current runtime does not meet.
pub(crate) fn check(needs: Caps) -> Result<(), RunAbort> {
    if Handle::try_current().is_err() {
        return Err(RunAbort::runtime(
            format!("there is no tokio runtime, but the dataflow requires {needs}"),
            "await the execution within a runtime: in `#[tokio::main]`, `#[tokio::test]` or `Runtime::block_on`",
        ));
    }
    if needs.contains(Caps::TIMER) && !has_timer() {
        return Err(RunAbort::runtime(
            "the tokio runtime has no timer, but the dataflow requires one",
            "build the runtime with `Builder::enable_time` or `Builder::enable_all`",
        ));
    }
    Ok(())
}

/// Returns whether the current runtime has a timer.
fn has_timer() -> bool {
    // tokio has no other way to ask. Creating a `Sleep` does not register it with the timer, so it costs little. Where it
    // panics, the panic hook runs too: replacing the hook of the process would be worse than its message.
    catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))).is_ok()
}
