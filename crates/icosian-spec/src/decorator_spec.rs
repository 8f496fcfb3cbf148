use crate::{BuiltIn, Caps, Phase};

/// The name, the phase and the capabilities of a decorator.
///
/// # Examples
/// ```
/// use icosian_spec::{Caps, DecoratorSpec, Phase};
///
/// let lease = DecoratorSpec::new("lease", Phase::Wrap).requires(Caps::TIMER | Caps::INTERRUPT);
/// assert_eq!((lease.name(), lease.phase()), ("lease", Phase::Wrap));
/// assert_eq!(lease.built_in(), None);
///
/// let offload = DecoratorSpec::new("own_offload", Phase::Wrap).uses(Caps::THREADS).provides(Caps::INTERRUPT);
/// assert_eq!((offload.used(), offload.provided()), (Caps::THREADS, Caps::INTERRUPT));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecoratorSpec {
    name: &'static str,
    phase: Phase,
    required: Caps,
    used: Caps,
    provided: Caps,
    removed: Caps,
    built_in: Option<BuiltIn>,
}

impl DecoratorSpec {
    /// Returns the spec of a decorator that works under every adapter.
    #[must_use]
    pub const fn new(name: &'static str, phase: Phase) -> Self {
        let none = Caps::NONE;
        Self { name, phase, required: none, used: none, provided: none, removed: none, built_in: None }
    }

    /// Marks the spec as the one of a built-in decorator.
    pub(crate) const fn of(mut self, built_in: BuiltIn) -> Self {
        self.built_in = Some(built_in);
        self
    }

    /// Adds capabilities without which the decorator is refused.
    #[must_use]
    pub const fn requires(mut self, caps: Caps) -> Self {
        self.required = self.required.with(caps);
        self
    }

    /// Adds capabilities that the decorator uses if they are present. Outputs are the same without them.
    #[must_use]
    pub const fn uses(mut self, caps: Caps) -> Self {
        self.used = self.used.with(caps);
        self
    }

    /// Adds capabilities that decorators above this one can rely on.
    #[must_use]
    pub const fn provides(mut self, caps: Caps) -> Self {
        self.provided = self.provided.with(caps);
        self
    }

    /// Adds capabilities that decorators above this one no longer have.
    #[must_use]
    pub const fn removes(mut self, caps: Caps) -> Self {
        self.removed = self.removed.with(caps);
        self
    }

    /// Replaces the name, and keeps phase and capabilities. The spec is then not the one of a built-in decorator.
    #[must_use]
    pub const fn with_name(mut self, name: &'static str) -> Self {
        self.name = name;
        self.built_in = None;
        self
    }

    /// Returns the name, as written above a function.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the phase in which the decorator is applied.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// Returns the capabilities without which the decorator is refused.
    #[must_use]
    pub const fn required(&self) -> Caps {
        self.required
    }

    /// Returns the capabilities that are used if present.
    #[must_use]
    pub const fn used(&self) -> Caps {
        self.used
    }

    /// Returns the capabilities that decorators above this one can rely on.
    #[must_use]
    pub const fn provided(&self) -> Caps {
        self.provided
    }

    /// Returns the capabilities that decorators above this one no longer have.
    #[must_use]
    pub const fn removed(&self) -> Caps {
        self.removed
    }

    /// Returns the built-in decorator that this spec is of; `None` for a custom decorator, whatever its name.
    #[must_use]
    pub const fn built_in(&self) -> Option<BuiltIn> {
        self.built_in
    }
}
