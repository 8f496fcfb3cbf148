use std::fmt;

use crate::decorator::DecoratorSpec;
use crate::node::Asyncness;
use crate::{AdapterSpec, Caps};

/// The result of [`judge`]: the degree to which an adapter supports a decorated function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All decorators work as documented.
    Fine,
    /// The outputs are correct, but a decorator lacks capabilities that it uses.
    Degraded {
        /// The decorator that uses the missing capabilities.
        by: &'static str,
        /// The missing capabilities.
        missing: Caps,
    },
    /// The function cannot run as declared.
    Unsupported {
        /// The decorator that requires the missing capabilities, or `async fn`.
        by: &'static str,
        /// The missing capabilities.
        missing: Caps,
    },
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fine => f.write_str("fine"),
            Self::Degraded { by, missing } => {
                write!(f, "`{by}` has partial support: {}", missing.reduced_effect())
            }
            Self::Unsupported { by, missing } => write!(f, "`{by}` requires {missing}"),
        }
    }
}

/// The name in a [`Verdict`] when the function itself, being async, lacks a capability.
pub(crate) const ASYNC: &str = "async fn";

/// Determines whether an adapter supports a function with its decorators, innermost first.
///
/// The fold starts with the capabilities of the adapter, reduced for sync functions. Each decorator is checked against the
/// current capabilities, then adds the capabilities it provides and removes others. A decorator that lacks a capability
/// that it uses provides none.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Caps};
/// use icosian_core::decorator::{DecoratorSpec, Phase, Verdict, judge};
/// use icosian_core::node::Asyncness;
///
/// let timeout = DecoratorSpec::new("timeout", Phase::Wrap).requires(Caps::TIMER | Caps::INTERRUPT);
/// let adapter = AdapterSpec::new("tokio").polls_futures().with_caps(Caps::TIMER);
/// assert_eq!(judge(Asyncness::Async, [&timeout], &adapter), Verdict::Fine);
///
/// // A running sync function cannot be interrupted.
/// let sync = judge(Asyncness::Sync, [&timeout], &adapter);
/// assert_eq!(sync, Verdict::Unsupported { by: "timeout", missing: Caps::INTERRUPT });
/// ```
#[must_use]
pub fn judge<'a>(
    asyncness: Asyncness,
    decorators: impl IntoIterator<Item = &'a DecoratorSpec>,
    adapter: &AdapterSpec,
) -> Verdict {
    let granted = adapter.grants();
    let mut there = match asyncness {
        Asyncness::Sync => granted.without(Caps::INTERRUPT),
        Asyncness::Async if granted.contains(Caps::POLL) => granted.with(Caps::INTERRUPT),
        Asyncness::Async => return Verdict::Unsupported { by: ASYNC, missing: Caps::POLL },
    };
    let mut verdict = Verdict::Fine;
    for spec in decorators {
        let missing = spec.required().without(there);
        if !missing.is_empty() {
            return Verdict::Unsupported { by: spec.name(), missing };
        }
        let missing = spec.used().without(there);
        if missing.is_empty() {
            there = there.with(spec.provided());
        } else if verdict == Verdict::Fine {
            verdict = Verdict::Degraded { by: spec.name(), missing };
        }
        there = there.without(spec.removed());
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decorator::Phase;

    fn tokio() -> AdapterSpec {
        AdapterSpec::new("tokio").polls_futures().with_caps(Caps::TIMER)
    }

    fn spec(name: &'static str) -> DecoratorSpec {
        DecoratorSpec::new(name, Phase::Wrap)
    }

    #[test]
    fn inner_decorators_provide_capabilities_to_outer_ones() {
        let timeout = spec("timeout").requires(Caps::INTERRUPT);
        let offload = spec("offload").provides(Caps::INTERRUPT);
        assert_eq!(judge(Asyncness::Sync, [&offload, &timeout], &tokio()), Verdict::Fine);
        let outside = judge(Asyncness::Sync, [&timeout, &offload], &tokio());
        assert_eq!(outside, Verdict::Unsupported { by: "timeout", missing: Caps::INTERRUPT });
    }

    #[test]
    fn inner_decorators_remove_capabilities_from_outer_ones() {
        let pinned = spec("pinned").removes(Caps::INTERRUPT);
        let timeout = spec("timeout").requires(Caps::INTERRUPT);
        assert_eq!(judge(Asyncness::Async, [&timeout, &pinned], &tokio()), Verdict::Fine);
        assert_ne!(judge(Asyncness::Async, [&pinned, &timeout], &tokio()), Verdict::Fine);
    }

    #[test]
    fn unsupported_precedes_degraded_and_the_first_decorator_wins() {
        let wishes = spec("wishes").uses(Caps::GROUPS);
        let needs = spec("needs").requires(Caps::REMOTE);
        let verdict = judge(Asyncness::Sync, [&wishes, &wishes], &tokio());
        assert_eq!(verdict.to_string(), "`wishes` has partial support: sets no concurrency limit");
        let verdict = judge(Asyncness::Sync, [&wishes, &needs], &tokio());
        assert_eq!(verdict.to_string(), "`needs` requires remote execution");
        let verdict = judge(Asyncness::Async, [&needs], &AdapterSpec::new("sync"));
        assert_eq!(verdict.to_string(), "`async fn` requires polling of futures");
    }
}
