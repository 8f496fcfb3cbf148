use std::ops::Range;

use icosian_rules::{Edit, EditKind, Fix, Safety, SpanId};

use crate::{FileRange, SourceText};

/// A fix of a finding: changes of the file's text.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
///
/// let text = "#[tag(a = \"1\")]\n#[node]\npub fn rate() -> f64 { 1.0 }\n";
/// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", text);
/// let patch = report.diagnoses()[0].patch().expect("the rule has a fix");
/// assert!(patch.is_safe());
/// assert_eq!((patch.title(), patch.edits().len()), ("move `tag` below `#[node]`", 2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    title: String,
    safety: Safety,
    edits: Vec<(FileRange, String)>,
}

impl Patch {
    /// Resolves the edits of `fix`. `bytes` returns the range of a span.
    pub(crate) fn new(fix: Fix, source: &SourceText, bytes: &impl Fn(SpanId) -> Range<usize>) -> Self {
        let edits = fix.edits.iter().flat_map(|edit| resolve(edit, source, bytes)).collect();
        Self { title: fix.title, safety: fix.safety, edits }
    }

    /// Returns a sentence that describes the changes.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns whether the changes keep the behaviour of the code, except for the fault.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.safety == Safety::Safe
    }

    /// Returns the changes, each a location and its new text.
    #[must_use]
    pub fn edits(&self) -> &[(FileRange, String)] {
        &self.edits
    }
}

/// Returns the ranges that `edit` replaces, each with its new text.
fn resolve(
    edit: &Edit,
    source: &SourceText,
    bytes: &impl Fn(SpanId) -> Range<usize>,
) -> Vec<(FileRange, String)> {
    let (text, range) = (source.text(), bytes(edit.span));
    let replace = |range: Range<usize>, new: String| (FileRange::new(source, range), new);
    match edit.kind {
        EditKind::Remove => vec![replace(expand_removal(text, range), String::new())],
        EditKind::MoveAfter(anchor) => {
            let anchor = bytes(anchor);
            let line = line_start(text, anchor.start);
            let indent: String =
                text[line..].chars().take_while(|it| it.is_whitespace() && *it != '\n').collect();
            // A comment behind the attribute moves with it, unless the comment would swallow code at the new place.
            let (moved, to) = match (trailing_comment(text, range.end), trailing_comment(text, anchor.end)) {
                (Some(moved), Some(to)) => (range.start..moved, to),
                (_, to) => (range, to.unwrap_or(anchor.end)),
            };
            let added =
                format!("{}{indent}{}", line_break(text), text.get(moved.clone()).unwrap_or_default());
            vec![replace(expand_removal(text, moved), String::new()), replace(to..to, added)]
        }
        EditKind::InsertAbove => {
            let before = &text[line_start(text, range.start)..range.start];
            let separator = if before.trim().is_empty() {
                format!("{}{before}", line_break(text))
            } else {
                " ".to_owned()
            };
            vec![replace(range.start..range.start, format!("{}{separator}", edit.text))]
        }
        // The enum is non-exhaustive. Unknown kinds replace the span.
        _ => vec![replace(range, edit.text.clone())],
    }
}

fn line_start(text: &str, byte: usize) -> usize {
    text[..byte].rfind('\n').map_or(0, |at| at + 1)
}

fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Returns the end of a line comment that is alone behind byte `end`, `end` if nothing follows it, or `None` if code follows.
fn trailing_comment(text: &str, end: usize) -> Option<usize> {
    let rest = text[end..].lines().next().unwrap_or_default();
    match rest.trim() {
        "" => Some(end),
        comment if comment.starts_with("//") => Some(end + rest.trim_end().len()),
        _ => None,
    }
}

/// Returns `range` with its whole lines if it is alone on them, or else with the blanks that its removal would leave over.
fn expand_removal(text: &str, range: Range<usize>) -> Range<usize> {
    let start = line_start(text, range.start);
    let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at + 1);
    let (before, after) = (&text[start..range.start], &text[range.end..end]);
    match (before.trim().is_empty(), after.trim().is_empty()) {
        (true, true) => start..end,
        (true, false) => range.start..range.end + leading_blanks(after),
        (false, _) if before.ends_with([' ', '\t']) && after.starts_with([' ', '\t']) => {
            range.start..range.end + leading_blanks(after)
        }
        (false, true) if before.ends_with([' ', '\t']) => start + before.trim_end().len()..range.end,
        _ => range,
    }
}

fn leading_blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}
