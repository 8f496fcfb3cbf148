use std::fmt;

use crate::{Name, Outline};

/// Words about a node, by key: for people, for queries, for adapters.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Tags};
///
/// let outline = Outline::new("rates").tagged("owner", ["finance", "risk"]).tagged("pii", ["no"]);
/// let tags: &Tags = outline.tags();
/// assert_eq!(tags.get("owner").map(|values| values.len()), Some(2));
/// assert_eq!(tags.to_string(), "owner = finance, risk; pii = no");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    tags: Vec<(Name, Vec<Name>)>,
}

impl Tags {
    /// Returns the words of a key.
    ///
    /// # Examples
    /// See [`Tags`].
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[Name]> {
        self.iter().find(|(name, _)| **name == *key).map(|(_, values)| values)
    }

    /// Returns all keys with their words, in the order of the keys.
    ///
    /// # Examples
    /// ```
    /// let outline = icosian_core::Outline::new("rates").tagged("owner", ["finance"]);
    /// assert!(outline.tags().iter().map(|(key, _)| key.as_str()).eq(["owner"]));
    /// ```
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, &[Name])> {
        self.tags.iter().map(|(key, values)| (key, values.as_slice()))
    }

    /// Returns whether there are none.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Outline::new("rates").tags().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    fn set(&mut self, key: Name, values: Vec<Name>) {
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

impl Outline {
    /// Notes words under a key; they replace those that are there.
    ///
    /// # Examples
    /// See [`Tags`].
    #[must_use]
    pub fn tagged<W: Into<Name>>(mut self, key: impl Into<Name>, words: impl IntoIterator<Item = W>) -> Self {
        let words = words.into_iter().map(Into::into).collect();
        self.notes.get_or_insert_default().tags.set(key.into(), words);
        self
    }

    /// Returns the words about the node.
    ///
    /// # Examples
    /// See [`Tags`].
    #[must_use]
    pub fn tags(&self) -> &Tags {
        static NONE: Tags = Tags { tags: Vec::new() };
        self.notes.as_deref().map_or(&NONE, |notes| &notes.tags)
    }
}
