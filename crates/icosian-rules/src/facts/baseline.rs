use crate::SpanId;

/// What a baseline hides, and how often it was still found.
///
/// # Examples
/// ```
/// use icosian_rules::BaselineEntry;
///
/// let entry = BaselineEntry { code: "ICO0209".into(), count: 2, found: 1, ..BaselineEntry::default() };
/// assert!(entry.is_stale());
/// ```
#[derive(Clone, Debug, Default)]
pub struct BaselineEntry {
    /// The file that it is about.
    pub file: String,
    /// The code of the rule.
    pub code: String,
    /// How often the file broke the rule, with the same message, when the baseline was written.
    pub count: usize,
    /// How often it does now.
    pub found: usize,
    /// Where the baseline says so.
    pub span: SpanId,
}

impl BaselineEntry {
    /// Returns whether it would hide something new.
    ///
    /// # Examples
    /// See [`BaselineEntry`].
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.found < self.count
    }
}
