/// A fact that may be unknown.
///
/// Unknown is never no: a rule reports nothing without the facts that it needs.
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
    /// The fact is known.
    Known(T),
    /// The fact is unknown at this stage.
    #[default]
    Unknown,
}

impl<T> Fact<T> {
    /// Returns the fact, if it is known.
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
