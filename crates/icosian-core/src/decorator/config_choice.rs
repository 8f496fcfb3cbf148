use crate::Name;

/// A config key that a decorator compares, and the values that keep its node.
///
/// Diagnostics use it to list the values that a key can have.
///
/// # Examples
/// ```
/// use icosian_core::decorator::ConfigChoice;
///
/// let choice = ConfigChoice::new("env", ["\"prod\"".to_owned()]);
/// assert_eq!((choice.key(), choice.values()), (&"env".into(), &["\"prod\"".to_owned()][..]));
/// assert!(!choice.is_negated() && choice.negate().is_negated());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigChoice {
    key: Name,
    values: Vec<String>,
    is_negated: bool,
}

impl ConfigChoice {
    /// Returns the choice of a node that exists if `key` has one of `values`, formatted as in source code.
    #[must_use]
    pub fn new(key: impl Into<Name>, values: impl IntoIterator<Item = String>) -> Self {
        Self { key: key.into(), values: values.into_iter().collect(), is_negated: false }
    }

    /// Returns the opposite choice: the node exists if `key` has none of the values.
    #[must_use]
    pub fn negate(mut self) -> Self {
        self.is_negated = !self.is_negated;
        self
    }

    /// Returns the key.
    #[must_use]
    pub fn key(&self) -> &Name {
        &self.key
    }

    /// Returns the values.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Returns whether the node exists if the key has none of the values.
    #[must_use]
    pub fn is_negated(&self) -> bool {
        self.is_negated
    }
}
