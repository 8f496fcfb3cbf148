use crate::SpanId;

/// A violation of a rule: message, locations, help and fix.
///
/// # Examples
/// ```
/// use icosian_rules::{Edit, Finding, Fix, SpanId};
///
/// let (first, second) = (SpanId::new(0), SpanId::new(1));
/// let finding = Finding::new(second, "`tag` is repeated above `mean`")
///     .labelled("repeated here")
///     .also(first, "first here")
///     .help("remove one of them")
///     .fix(Fix::safe("remove the second `tag`", [Edit::removed(second)]));
/// assert_eq!(finding.others[0].span, first);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The fault: a fragment in lower case without advice.
    pub message: String,
    /// The location.
    pub label: FindingLabel,
    /// Related locations, possibly in other files.
    pub others: Vec<FindingLabel>,
    /// The advice. It begins with a verb.
    pub help: Option<String>,
    /// The changes of the source that resolve it.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Returns a finding at `span`.
    #[must_use]
    pub fn new(span: SpanId, message: impl Into<String>) -> Self {
        let label = FindingLabel { span, text: String::new() };
        Self { message: message.into(), label, others: Vec::new(), help: None, fix: None }
    }

    /// Sets the text beside the location.
    #[must_use]
    pub fn labelled(mut self, text: impl Into<String>) -> Self {
        self.label.text = text.into();
        self
    }

    /// Adds a related location.
    #[must_use]
    pub fn also(mut self, span: SpanId, text: impl Into<String>) -> Self {
        self.others.push(FindingLabel { span, text: text.into() });
        self
    }

    /// Sets the advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the changes of the source that resolve it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// A location with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingLabel {
    /// The location.
    pub span: SpanId,
    /// A fragment in lower case; may be empty.
    pub text: String,
}

/// Changes of the source that are applied together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// The title. It begins with a verb.
    pub title: String,
    /// The safety of the changes.
    pub safety: Safety,
    /// The changes, without overlaps.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// Returns changes that may be applied without a review.
    #[must_use]
    pub fn safe(title: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { title: title.into(), safety: Safety::Safe, edits: edits.into_iter().collect() }
    }

    /// Returns changes that need a review.
    #[must_use]
    pub fn risky(title: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { safety: Safety::Unsafe, ..Self::safe(title, edits) }
    }
}

/// The safety of a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Safety {
    /// The code behaves as before, apart from the fault.
    Safe,
    /// The behaviour may change, or other code may need changes.
    Unsafe,
}

/// One change of the source.
///
/// # Examples
/// ```
/// use icosian_rules::{Edit, EditKind, SpanId};
///
/// let place = SpanId::new(0);
/// assert_eq!(Edit::removed(place).kind, EditKind::Remove);
/// assert_eq!(Edit::replaced(place, "mean").text, "mean");
/// assert_eq!(Edit::moved_after(place, SpanId::new(1)).kind, EditKind::MoveAfter(SpanId::new(1)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// The source that changes.
    pub span: SpanId,
    /// The kind of change.
    pub kind: EditKind,
    /// The new text, for the kinds that have one.
    pub text: String,
}

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditKind {
    /// Replaces the source.
    Replace,
    /// Removes the source, and its line if nothing else is on it.
    Remove,
    /// Moves the source to a separate line below another location.
    MoveAfter(SpanId),
    /// Adds the text on a separate line above, with the same indentation.
    InsertAbove,
}

impl Edit {
    /// Replaces the source at `span` by `text`.
    #[must_use]
    pub fn replaced(span: SpanId, text: impl Into<String>) -> Self {
        Self { span, kind: EditKind::Replace, text: text.into() }
    }

    /// Removes the source at `span`, and its line if nothing else is on it.
    #[must_use]
    pub fn removed(span: SpanId) -> Self {
        Self { span, kind: EditKind::Remove, text: String::new() }
    }

    /// Adds `text` above `span`: on a separate line, or before `span` if it does not begin its line.
    #[must_use]
    pub fn inserted_above(span: SpanId, text: impl Into<String>) -> Self {
        Self { span, kind: EditKind::InsertAbove, text: text.into() }
    }

    /// Moves the source at `span` below `anchor`.
    #[must_use]
    pub fn moved_after(span: SpanId, anchor: SpanId) -> Self {
        Self { span, kind: EditKind::MoveAfter(anchor), text: String::new() }
    }
}
