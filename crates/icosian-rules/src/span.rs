/// A place, as a position in the table of whoever hosts the rules.
///
/// # Examples
/// ```
/// use icosian_rules::SpanId;
///
/// assert_eq!(SpanId::new(3).position(), 3);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpanId(u32);

impl SpanId {
    /// No place: what is told has none in the source.
    ///
    /// # Examples
    /// ```
    /// use icosian_rules::SpanId;
    ///
    /// assert_ne!(SpanId::NOWHERE, SpanId::new(0));
    /// ```
    pub const NOWHERE: Self = Self(u32::MAX);

    /// Returns the span at `position` of the host's table.
    ///
    /// # Examples
    /// See [`SpanId`].
    #[must_use]
    pub const fn new(position: u32) -> Self {
        Self(position)
    }

    /// Returns the position in the host's table.
    ///
    /// # Examples
    /// See [`SpanId`].
    #[must_use]
    pub const fn position(self) -> usize {
        self.0 as usize
    }
}
