use crate::Caps;

/// What an adapter says of itself: its name for people, and what it can do.
///
/// # Examples
/// ```
/// use icosian_core::AdapterSpec;
///
/// let spec = AdapterSpec::new("my-adapter").polls_futures();
/// assert!(spec.runs_async_nodes());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterSpec {
    name: &'static str,
    grants: Caps,
}

impl AdapterSpec {
    /// Returns an adapter that runs sync nodes.
    ///
    /// # Examples
    /// ```
    /// assert!(!icosian_core::AdapterSpec::new("sync").runs_async_nodes());
    /// ```
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, grants: Caps::NONE }
    }

    /// Says that it polls futures, so that async nodes run under it.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::AdapterSpec::new("tokio").polls_futures().runs_async_nodes());
    /// ```
    #[must_use]
    pub const fn polls_futures(mut self) -> Self {
        self.grants = self.grants.with(Caps::POLL);
        self
    }

    /// Says what it can do besides running nodes.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{AdapterSpec, Caps};
    ///
    /// let spec = AdapterSpec::new("threads").granting(Caps::THREADS);
    /// assert!(spec.grants().contains(Caps::THREADS));
    /// ```
    #[must_use]
    pub const fn granting(mut self, caps: Caps) -> Self {
        self.grants = self.grants.with(caps);
        self
    }

    /// Takes back what it was said to do.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{AdapterSpec, Caps};
    ///
    /// assert!(!AdapterSpec::new("tokio").polls_futures().without(Caps::POLL).runs_async_nodes());
    /// ```
    #[must_use]
    pub const fn without(mut self, caps: Caps) -> Self {
        self.grants = self.grants.without(caps);
        self
    }

    /// Returns what it can do besides running sync nodes.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{AdapterSpec, Caps};
    ///
    /// assert_eq!(AdapterSpec::new("tokio").polls_futures().grants(), Caps::POLL);
    /// ```
    #[must_use]
    pub const fn grants(&self) -> Caps {
        self.grants
    }

    /// Returns the name.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::AdapterSpec::new("sync").name(), "sync");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns whether async nodes run under it.
    ///
    /// # Examples
    /// ```
    /// assert!(!icosian_core::AdapterSpec::new("sync").runs_async_nodes());
    /// ```
    #[must_use]
    pub const fn runs_async_nodes(&self) -> bool {
        self.grants.contains(Caps::POLL)
    }
}
