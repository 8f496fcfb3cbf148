/// A location, as a position in a table of the host.
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
    /// No location: the finding has none in the source.
    ///
    /// # Examples
    /// ```
    /// use icosian_rules::SpanId;
    ///
    /// assert_ne!(SpanId::NOWHERE, SpanId::new(0));
    /// ```
    pub const NOWHERE: Self = Self(u32::MAX);

    /// Returns the span at `position` of the host's table.
    #[must_use]
    pub const fn new(position: u32) -> Self {
        Self(position)
    }

    /// Returns the position in the host's table.
    #[must_use]
    pub const fn position(self) -> usize {
        self.0 as usize
    }
}
