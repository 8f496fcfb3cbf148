use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use crate::Name;

/// A budget of starts per time.
///
/// Starts are evenly spaced: one per [`interval`](Self::interval). A burst allows more starts at once after idle time. In any
/// period there are at most `starts + burst - 1` starts.
///
/// # Examples
/// ```
/// use icosian_core::run::Quota;
/// use std::num::NonZeroU32;
/// use std::time::Duration;
///
/// let quota = Quota::per_minute(NonZeroU32::new(300).expect("it is positive"));
/// assert_eq!(quota.interval(), Duration::from_millis(200));
/// assert_eq!(quota.to_string(), "300 per minute");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    starts: NonZeroU32,
    period: Duration,
    burst: NonZeroU32,
}

impl Quota {
    /// Returns a quota of `starts` per second, without bursts.
    #[must_use]
    pub const fn per_second(starts: NonZeroU32) -> Self {
        Self { starts, period: Duration::from_secs(1), burst: NonZeroU32::MIN }
    }

    /// Returns a quota of `starts` per minute, without bursts.
    #[must_use]
    pub const fn per_minute(starts: NonZeroU32) -> Self {
        Self { starts, period: Duration::from_mins(1), burst: NonZeroU32::MIN }
    }

    /// Sets the number of starts at once after idle time. The default is 1.
    #[must_use]
    pub const fn with_burst(self, burst: NonZeroU32) -> Self {
        Self { burst, ..self }
    }

    /// Returns the number of starts at once after idle time.
    #[must_use]
    pub const fn burst(self) -> NonZeroU32 {
        self.burst
    }

    /// Returns the time between two starts, at least a nanosecond.
    #[must_use]
    pub fn interval(self) -> Duration {
        (self.period / self.starts.get()).max(Duration::from_nanos(1))
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let period = if self.period.as_secs() == 1 { "second" } else { "minute" };
        write!(f, "{} per {period}", self.starts)?;
        match self.burst.get() {
            1 => Ok(()),
            burst => write!(f, " in bursts of {burst}"),
        }
    }
}

/// A named budget of node starts per time, shared by all runs of an adapter.
///
/// # Examples
/// ```
/// use icosian_core::Outline;
/// use icosian_core::run::{Quota, RateLimit};
/// use std::num::NonZeroU32;
///
/// let quota = Quota::per_second(NonZeroU32::new(5).expect("it is positive"));
/// let ask = Outline::new("ask").with_rate_limit(RateLimit::new("llm").with_quota(quota));
/// assert_eq!(ask.rate_limit().and_then(RateLimit::quota), Some(quota));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimit {
    name: Name,
    quota: Option<Quota>,
}

impl RateLimit {
    /// Returns the rate limit of this name. Without a quota, the adapter's quota applies.
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        Self { name: name.into(), quota: None }
    }

    /// Sets the quota. A quota that is set on the adapter takes precedence.
    #[must_use]
    pub fn with_quota(self, quota: Quota) -> Self {
        Self { quota: Some(quota), ..self }
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns the quota, if the node declares one.
    #[must_use]
    pub fn quota(&self) -> Option<Quota> {
        self.quota
    }
}
