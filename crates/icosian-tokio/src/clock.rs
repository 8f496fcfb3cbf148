use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use icosian_core::run::{Clock, Timer};
use tokio::task::coop::{Unconstrained, unconstrained};
use tokio::time::Sleep;

/// tokio's clock, for compiled dataflows: `timeout` and `retry` wait by the timer of the runtime that polls the function.
///
/// # Panics
/// A wait panics outside of a tokio runtime, and on a runtime without a timer (`enable_time`), as `tokio::time::sleep` does.
///
/// # Examples
/// ```
/// use icosian_core::run::Clock;
/// use icosian_tokio::TokioClock;
/// use std::time::Duration;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("the system can start threads");
/// # runtime.block_on(async {
/// let before = TokioClock.now();
/// TokioClock.sleep(Duration::from_millis(1)).await;
/// assert!(TokioClock.now() > before);
/// # });
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioClock;

impl Clock for TokioClock {
    // A body that uses up the cooperative budget must not keep its own timeout from firing.
    type Sleep = Unconstrained<Sleep>;

    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn sleep(&self, time: Duration) -> Self::Sleep {
        unconstrained(tokio::time::sleep(time))
    }
}

impl Timer for TokioClock {
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        if time.is_zero() {
            // Such a sleep can be ready at once, so it must use the budget: a loop over it would never yield.
            return Box::pin(tokio::time::sleep(time));
        }
        Box::pin(Clock::sleep(self, time))
    }

    fn now(&self) -> Instant {
        Clock::now(self)
    }
}
