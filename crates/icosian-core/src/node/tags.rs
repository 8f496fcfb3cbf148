use std::fmt;

use crate::Name;

/// The tags of a node: values by key, for people, queries and adapters.
///
/// # Examples
/// ```
/// use icosian_core::Outline;
/// use icosian_core::node::Tags;
///
/// let outline = Outline::new("rates").with_tag("owner", ["finance", "risk"]).with_tag("pii", ["no"]);
/// let tags: &Tags = outline.tags();
/// assert_eq!(tags.get("owner").map(|values| values.len()), Some(2));
/// assert_eq!(tags.to_string(), "owner = finance, risk; pii = no");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    tags: Vec<(Name, Vec<Name>)>,
}

impl Tags {
    pub(crate) const fn new() -> Self {
        Self { tags: Vec::new() }
    }

    /// Returns the values of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[Name]> {
        self.iter().find(|(name, _)| **name == *key).map(|(_, values)| values)
    }

    /// Returns all keys with their values, sorted by key.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, &[Name])> {
        self.tags.iter().map(|(key, values)| (key, values.as_slice()))
    }

    /// Returns whether the node has no tags.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    pub(crate) fn set(&mut self, key: Name, values: Vec<Name>) {
        match self.tags.binary_search_by(|(name, _)| name.cmp(&key)) {
            Ok(at) => self.tags[at].1 = values,
            Err(at) => self.tags.insert(at, (key, values)),
        }
    }
}

impl fmt::Display for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (key, values)) in self.iter().enumerate() {
            let before = if position > 0 { "; " } else { "" };
            write!(f, "{before}{key} = {}", values.iter().map(Name::as_str).collect::<Vec<_>>().join(", "))?;
        }
        Ok(())
    }
}
