/// What is known about something, or that it is not known.
///
/// Unknown is never no: a rule that needs a fact says nothing without it.
///
/// # Examples
/// ```
/// use icosian_rules::Fact;
///
/// let documented = Fact::Known(false);
/// assert!(documented.is(&false));
/// assert!(!Fact::Unknown.is(&false) && !Fact::Unknown.is(&true));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fact<T> {
    /// This is so.
    Known(T),
    /// Nobody can say yet.
    #[default]
    Unknown,
}

impl<T> Fact<T> {
    /// Returns what is known.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_rules::Fact::Known(3).known(), Some(&3));
    /// ```
    #[must_use]
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(fact) => Some(fact),
            Self::Unknown => None,
        }
    }
}

impl<T: PartialEq> Fact<T> {
    /// Returns whether it is known to be `expected`.
    ///
    /// # Examples
    /// See [`Fact`].
    #[must_use]
    pub fn is(&self, expected: &T) -> bool {
        self.known() == Some(expected)
    }
}

impl<T> From<Option<T>> for Fact<T> {
    fn from(known: Option<T>) -> Self {
        known.map_or(Self::Unknown, Self::Known)
    }
}
