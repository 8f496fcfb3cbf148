use std::num::NonZeroU32;

use icosian_core::decorator::{BuiltIn, DecorateContext, DecorateError, DecoratorSpec};
use icosian_core::run::{Quota, RateLimit, StartLimits};
use icosian_core::{Decorator, Name, Node, Outline};

use crate::decorate_errors::{Decorated, decorate_error};

#[cfg(test)]
mod tests;

/// Limits the starts of a node per time. All runs of an adapter share the budget of a name.
///
/// Starts are evenly spaced: a node with 300 starts per minute begins every 200 ms. [`burst`](Self::burst) allows more starts at
/// once after idle time. A quota that is set on the adapter takes precedence.
///
/// The node waits before its body begins. A [`Timeout`](crate::Timeout) on either side does not include the wait. Below
/// [`Retry`](crate::Retry), each attempt counts as a start; above it, all attempts count as one. Below [`Limit`](crate::Limit), the
/// node waits while it holds its permit; above it, the node waits before it acquires the permit.
///
/// # Errors
/// `build` returns an error in these cases:
///
/// - The decorator sets no rate, two rates or a rate of zero.
/// - The function has another rate limit.
/// - Two nodes declare different quotas for one name.
/// - The adapter does not support rate limits, or has no timer.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Caps, Config, Dataflow, Node, Outline};
/// use icosian_core::run::RateLimit;
/// use icosian_decorators::{LimitRate, apply};
///
/// let ask = Node::future(Outline::new("ask"), |_| async { Ok(1.5) });
/// let flow = Dataflow::new("flow").with_node(ask.with_decorator(LimitRate::new("llm").per_minute(300).burst(5)));
/// let adapter = AdapterSpec::new("tokio").polls_futures().with_caps(Caps::TIMER | Caps::RATE_LIMITS);
/// let nodes = apply(vec![flow], &Config::new(), &adapter)?;
/// let quota = nodes[0][0].outline().rate_limit().and_then(RateLimit::quota).unwrap();
/// assert_eq!(quota.to_string(), "300 per minute in bursts of 5");
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Debug)]
pub struct LimitRate {
    name: Name,
    per_second: Option<u32>,
    per_minute: Option<u32>,
    burst: u32,
}

impl LimitRate {
    /// Names the budget. A rate is required too.
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        Self { name: name.into(), per_second: None, per_minute: None, burst: 1 }
    }

    /// Sets the number of starts per second.
    #[must_use]
    pub fn per_second(self, starts: u32) -> Self {
        Self { per_second: Some(starts), ..self }
    }

    /// Sets the number of starts per minute.
    #[must_use]
    pub fn per_minute(self, starts: u32) -> Self {
        Self { per_minute: Some(starts), ..self }
    }

    /// Sets the number of starts at once after idle time. The default is 1.
    #[must_use]
    pub fn burst(self, starts: u32) -> Self {
        Self { burst: starts, ..self }
    }

    fn quota(&self, function: &Name) -> Result<Quota, DecorateError> {
        let refuse = |problem: &str, help: &'static str| {
            decorate_error(
                "ICO0407 conflicting-decorators",
                format!("`rate_limit` on `{function}` {problem}"),
                help,
            )
        };
        let (quota, starts): (fn(NonZeroU32) -> Quota, _) = match (self.per_second, self.per_minute) {
            (Some(starts), None) => (Quota::per_second, starts),
            (None, Some(starts)) => (Quota::per_minute, starts),
            (None, None) => return Err(refuse("sets no rate", "add `per_second` or `per_minute`")),
            (Some(_), Some(_)) => {
                return Err(refuse("sets two rates", "remove `per_second` or `per_minute`"));
            }
        };
        match (NonZeroU32::new(starts), NonZeroU32::new(self.burst)) {
            (Some(starts), Some(burst)) => Ok(quota(starts).with_burst(burst)),
            _ => Err(refuse("never starts the function", "set a rate and a burst of at least 1")),
        }
    }
}

/// Returns the name of the rate limit that a node or its attempts have already.
fn other(outline: &Outline) -> Option<&Name> {
    outline.limits().find_map(StartLimits::rate_limit).map(RateLimit::name)
}

/// Returns an instance for tests that run all decorators.
pub(crate) fn example() -> LimitRate {
    LimitRate::new("calls").per_second(1_000_000).burst(1_000)
}

impl Decorator for LimitRate {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::RateLimit.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, _: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let limit = |node: Node| {
            let quota = self.quota(node.name())?;
            if let Some(other) = other(node.outline()) {
                let problem = format!("`{}` has two rate limits, `{other}` and `{}`", node.name(), self.name);
                let help = "keep one `rate_limit` above the function";
                return Err(decorate_error("ICO0407 conflicting-decorators", problem, help).into());
            }
            let (outline, body) = node.into_parts();
            let rate_limit = RateLimit::new(self.name.clone()).with_quota(quota);
            Ok(Node::from_parts(outline.with_rate_limit(rate_limit), body))
        };
        nodes.into_iter().map(limit).collect()
    }
}
