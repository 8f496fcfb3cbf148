use std::fmt;

use crate::decorator::DecoratorSpec;
use crate::node::Asyncness;
use crate::{AdapterSpec, Caps};

/// What [`judge`] says of a decorated function under an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything does what it says.
    Fine,
    /// It gives the right outputs, and something that is wanted is not there.
    Degraded {
        /// The decorator that wants it.
        by: &'static str,
        /// What is not there.
        missing: Caps,
    },
    /// It cannot work.
    Unsupported {
        /// The decorator that needs what is missing, or `async fn`.
        by: &'static str,
        /// What is not there.
        missing: Caps,
    },
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fine => f.write_str("fine"),
            Self::Degraded { by, missing } => write!(f, "`{by}` does without {missing}"),
            Self::Unsupported { by, missing } => write!(f, "`{by}` needs {missing}"),
        }
    }
}

/// What an async function is called where a decorator would be named.
pub(crate) const ASYNC: &str = "async fn";

/// Says whether a function works under an adapter with its decorators around it, innermost first.
///
/// Each decorator finds what the adapter grants, what kind of function it wraps, and what the decorators inside it have
/// granted or revoked. One that does without what it wants grants nothing.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Caps};
/// use icosian_core::decorator::{DecoratorSpec, Phase, Verdict, judge};
/// use icosian_core::node::Asyncness;
///
/// let timeout = DecoratorSpec::new("timeout", Phase::Wrap).requires(Caps::TIMER | Caps::INTERRUPT);
/// let adapter = AdapterSpec::new("tokio").polls_futures().granting(Caps::TIMER);
/// assert_eq!(judge(Asyncness::Async, [&timeout], &adapter), Verdict::Fine);
///
/// // Nobody stops a thread from outside.
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
        AdapterSpec::new("tokio").polls_futures().granting(Caps::TIMER)
    }

    fn spec(name: &'static str) -> DecoratorSpec {
        DecoratorSpec::new(name, Phase::Wrap)
    }

    #[test]
    fn what_is_inside_may_grant_what_is_needed_outside() {
        let timeout = spec("timeout").requires(Caps::INTERRUPT);
        let offload = spec("offload").provides(Caps::INTERRUPT);
        assert_eq!(judge(Asyncness::Sync, [&offload, &timeout], &tokio()), Verdict::Fine);
        let outside = judge(Asyncness::Sync, [&timeout, &offload], &tokio());
        assert_eq!(outside, Verdict::Unsupported { by: "timeout", missing: Caps::INTERRUPT });
    }

    #[test]
    fn what_is_inside_may_revoke_what_is_needed_outside() {
        let pinned = spec("pinned").removes(Caps::INTERRUPT);
        let timeout = spec("timeout").requires(Caps::INTERRUPT);
        assert_eq!(judge(Asyncness::Async, [&timeout, &pinned], &tokio()), Verdict::Fine);
        assert_ne!(judge(Asyncness::Async, [&pinned, &timeout], &tokio()), Verdict::Fine);
    }

    #[test]
    fn the_first_that_is_missing_is_told_and_a_need_before_a_wish() {
        let wishes = spec("wishes").uses(Caps::GROUPS);
        let needs = spec("needs").requires(Caps::REMOTE);
        let verdict = judge(Asyncness::Sync, [&wishes, &wishes], &tokio());
        assert_eq!(verdict.to_string(), "`wishes` does without bounds on groups");
        let verdict = judge(Asyncness::Sync, [&wishes, &needs], &tokio());
        assert_eq!(verdict.to_string(), "`needs` needs other machines");
        let verdict = judge(Asyncness::Async, [&needs], &AdapterSpec::new("sync"));
        assert_eq!(verdict.to_string(), "`async fn` needs polling of futures");
    }
}
