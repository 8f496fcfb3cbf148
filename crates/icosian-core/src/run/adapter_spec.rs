use crate::Caps;

/// The name and the capabilities of an adapter.
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
    /// Creates the spec of an adapter that runs sync nodes.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, grants: Caps::NONE }
    }

    /// Adds the capability to poll futures, so that async nodes run under the adapter.
    #[must_use]
    pub const fn polls_futures(mut self) -> Self {
        self.grants = self.grants.with(Caps::POLL);
        self
    }

    /// Adds capabilities.
    #[must_use]
    pub const fn with_caps(mut self, caps: Caps) -> Self {
        self.grants = self.grants.with(caps);
        self
    }

    /// Removes capabilities.
    #[must_use]
    pub const fn without(mut self, caps: Caps) -> Self {
        self.grants = self.grants.without(caps);
        self
    }

    /// Returns the capabilities.
    #[must_use]
    pub const fn grants(&self) -> Caps {
        self.grants
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns whether async nodes run under the adapter.
    #[must_use]
    pub const fn runs_async_nodes(&self) -> bool {
        self.grants.contains(Caps::POLL)
    }
}
