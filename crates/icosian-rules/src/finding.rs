use crate::SpanId;

/// A place where facts break a rule: what is wrong there, and the way out.
///
/// # Examples
/// ```
/// use icosian_rules::{Edit, Finding, Fix, SpanId};
///
/// let (first, second) = (SpanId::new(0), SpanId::new(1));
/// let finding = Finding::new(second, "`tag` stands twice above `mean`")
///     .labelled("the same again")
///     .also(first, "first here")
///     .help("remove one of them")
///     .fix(Fix::safe("remove the second `tag`", [Edit::removed(second)]));
/// assert_eq!(finding.others[0].span, first);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What is wrong: a lower-case fragment that says nothing about how to mend it.
    pub message: String,
    /// Where.
    pub label: Label,
    /// Other places that have to do with it, perhaps in other files.
    pub others: Vec<Label>,
    /// What to do about it; it begins with a verb.
    pub help: Option<String>,
    /// What changes of the source would do that.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Returns what is wrong at `span`.
    ///
    /// # Examples
    /// See [`Finding`].
    #[must_use]
    pub fn new(span: SpanId, message: impl Into<String>) -> Self {
        let label = Label { span, text: String::new() };
        Self { message: message.into(), label, others: Vec::new(), help: None, fix: None }
    }

    /// Writes `text` beside the place.
    ///
    /// # Examples
    /// See [`Finding`].
    #[must_use]
    pub fn labelled(mut self, text: impl Into<String>) -> Self {
        self.label.text = text.into();
        self
    }

    /// Adds another place that has to do with it.
    ///
    /// # Examples
    /// See [`Finding`].
    #[must_use]
    pub fn also(mut self, span: SpanId, text: impl Into<String>) -> Self {
        self.others.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do about it.
    ///
    /// # Examples
    /// See [`Finding`].
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds changes of the source that do it.
    ///
    /// # Examples
    /// See [`Finding`].
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// A place, and what is written beside it.
///
/// # Examples
/// See [`Finding`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: SpanId,
    /// A lower-case fragment, or nothing.
    pub text: String,
}

/// Changes of the source, all or none of them.
///
/// # Examples
/// See [`Finding`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// What they do; it begins with a verb.
    pub title: String,
    /// Whether the code does the same afterwards, but for what was wrong.
    pub safety: Safety,
    /// The changes; none overlaps another.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// Returns changes that may be applied without asking.
    ///
    /// # Examples
    /// See [`Finding`].
    #[must_use]
    pub fn safe(title: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { title: title.into(), safety: Safety::Safe, edits: edits.into_iter().collect() }
    }

    /// Returns changes that somebody should look at.
    ///
    /// # Examples
    /// ```
    /// use icosian_rules::{Edit, Fix, Safety, SpanId};
    ///
    /// let fix = Fix::risky("remove `async`", [Edit::removed(SpanId::new(0))]);
    /// assert_eq!(fix.safety, Safety::Unsafe);
    /// ```
    #[must_use]
    pub fn risky(title: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { safety: Safety::Unsafe, ..Self::safe(title, edits) }
    }
}

/// Whether code does the same after a fix, but for what was wrong.
///
/// # Examples
/// See [`Fix::risky`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Safety {
    /// It does.
    Safe,
    /// It may not; or code elsewhere has to follow.
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
    /// What is changed.
    pub span: SpanId,
    /// How.
    pub kind: EditKind,
    /// The new text, for the kinds that have one.
    pub text: String,
}

/// How a place is changed.
///
/// # Examples
/// See [`Edit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditKind {
    /// Another text stands there.
    Replace,
    /// Nothing stands there; a line that is empty then goes with it.
    Remove,
    /// It stands on a line of its own below another place.
    MoveAfter(SpanId),
    /// The text is added on a line of its own above, with the same indentation.
    InsertAbove,
}

impl Edit {
    /// Writes `text` instead of what stands at `span`.
    ///
    /// # Examples
    /// See [`Edit`].
    #[must_use]
    pub fn replaced(span: SpanId, text: impl Into<String>) -> Self {
        Self { span, kind: EditKind::Replace, text: text.into() }
    }

    /// Removes what stands at `span`, and the line when nothing else stands on it.
    ///
    /// # Examples
    /// See [`Edit`].
    #[must_use]
    pub fn removed(span: SpanId) -> Self {
        Self { span, kind: EditKind::Remove, text: String::new() }
    }

    /// Adds `text` above `span`: on a line of its own, or before it where `span` does not begin its line.
    ///
    /// # Examples
    /// ```
    /// use icosian_rules::{Edit, EditKind, SpanId};
    ///
    /// assert_eq!(Edit::inserted_above(SpanId::new(0), "#[offload]").kind, EditKind::InsertAbove);
    /// ```
    #[must_use]
    pub fn inserted_above(span: SpanId, text: impl Into<String>) -> Self {
        Self { span, kind: EditKind::InsertAbove, text: text.into() }
    }

    /// Moves what stands at `span` below what stands at `anchor`.
    ///
    /// # Examples
    /// See [`Edit`].
    #[must_use]
    pub fn moved_after(span: SpanId, anchor: SpanId) -> Self {
        Self { span, kind: EditKind::MoveAfter(anchor), text: String::new() }
    }
}
