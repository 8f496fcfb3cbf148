use std::fmt;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use icosian_rules::{Card, Edit, Finding, Level, Safety};
use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use crate::SourceText;
use crate::plain::{plain, plain_lines};

/// What breaks a rule, at which level, in which file.
///
/// It is a miette diagnostic, with the file's text. What it says is drawn [`plain`](crate::plain()); the excerpt of the file is
/// as the file is.
///
/// # Examples
/// See the [crate](crate).
#[derive(Clone)]
pub struct Diagnosis {
    pub(crate) card: &'static Card,
    pub(crate) level: Level,
    pub(crate) source: Arc<SourceText>,
    pub(crate) message: String,
    pub(crate) label: Spot,
    pub(crate) others: Vec<Spot>,
    pub(crate) elsewhere: Vec<Elsewhere>,
    pub(crate) help: Option<String>,
    pub(crate) patch: Option<Patch>,
    /// A linked crate told it, and not its source.
    pub(crate) is_linked: bool,
}

/// A place in a file, and what is written beside it.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
///
/// let text = "#[tag(a = \"1\")]\n#[node]\npub fn rate() -> f64 { 1.0 }\n";
/// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", text);
/// let other = &report.diagnoses()[0].others()[0];
/// assert_eq!((other.text(), other.place().start()), ("reads what stands below", (2, 1)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    place: Place,
    text: String,
}

/// A place in another file.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
///
/// // Source is judged file by file, so that nothing is elsewhere.
/// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
/// assert!(report.diagnoses()[0].elsewhere().is_empty());
/// ```
#[derive(Clone)]
pub struct Elsewhere {
    pub(crate) source: Arc<SourceText>,
    pub(crate) spot: Spot,
}

/// A range of a file: lines and columns from 1, columns in characters; the end is after the last character.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
///
/// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
/// let place = report.diagnoses()[0].place();
/// assert_eq!((place.start(), place.end(), place.bytes()), ((2, 18), (2, 19), 25..26));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    start: (usize, usize),
    end: (usize, usize),
    bytes: Range<usize>,
    /// The length of the file's byte order mark, which `bytes` does not count.
    mark: usize,
}

/// Changes of a file's text that mend what is wrong.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
///
/// let text = "#[tag(a = \"1\")]\n#[node]\npub fn rate() -> f64 { 1.0 }\n";
/// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", text);
/// let patch = report.diagnoses()[0].patch().expect("there is a fix");
/// assert!(patch.is_safe());
/// assert_eq!((patch.title(), patch.edits().len()), ("move `tag` below `#[node]`", 2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    title: String,
    safety: Safety,
    edits: Vec<(Place, String)>,
}

impl Diagnosis {
    /// Returns what `finding` says, its places looked up in `spans`.
    pub(crate) fn new(
        card: &'static Card,
        level: Level,
        source: &Arc<SourceText>,
        spans: &[Range<usize>],
        finding: Finding,
    ) -> Self {
        let bytes = |span: icosian_rules::SpanId| spans.get(span.position()).cloned().unwrap_or(0..0);
        let spot = |label: icosian_rules::Label| Spot {
            place: Place::new(source, bytes(label.span)),
            text: label.text,
        };
        let patch = finding.fix.map(|fix| Patch {
            title: fix.title,
            safety: fix.safety,
            edits: fix.edits.iter().flat_map(|edit| changes(edit, source, &bytes)).collect(),
        });
        Self {
            card,
            level,
            source: Arc::clone(source),
            message: finding.message,
            label: spot(finding.label),
            others: finding.others.into_iter().map(spot).collect(),
            elsewhere: Vec::new(),
            help: finding.help,
            patch,
            is_linked: false,
        }
    }

    /// Returns what the rule says of itself.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
    /// let found = &report.diagnoses()[0];
    /// assert_eq!(found.rule().name, "node-without-output");
    /// assert_eq!((found.code(), found.file()), ("ICO0009", "src/rates.rs"));
    /// assert_eq!(found.level(), icosian_rules::Level::Deny);
    /// assert_eq!(found.message(), "node `rate` never returns");
    /// assert_eq!(found.help_text(), Some("return a value, or omit the return type"));
    /// assert!(found.others().is_empty() && found.patch().is_none());
    /// ```
    #[must_use]
    pub fn rule(&self) -> &'static Card {
        self.card
    }

    /// Returns the rule's code.
    ///
    /// # Examples
    /// See [`rule`](Self::rule).
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.card.code
    }

    /// Returns how much it matters.
    ///
    /// # Examples
    /// See [`rule`](Self::rule).
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// Returns the file's path, as reports show it.
    ///
    /// # Examples
    /// See [`rule`](Self::rule).
    #[must_use]
    pub fn file(&self) -> &str {
        self.source.name()
    }

    /// Returns what is wrong.
    ///
    /// # Examples
    /// See [`rule`](Self::rule).
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns where it is wrong.
    ///
    /// # Examples
    /// See [`Place`].
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.label.place
    }

    /// Returns lines of the file, with their numbers.
    pub(crate) fn lines(&self, numbers: RangeInclusive<usize>) -> impl Iterator<Item = (usize, &str)> {
        let before = numbers.start() - 1;
        let count = numbers.end().saturating_sub(before);
        (1..).zip(self.source.text().lines()).skip(before).take(count)
    }

    /// Returns what is written beside that place; it may be empty.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
    /// assert_eq!(report.diagnoses()[0].label(), "");
    /// ```
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label.text
    }

    /// Returns other places of its file that have to do with it.
    ///
    /// # Examples
    /// See [`Spot`].
    #[must_use]
    pub fn others(&self) -> &[Spot] {
        &self.others
    }

    /// Returns places of other files that have to do with it: only linked crates tell such.
    ///
    /// # Examples
    /// See [`Elsewhere`].
    #[must_use]
    pub fn elsewhere(&self) -> &[Elsewhere] {
        &self.elsewhere
    }

    /// Returns what to do about it.
    ///
    /// # Examples
    /// See [`rule`](Self::rule).
    #[must_use]
    pub fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Returns the changes that do it.
    ///
    /// # Examples
    /// See [`Patch`].
    #[must_use]
    pub fn patch(&self) -> Option<&Patch> {
        self.patch.as_ref()
    }
}

/// Returns the places that `edit` changes, each with its new text.
fn changes(
    edit: &Edit,
    source: &SourceText,
    bytes: &impl Fn(icosian_rules::SpanId) -> Range<usize>,
) -> Vec<(Place, String)> {
    use icosian_rules::EditKind;
    let (text, range) = (source.text(), bytes(edit.span));
    let change = |range: Range<usize>, new: String| (Place::new(source, range), new);
    match edit.kind {
        EditKind::Remove => vec![change(removed(text, range), String::new())],
        EditKind::MoveAfter(anchor) => {
            let anchor = bytes(anchor);
            let line = text[..anchor.start].rfind('\n').map_or(0, |at| at + 1);
            let indent: String =
                text[line..].chars().take_while(|it| it.is_whitespace() && *it != '\n').collect();
            // A comment behind the attribute goes with it, unless it would make a comment of what follows there.
            let comment = |end| comment_after(text, end);
            let (moved, to) = match (comment(range.end), comment(anchor.end)) {
                (Some(moved), Some(to)) => (range.start..moved, to),
                (_, to) => (range, to.unwrap_or(anchor.end)),
            };
            let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
            let added = format!("{end}{indent}{}", text.get(moved.clone()).unwrap_or_default());
            vec![change(removed(text, moved), String::new()), change(to..to, added)]
        }
        EditKind::InsertAbove => {
            let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
            let before = &text[line..range.start];
            let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
            let separator = if before.trim().is_empty() { format!("{end}{before}") } else { " ".to_owned() };
            vec![change(range.start..range.start, format!("{}{separator}", edit.text))]
        }
        // The enum is open: a kind that is not known changes as it says by its text.
        _ => vec![change(range, edit.text.clone())],
    }
}

/// Returns the end of the comment that is all that follows on the line of `end`, or of what follows when that is nothing.
fn comment_after(text: &str, end: usize) -> Option<usize> {
    let rest = text[end..].lines().next().unwrap_or_default();
    match rest.trim() {
        "" => Some(end),
        comment if comment.starts_with("//") => Some(end + rest.trim_end().len()),
        _ => None,
    }
}

/// Returns `range` with all of its lines when nothing else stands on them, otherwise with the blanks that would be left over.
fn removed(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at + 1);
    let (before, after) = (&text[start..range.start], &text[range.end..end]);
    match (before.trim().is_empty(), after.trim().is_empty()) {
        (true, true) => start..end,
        (true, false) => range.start..range.end + blanks(after),
        (false, _) if before.ends_with([' ', '\t']) && after.starts_with([' ', '\t']) => {
            range.start..range.end + blanks(after)
        }
        (false, true) if before.ends_with([' ', '\t']) => start + before.trim_end().len()..range.end,
        _ => range,
    }
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

impl Place {
    pub(crate) fn new(source: &SourceText, bytes: Range<usize>) -> Self {
        let (start, end) = (source.line_column(bytes.start), source.line_column(bytes.end));
        Self { start, end, bytes, mark: source.mark().len() }
    }

    /// Returns the line and the column of the first character.
    ///
    /// # Examples
    /// See [`Place`].
    #[must_use]
    pub fn start(&self) -> (usize, usize) {
        self.start
    }

    /// Returns the line and the column after the last character.
    ///
    /// # Examples
    /// See [`Place`].
    #[must_use]
    pub fn end(&self) -> (usize, usize) {
        self.end
    }

    /// Returns the bytes of the text, without the byte order mark.
    ///
    /// # Examples
    /// See [`Place`].
    #[must_use]
    pub fn bytes(&self) -> Range<usize> {
        self.bytes.clone()
    }

    /// Returns the bytes of the file on disk, including the byte order mark. Editors and the compiler count them this way.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let text = "\u{feff}#[node]\npub fn rate() -> ! { never() }\n";
    /// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", text);
    /// let place = report.diagnoses()[0].place();
    /// assert_eq!((place.bytes(), place.file_bytes()), (25..26, 28..29));
    /// ```
    #[must_use]
    pub fn file_bytes(&self) -> Range<usize> {
        self.bytes.start + self.mark..self.bytes.end + self.mark
    }
}

impl Elsewhere {
    /// Returns the file's path, as reports show it.
    ///
    /// # Examples
    /// See [`Elsewhere`].
    #[must_use]
    pub fn file(&self) -> &str {
        self.source.name()
    }

    /// Returns the place, and what is written beside it.
    ///
    /// # Examples
    /// See [`Elsewhere`].
    #[must_use]
    pub fn spot(&self) -> &Spot {
        &self.spot
    }
}

impl Spot {
    pub(crate) fn new(place: Place, text: String) -> Self {
        Self { place, text }
    }

    /// Returns where it is.
    ///
    /// # Examples
    /// See [`Spot`].
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Returns what is written beside it.
    ///
    /// # Examples
    /// See [`Spot`].
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn shown(&self, is_primary: bool) -> LabeledSpan {
        let span = SourceSpan::from(self.place.bytes());
        let text = (!self.text.is_empty()).then(|| plain(&self.text).into_owned());
        if is_primary {
            LabeledSpan::new_primary_with_span(text, span)
        } else {
            LabeledSpan::new_with_span(text, span)
        }
    }
}

impl Patch {
    /// Returns what the changes do.
    ///
    /// # Examples
    /// See [`Patch`].
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns whether the code does the same afterwards, but for what was wrong.
    ///
    /// # Examples
    /// See [`Patch`].
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.safety == Safety::Safe
    }

    /// Returns the changes: places, and what stands there afterwards.
    ///
    /// # Examples
    /// See [`Patch`].
    #[must_use]
    pub fn edits(&self) -> &[(Place, String)] {
        &self.edits
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&plain(&self.message))
    }
}

impl fmt::Debug for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.place().start();
        write!(f, "{}:{line}:{column}: {}: {} {}", self.file(), self.level, self.code(), self.message)
    }
}

impl std::error::Error for Diagnosis {}

impl Diagnostic for Diagnosis {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{} {}", self.card.code, self.card.name)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.level {
            Level::Deny => miette::Severity::Error,
            Level::Warn => miette::Severity::Warning,
            Level::Allow => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(plain_lines(help)) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let others = self.others.iter().map(|other| other.shown(false));
        Some(Box::new(std::iter::once(self.label.shown(true)).chain(others)))
    }

    /// A report has one source, so other files are reports of their own.
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let elsewhere = &self.elsewhere;
        (!elsewhere.is_empty()).then(|| Box::new(elsewhere.iter().map(|it| it as &dyn Diagnostic)) as _)
    }
}

impl fmt::Display for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("and here")
    }
}

impl fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.spot.place.start();
        write!(f, "{}:{line}:{column}: {}", self.file(), self.spot.text)
    }
}

impl std::error::Error for Elsewhere {}

impl Diagnostic for Elsewhere {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.spot.shown(true))))
    }
}

impl SourceCode for SourceText {
    /// As for text, with a column that counts characters.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text().read_span(span, before, after)?;
        let (_, column) = self.line_column(contents.span().offset());
        Ok(Box::new(MietteSpanContents::new_named(
            plain(self.name()).into_owned(),
            contents.data(),
            *contents.span(),
            contents.line(),
            column - 1,
            contents.line_count(),
        )))
    }
}
