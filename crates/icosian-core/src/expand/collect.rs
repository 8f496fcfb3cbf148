use std::ops::{Deref, DerefMut};

/// The results of a node for all items of an expansion, in the order of the items.
///
/// A parameter of type `Collect<T>` ends a block. It reads the node of its name, which returns a `T` for each item. With
/// `#[collect(unordered)]` the order is that of completion. It dereferences to a slice.
///
/// With `#[expand(on_error = "collect")]` the parameter has the type `Collect<Result<T, ItemError>>` and has an element for each item.
/// Otherwise it has an element for each item that succeeded.
///
/// # Examples
/// ```
/// use icosian_core::expand::Collect;
///
/// fn total(score: Collect<u64>) -> u64 {
///     score.iter().sum()
/// }
/// assert_eq!(total(Collect::from(vec![1, 2, 3])), 6);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Collect<T>(Vec<T>);

impl<T> Collect<T> {
    /// Returns the results as a vector.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T> Default for Collect<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for Collect<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> DerefMut for Collect<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T> From<Vec<T>> for Collect<T> {
    fn from(results: Vec<T>) -> Self {
        Self(results)
    }
}

impl<T> FromIterator<T> for Collect<T> {
    fn from_iter<I: IntoIterator<Item = T>>(results: I) -> Self {
        Self(results.into_iter().collect())
    }
}

impl<T> Extend<T> for Collect<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, results: I) {
        self.0.extend(results);
    }
}

impl<T> IntoIterator for Collect<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Collect<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(feature = "serde")]
impl<T: serde_core::Serialize> serde_core::Serialize for Collect<T> {
    fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
