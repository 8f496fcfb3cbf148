use std::time::Duration;

/// The waits between the attempts of one call.
///
/// Each wait is twice the last one, up to the longest. Jitter shortens each wait to a random time between half of the
/// wait and the whole wait ("equal jitter"), so a wait is never above the longest.
#[derive(Debug)]
pub(crate) struct Backoff {
    next: Duration,
    longest: Duration,
    jitter: Jitter,
}

/// The randomness of the waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Jitter {
    None,
    /// Each wait is a random time between half of the wait and the whole wait.
    Equal,
}

impl Backoff {
    pub(crate) fn new(shortest: Duration, longest: Duration, jitter: Jitter) -> Self {
        Self { next: shortest.min(longest), longest, jitter }
    }

    /// Returns the next wait.
    pub(crate) fn next(&mut self) -> Duration {
        let wait = self.next;
        self.next = wait.saturating_mul(2).min(self.longest);
        match self.jitter {
            Jitter::None => wait,
            Jitter::Equal => shorten(wait),
        }
    }
}

/// Returns a random time between half of `wait` and `wait`.
///
/// The generator belongs to the thread, and the operating system seeds it. So waits differ between nodes, executions and
/// processes.
fn shorten(wait: Duration) -> Duration {
    let half = wait / 2;
    // The product is rounded, so it may exceed the wait by a little.
    half.saturating_add(wait.saturating_sub(half).mul_f64(fastrand::f64())).min(wait)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::{Backoff, Jitter};

    proptest! {
        #[test]
        fn waits_stay_within_their_range(
            shortest in any::<u64>(), longest in any::<u64>(), has_jitter: bool, attempts in 1..80_u32,
        ) {
            let [shortest, longest] = [shortest.min(longest), shortest.max(longest)].map(Duration::from_nanos);
            let jitter = if has_jitter { Jitter::Equal } else { Jitter::None };
            let mut backoff = Backoff::new(shortest, longest, jitter);
            for attempt in 0..attempts {
                let factor = 2_u32.checked_pow(attempt).unwrap_or(u32::MAX);
                let full = shortest.saturating_mul(factor).min(longest);
                let wait = backoff.next();
                if has_jitter {
                    prop_assert!(full / 2 <= wait && wait <= full && wait <= longest, "{wait:?} of {full:?}");
                } else if attempt < 32 {
                    prop_assert_eq!(wait, full);
                }
            }
        }
    }

    #[test]
    fn jitter_differs_between_calls() {
        let waits = || {
            let mut backoff =
                Backoff::new(Duration::from_millis(100), Duration::from_secs(10), Jitter::Equal);
            [0; 4].map(|_| backoff.next())
        };
        assert_ne!(waits(), waits());
    }

    #[test]
    fn extreme_waits_do_not_overflow() {
        let mut backoff = Backoff::new(Duration::MAX, Duration::MAX, Jitter::Equal);
        for _ in 0..100 {
            let wait = backoff.next();
            assert!(Duration::MAX / 2 <= wait);
        }
        assert_eq!(Backoff::new(Duration::ZERO, Duration::MAX, Jitter::Equal).next(), Duration::ZERO);
    }
}
