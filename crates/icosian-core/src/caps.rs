use std::fmt;
use std::ops::BitOr;

/// A set of abilities, which a decorator needs and an adapter or another decorator provides.
///
/// # Examples
/// ```
/// use icosian_core::Caps;
///
/// let granted = Caps::POLL | Caps::TIMER;
/// assert!(granted.contains(Caps::TIMER));
/// assert_eq!((Caps::TIMER | Caps::GROUPS).without(granted).to_string(), "bounds on groups");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Caps(u16);

impl Caps {
    /// Nothing.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Caps::NONE.is_empty());
    /// ```
    pub const NONE: Self = Self(0);
    /// The adapter polls futures, so that async nodes run.
    ///
    /// # Examples
    /// See [`Caps`].
    pub const POLL: Self = Self(1);
    /// A node may wait for a time without keeping others from running.
    ///
    /// # Examples
    /// See [`Caps`].
    pub const TIMER: Self = Self(1 << 1);
    /// A node that is under way can be stopped: its future can be dropped.
    ///
    /// # Examples
    /// See [`Caps`].
    pub const INTERRUPT: Self = Self(1 << 2);
    /// Nodes that block have threads of their own; with a timer, the run lets go of one that is not done in time.
    ///
    /// # Examples
    /// See [`Caps`].
    pub const THREADS: Self = Self(1 << 3);
    /// The adapter limits the concurrency of groups, over all runs. It also sets a limiter on the run's context, for nodes whose
    /// attempts wait for limits (`Program::has_attempt_limits`).
    ///
    /// # Examples
    /// See [`Caps`].
    pub const GROUPS: Self = Self(1 << 4);
    /// Nodes run on other machines.
    ///
    /// # Examples
    /// See [`Caps`].
    pub const REMOTE: Self = Self(1 << 5);

    /// Nodes run on separate tasks, which the runtime polls on its workers.
    ///
    /// # Examples
    /// See [`Caps`].
    pub const TASKS: Self = Self(1 << 6);

    /// The adapter enforces rate limits, over all runs. As for [`GROUPS`](Self::GROUPS), it sets a limiter on the run's context.
    pub const RATE_LIMITS: Self = Self(1 << 7);

    /// The name of each ability: as one word, and in a sentence.
    const NAMES: [(Self, &'static str, &'static str); 8] = [
        (Self::POLL, "poll", "polling of futures"),
        (Self::TIMER, "timer", "a timer"),
        (Self::INTERRUPT, "interrupt", "a way to stop a node that is under way"),
        (Self::THREADS, "threads", "threads for blocking nodes"),
        (Self::GROUPS, "groups", "bounds on groups"),
        (Self::REMOTE, "remote", "other machines"),
        (Self::TASKS, "tasks", "tasks of a runtime"),
        (Self::RATE_LIMITS, "rate-limits", "rate limits"),
    ];

    /// Returns both sets together.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Caps;
    ///
    /// assert_eq!(Caps::POLL.with(Caps::TIMER), Caps::POLL | Caps::TIMER);
    /// ```
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the abilities of this set that `other` lacks.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Caps;
    ///
    /// assert_eq!((Caps::POLL | Caps::TIMER).without(Caps::POLL), Caps::TIMER);
    /// ```
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns the abilities in both sets.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Caps;
    ///
    /// assert_eq!((Caps::POLL | Caps::TIMER).common(Caps::TIMER | Caps::GROUPS), Caps::TIMER);
    /// ```
    #[must_use]
    pub const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns whether all of `other` is in this set.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Caps;
    ///
    /// assert!(Caps::POLL.contains(Caps::NONE) && !Caps::POLL.contains(Caps::TIMER));
    /// ```
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        other.without(self).is_empty()
    }

    /// Returns whether there is nothing in the set.
    ///
    /// # Examples
    /// ```
    /// assert!(!icosian_core::Caps::POLL.is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the abilities of the set, one word each.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Caps;
    ///
    /// assert!((Caps::POLL | Caps::TIMER).words().eq(["poll", "timer"]));
    /// ```
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(cap, ..)| self.contains(*cap)).map(|(_, word, _)| word)
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
        let phrases: Vec<_> = named.map(|(_, _, phrase)| phrase).collect();
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
