use crate::Name;

/// A named concurrency limit, shared by all runs of an adapter.
///
/// # Examples
/// ```
/// use icosian_core::Outline;
/// use icosian_core::run::Group;
///
/// // At most four nodes of this group run concurrently, unless the adapter sets another limit.
/// let query = Outline::new("query").with_group(Group::new("database").with_max_concurrency(4));
/// assert_eq!(query.group().map(|group| group.name().as_str()), Some("database"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    name: Name,
    max_concurrency: Option<usize>,
}

impl Group {
    /// Creates a group whose limit the adapter sets.
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        Self { name: name.into(), max_concurrency: None }
    }

    /// Sets the limit that applies if the adapter sets none.
    #[must_use]
    pub fn with_max_concurrency(mut self, nodes: usize) -> Self {
        self.max_concurrency = Some(nodes);
        self
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns the limit that applies if the adapter sets none.
    #[must_use]
    pub fn max_concurrency(&self) -> Option<usize> {
        self.max_concurrency
    }
}
