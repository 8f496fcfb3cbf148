use crate::SpanId;

/// A number of findings that a baseline hides.
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
    /// The file with the findings.
    pub file: String,
    /// The code of the rule.
    pub code: String,
    /// The number of findings with the same rule and message when the baseline was written.
    pub count: usize,
    /// The current number of these findings.
    pub found: usize,
    /// The location of the entry.
    pub span: SpanId,
}

impl BaselineEntry {
    /// Returns whether it would hide a new finding.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.found < self.count
    }
}
