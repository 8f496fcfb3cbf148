use std::fmt;
use std::ops::BitOr;

/// A set of capabilities: a decorator requires or uses them, an adapter or another decorator provides them.
///
/// # Examples
/// ```
/// use icosian_spec::Caps;
///
/// let provided = Caps::POLL | Caps::TIMER;
/// assert!(provided.contains(Caps::TIMER));
/// assert!(provided.words().eq(["poll", "timer"]));
/// assert_eq!((Caps::TIMER | Caps::GROUPS).without(provided).to_string(), "concurrency limits", "sets no concurrency limit");
/// assert_eq!((Caps::TIMER | Caps::REMOTE).reduced_effect(), "blocks its thread while it waits and runs locally only");
/// assert_eq!(provided.common(Caps::TIMER | Caps::GROUPS), Caps::TIMER);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Caps(u16);

impl Caps {
    /// The empty set.
    pub const NONE: Self = Self(0);
    /// The adapter polls futures, so async nodes run.
    pub const POLL: Self = Self(1);
    /// A node can wait for a time without blocking other nodes.
    pub const TIMER: Self = Self(1 << 1);
    /// A running node can be stopped: its future can be dropped.
    pub const INTERRUPT: Self = Self(1 << 2);
    /// Blocking nodes run on separate threads. With a timer, the run abandons a thread on expiry of its time limit.
    pub const THREADS: Self = Self(1 << 3);
    /// The adapter limits the concurrency of groups, over all runs. It also sets a limiter on the run's context, for nodes whose
    /// attempts wait for limits (`Program::has_attempt_limits`).
    pub const GROUPS: Self = Self(1 << 4);
    /// Nodes run on other machines.
    pub const REMOTE: Self = Self(1 << 5);
    /// Nodes run on separate tasks, which the runtime polls on its workers.
    pub const TASKS: Self = Self(1 << 6);
    /// The adapter enforces rate limits, over all runs. As for [`GROUPS`](Self::GROUPS), it sets a limiter on the run's context.
    pub const RATE_LIMITS: Self = Self(1 << 7);

    /// All capabilities.
    pub const ALL: Self = Self((1 << Self::NAMES.len()) - 1);

    /// The name of each capability, as one word and in a sentence, and the effect of a decorator without it.
    const NAMES: [(Self, &'static str, &'static str, &'static str); 8] = [
        (Self::POLL, "poll", "polling of futures", "polls no future"),
        (Self::TIMER, "timer", "a timer", "blocks its thread while it waits"),
        (Self::INTERRUPT, "interrupt", "cancellation of running nodes", "cancels no running node"),
        (Self::THREADS, "threads", "threads for blocking nodes", "runs on the thread of the caller"),
        (Self::GROUPS, "groups", "concurrency limits", "sets no concurrency limit"),
        (Self::REMOTE, "remote", "remote execution", "runs locally only"),
        (Self::TASKS, "tasks", "runtime tasks", "spawns no task"),
        (Self::RATE_LIMITS, "rate-limits", "rate limits", "sets no rate limit"),
    ];

    /// Returns the union of both sets.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the capabilities of this set that `other` lacks.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns the capabilities in both sets.
    #[must_use]
    pub const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns whether all of `other` is in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        other.without(self).is_empty()
    }

    /// Returns whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the names of the capabilities in the set, one word each.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(cap, ..)| self.contains(*cap)).map(|(_, word, ..)| word)
    }

    /// Returns the effect of a decorator that uses these capabilities and lacks them, as in "runs locally only".
    #[must_use]
    pub fn reduced_effect(self) -> String {
        let missing = Self::NAMES.into_iter().filter(|(cap, ..)| self.contains(*cap));
        missing.map(|(.., effect)| effect).collect::<Vec<_>>().join(" and ")
    }
}

impl BitOr for Caps {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

impl fmt::Display for Caps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = Self::NAMES.into_iter().filter(|(cap, ..)| self.contains(*cap));
        let phrases: Vec<_> = named.map(|(_, _, phrase, _)| phrase).collect();
        match phrases.as_slice() {
            [] => f.write_str("nothing"),
            [rest @ .., last] if !rest.is_empty() => write!(f, "{} and {last}", rest.join(", ")),
            _ => f.write_str(phrases[0]),
        }
    }
}

impl fmt::Debug for Caps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.words().collect();
        write!(f, "Caps({})", words.join(" | "))
    }
}
