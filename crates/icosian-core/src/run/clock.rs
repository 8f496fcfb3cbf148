use std::future::{Ready, ready};
use std::time::{Duration, Instant};

/// A clock whose waits are plain futures, for code that is generic over its runtime.
///
/// Compiled dataflows wait by it. A driver's executions have a [`Timer`](crate::run::Timer) instead, whose type is erased.
///
/// # Examples
/// ```
/// use icosian_core::run::Clock;
/// use std::future::{Ready, ready};
/// use std::time::{Duration, Instant};
///
/// /// Waits for nothing.
/// struct Impatient;
///
/// impl Clock for Impatient {
///     type Sleep = Ready<()>;
///
///     fn now(&self) -> Instant {
///         Instant::now()
///     }
///
///     fn sleep(&self, _: Duration) -> Ready<()> {
///         ready(())
///     }
/// }
/// # futures::executor::block_on(Impatient.sleep(Duration::from_secs(3600)));
/// ```
#[diagnostic::on_unimplemented(
    message = "a compiled dataflow needs a timer for `timeout`, and for `retry` with `backoff`",
    label = "no timer",
    note = "enable the feature `tokio` of `icosian`, or execute the dataflow with a driver"
)]
pub trait Clock {
    /// The future of a wait.
    type Sleep: Future<Output = ()> + Send;

    /// Returns the current time.
    fn now(&self) -> Instant;

    /// Returns a future that is ready after `time`.
    fn sleep(&self, time: Duration) -> Self::Sleep;
}

/// The clock of decorators that never wait.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Untimed;

impl Clock for Untimed {
    type Sleep = Ready<()>;

    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, _: Duration) -> Ready<()> {
        ready(())
    }
}
