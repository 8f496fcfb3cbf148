//! Applies fixes to files.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::stack::STACK_SIZE;
use crate::{Diagnosis, Notice, Patch, Report, SourceText, source};

/// The fixes to apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixScope {
    /// Fixes that keep the behaviour of the code, except for the fault.
    Safe,
    /// All fixes, also fixes that may change the behaviour of the code.
    All,
}

/// The result of a run that applies fixes.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct FixOutcome {
    /// The findings that remain.
    pub report: Report,
    /// The number of fixes that were applied.
    pub applied: usize,
    /// The files whose fixes were reverted, with reasons.
    pub reverted: Vec<Notice>,
}

/// The maximal number of rounds. A fix may reveal a fault that has a fix too.
const MAX_ROUNDS: usize = 10;

/// The consequence for files whose fixes are reverted.
const NOT_FIXED: &str = "none of its fixes was applied";

/// Applies the fixes of `report`. `lint` checks the same files again.
///
/// A file that no longer parses is reverted.
pub(crate) fn fix(report: Report, scope: FixScope, lint: impl Fn() -> Report) -> FixOutcome {
    let mut session = FixSession::new(report, scope);
    session.apply_all(lint);
    session.finish()
}

/// Applies the fixes of `report`, a report on `text` as the file at `path`, and returns the fixed text. `lint` checks a text.
pub(crate) fn fix_text(
    path: &str,
    text: String,
    scope: FixScope,
    lint: impl Fn(&str) -> Report,
) -> (String, FixOutcome) {
    let mut outcome = FixOutcome { report: lint(&text), ..FixOutcome::default() };
    let mut text = text;
    for _ in 0..MAX_ROUNDS {
        let Some((source, patches)) = patches_by_file(&outcome.report, scope).into_iter().next() else {
            break;
        };
        let (next, count) = apply_patches(source.text(), &patches);
        if let Err(reason) = check_syntax(&source, &next) {
            outcome.reverted.push(Notice::new(path, reason));
            break;
        }
        outcome.applied += count;
        outcome.report = lint(&next);
        text = next;
    }
    (text, outcome)
}

/// The files that fixes have changed, with their original texts.
pub(crate) struct FixSession {
    /// The findings in the current files.
    report: Report,
    scope: FixScope,
    changed: BTreeMap<PathBuf, ChangedFile>,
    /// Files that no longer parse with their fixes.
    skipped: Vec<PathBuf>,
    reverted: Vec<Notice>,
}

struct ChangedFile {
    before: Arc<SourceText>,
    /// The number of fixes.
    count: usize,
}

/// A file that has its original text again, with the text that fixes had made of it.
pub(crate) struct RevertedFile {
    changed: ChangedFile,
    fixed: Vec<u8>,
}

impl RevertedFile {
    pub(crate) fn path(&self) -> &Path {
        self.changed.before.path()
    }
}

impl FixSession {
    pub(crate) fn new(report: Report, scope: FixScope) -> Self {
        Self { report, scope, changed: BTreeMap::new(), skipped: Vec::new(), reverted: Vec::new() }
    }

    /// Returns the files with fixes.
    pub(crate) fn candidates(&self) -> Vec<PathBuf> {
        let files = patches_by_file(&self.report, self.scope);
        files.iter().map(|(source, _)| source.path().to_owned()).collect()
    }

    /// Returns the files that fixes have changed.
    pub(crate) fn changed(&self) -> impl Iterator<Item = &Path> {
        self.changed.keys().map(PathBuf::as_path)
    }

    /// Applies fixes until no finding has one. `lint` checks the files again.
    pub(crate) fn apply_all(&mut self, lint: impl Fn() -> Report) {
        for _ in 0..MAX_ROUNDS {
            if !self.apply() {
                break;
            }
            self.report = lint();
        }
    }

    /// Applies the fixes of the current findings. Returns whether there were any.
    fn apply(&mut self) -> bool {
        let mut is_changed = false;
        for (source, patches) in patches_by_file(&self.report, self.scope) {
            let path = source.path().to_owned();
            if self.skipped.contains(&path) {
                continue;
            }
            let (text, count) = apply_patches(source.text(), &patches);
            let written = check_syntax(&source, &text)
                .and_then(|()| write(&source, &text).map_err(|error| format!("cannot be written: {error}")));
            if let Err(reason) = written {
                self.reverted.push(Notice::new(&path, reason));
                self.skipped.push(path);
            } else {
                self.changed.entry(path).or_insert(ChangedFile { before: source, count: 0 }).count += count;
                is_changed = true;
            }
        }
        is_changed
    }

    /// Restores the original text of a file.
    pub(crate) fn revert(&mut self, path: &Path) -> Option<RevertedFile> {
        let changed = self.changed.remove(path)?;
        let fixed = std::fs::read(path);
        match fixed.and_then(|fixed| write(&changed.before, changed.before.text()).map(|()| fixed)) {
            Ok(fixed) => Some(RevertedFile { changed, fixed }),
            Err(error) => {
                let text = format!("has fixes that do not compile, and cannot be written: {error}");
                self.reverted.push(Notice::new(path, text).with_consequence("they stay"));
                None
            }
        }
    }

    /// Writes the fixes of a reverted file again.
    pub(crate) fn restore(&mut self, file: RevertedFile) {
        let path = file.path().to_owned();
        match std::fs::write(&path, file.fixed) {
            Ok(()) => _ = self.changed.insert(path, file.changed),
            Err(error) => {
                let notice = Notice::new(path, format!("cannot be written: {error}"));
                self.reverted.push(notice.with_consequence(NOT_FIXED));
            }
        }
    }

    /// Records the reason why a file stays reverted.
    pub(crate) fn reject(&mut self, file: &RevertedFile, reason: &str) {
        let notice = Notice::new(file.path(), format!("was not changed: {reason}"));
        self.reverted.push(notice.with_consequence(NOT_FIXED));
    }

    pub(crate) fn finish(self) -> FixOutcome {
        let applied = self.changed.values().map(|it| it.count).sum();
        FixOutcome { report: self.report, applied, reverted: self.reverted }
    }
}

fn patches_by_file(report: &Report, scope: FixScope) -> Vec<(Arc<SourceText>, Vec<&Patch>)> {
    // By path, because two paths may have one name in reports.
    let mut files: BTreeMap<&Path, (Arc<SourceText>, Vec<&Patch>)> = BTreeMap::new();
    for found in report.diagnoses() {
        let Diagnosis { source, patch: Some(patch), .. } = found else { continue };
        if patch.is_safe() || scope == FixScope::All {
            let (_, patches) = files.entry(source.path()).or_insert_with(|| (Arc::clone(source), Vec::new()));
            patches.push(patch);
        }
    }
    files.into_values().collect()
}

/// Applies the patches that do not overlap an earlier one. Returns the text, and the number of these patches.
fn apply_patches(text: &str, patches: &[&Patch]) -> (String, usize) {
    let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
    let mut count = 0;
    for patch in patches {
        let new: Vec<_> =
            patch.edits().iter().map(|(location, text)| (location.bytes(), text.as_str())).collect();
        let overlaps = |(range, _): &(Range<usize>, &str)| {
            edits.iter().any(|(other, _)| {
                range.start < other.end && other.start < range.end || range.start == other.start
            })
        };
        if !new.iter().any(overlaps) {
            edits.extend(new);
            count += 1;
        }
    }
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut fixed = String::with_capacity(text.len());
    let mut done = 0;
    for (range, new) in edits {
        fixed.push_str(&text[done..range.start]);
        fixed.push_str(new);
        done = range.end;
    }
    fixed.push_str(&text[done..]);
    (fixed, count)
}

/// Returns the reason why `text` does not parse.
fn check_syntax(source: &SourceText, text: &str) -> Result<(), String> {
    let text = SourceText::new(source.path(), text);
    let read = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_SIZE);
        thread.spawn_scoped(scope, || source::read(&text).map(|_| ())).ok().and_then(|it| it.join().ok())
    });
    match read {
        Some(Ok(())) => Ok(()),
        Some(Err(refusal)) => Err(format!("was not changed: after the fixes, {}", refusal.message)),
        None => Err("was not changed: after the fixes, the parser does not end".to_owned()),
    }
}

fn write(source: &SourceText, text: &str) -> std::io::Result<()> {
    std::fs::write(source.path(), format!("{}{text}", source.mark()))
}
