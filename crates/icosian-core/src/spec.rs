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
    async_nodes: bool,
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
        Self { name, async_nodes: false }
    }

    /// Says that it polls futures, so that async nodes run under it.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::AdapterSpec::new("tokio").polls_futures().runs_async_nodes());
    /// ```
    #[must_use]
    pub const fn polls_futures(mut self) -> Self {
        self.async_nodes = true;
        self
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
        self.async_nodes
    }
}
