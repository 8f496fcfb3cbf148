use crate::run::{Group, RateLimit};

/// The limits that a node, or one attempt of it, waits for before it starts.
///
/// If `limit` is above `rate_limit`, the node waits for the rate limit while it holds the permit of its group. Otherwise it
/// waits for the rate limit first, and then for the permit.
///
/// # Examples
/// ```
/// use icosian_core::Outline;
/// use icosian_core::run::{Group, RateLimit};
///
/// let ask = Outline::new("ask").with_group(Group::new("http")).with_rate_limit(RateLimit::new("llm"));
/// assert!(!ask.start_limits().is_some_and(|limits| limits.waits_with_permit()));
/// let ask = Outline::new("ask").with_rate_limit(RateLimit::new("llm")).with_group(Group::new("http"));
/// assert!(ask.start_limits().is_some_and(|limits| limits.waits_with_permit()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StartLimits {
    group: Option<Group>,
    rate_limit: Option<RateLimit>,
    waits_with_permit: bool,
}

impl StartLimits {
    /// Sets the group: the outer limit, until a rate limit is set.
    #[must_use]
    pub fn with_group(self, group: Group) -> Self {
        let waits_with_permit = self.rate_limit.is_some();
        Self { group: Some(group), waits_with_permit, ..self }
    }

    /// Sets the rate limit: the outer limit, until a group is set.
    #[must_use]
    pub fn with_rate_limit(self, rate_limit: RateLimit) -> Self {
        Self { rate_limit: Some(rate_limit), waits_with_permit: false, ..self }
    }

    /// Adds the limits of an outer `retry` that these limits lack.
    pub(crate) fn or(self, outer: Self) -> Self {
        Self {
            group: self.group.or(outer.group),
            rate_limit: self.rate_limit.or(outer.rate_limit),
            waits_with_permit: self.waits_with_permit || outer.waits_with_permit,
        }
    }

    /// Returns the group.
    #[must_use]
    pub fn group(&self) -> Option<&Group> {
        self.group.as_ref()
    }

    /// Returns the rate limit.
    #[must_use]
    pub fn rate_limit(&self) -> Option<&RateLimit> {
        self.rate_limit.as_ref()
    }

    /// Returns whether the node holds the permit of its group while it waits for the rate limit.
    #[must_use]
    pub fn waits_with_permit(&self) -> bool {
        self.waits_with_permit
    }
}
