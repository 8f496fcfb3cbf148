use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{Diagnosis, Linter, Notice, Patch, Report, SourceText, source};

/// What changes of source files led to.
///
/// # Examples
/// See [`Linter::fix_text`].
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Fixed {
    /// What is still wrong afterwards.
    pub report: Report,
    /// How many fixes were applied.
    pub applied: usize,
    /// Files that were not changed after all, and why.
    pub undone: Vec<Notice>,
}

/// How often files are looked at again, because a fix may bring about what another mends.
const ROUNDS: usize = 10;

impl Linter {
    /// Mends what has a fix in the Rust files below `paths`, and looks at them again.
    ///
    /// Only fixes after which the code does the same are applied, unless `also_unsafe`. A file that could not be parsed
    /// afterwards is left as it was. Nothing is compiled: [`fix_linked`](Self::fix_linked) does that too.
    ///
    /// # Errors
    /// None: what could not be written is among [`Fixed::undone`].
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let fixed = Linter::new(Settings::default()).fix(&["src/lib.rs".into()], false);
    /// assert_eq!(fixed.applied, 0);
    /// ```
    #[must_use]
    pub fn fix(&self, paths: &[PathBuf], also_unsafe: bool) -> Fixed {
        let mut mending = Mending::new(self.lint(paths), also_unsafe);
        self.mend(paths, &mut mending);
        mending.fixed()
    }

    /// Applies fixes until there are none.
    pub(crate) fn mend(&self, paths: &[PathBuf], mending: &mut Mending) {
        for _ in 0..ROUNDS {
            if !mending.apply() {
                break;
            }
            mending.report = self.lint(paths);
        }
    }

    /// Mends `text` as if it were the file at `path`; returns it with what is still wrong.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let wrong = "#[tag(owner = \"finance\")]\n#[node]\npub fn rate() -> f64 { 1.0 }\n";
    /// let (text, fixed) = Linter::new(Settings::default()).fix_text("src/rates.rs", wrong, false);
    /// assert_eq!(text, "#[node]\n#[tag(owner = \"finance\")]\npub fn rate() -> f64 { 1.0 }\n");
    /// assert!(fixed.report.is_clean() && fixed.applied == 1);
    /// ```
    #[must_use]
    pub fn fix_text(&self, path: &str, text: impl Into<String>, also_unsafe: bool) -> (String, Fixed) {
        let mut text = text.into();
        let mut fixed = Fixed { report: self.lint_text(path, text.as_str()), ..Fixed::default() };
        for _ in 0..ROUNDS {
            let Some((source, patches)) = by_file(&fixed.report, also_unsafe).into_iter().next() else {
                break;
            };
            let (next, count) = apply(source.text(), &patches);
            if let Err(why) = parses(&source, &next) {
                fixed.undone.push(Notice::new(path, why));
                break;
            }
            fixed.applied += count;
            fixed.report = self.lint_text(path, next.as_str());
            text = next;
        }
        (text, fixed)
    }
}

/// Fixes on their way into files.
pub(crate) struct Mending {
    /// What is wrong now.
    pub(crate) report: Report,
    also_unsafe: bool,
    /// The files that were changed.
    changed: BTreeMap<PathBuf, Changed>,
    given_up: Vec<PathBuf>,
    undone: Vec<Notice>,
}

struct Changed {
    before: Arc<SourceText>,
    /// How many fixes were applied.
    count: usize,
}

impl Mending {
    pub(crate) fn new(report: Report, also_unsafe: bool) -> Self {
        Self { report, also_unsafe, changed: BTreeMap::new(), given_up: Vec::new(), undone: Vec::new() }
    }

    /// Returns the files for which there are fixes.
    pub(crate) fn candidates(&self) -> Vec<PathBuf> {
        by_file(&self.report, self.also_unsafe).iter().map(|(source, _)| source.path().to_owned()).collect()
    }

    /// Returns the files that are changed.
    pub(crate) fn changed(&self) -> impl Iterator<Item = &Path> {
        self.changed.keys().map(PathBuf::as_path)
    }

    /// Applies the fixes for what is wrong now; says whether there were any.
    fn apply(&mut self) -> bool {
        let mut any = false;
        for (source, patches) in by_file(&self.report, self.also_unsafe) {
            if self.given_up.iter().any(|path| path == source.path()) {
                continue;
            }
            let (text, count) = apply(source.text(), &patches);
            let undo = match parses(&source, &text) {
                Err(why) => Some(why),
                Ok(()) => write(&source, &text).err().map(|error| format!("cannot be written: {error}")),
            };
            if let Some(why) = undo {
                self.given_up.push(source.path().to_owned());
                self.undone.push(Notice::new(source.path(), why));
            } else {
                let path = source.path().to_owned();
                self.changed.entry(path).or_insert(Changed { before: source, count: 0 }).count += count;
                any = true;
            }
        }
        any
    }

    /// Gives a file that was changed the text back that it had; says what was taken back.
    pub(crate) fn undo(&mut self, path: &Path) -> Option<Undone> {
        let changed = self.changed.remove(path)?;
        let after = std::fs::read(path);
        match after.and_then(|after| write(&changed.before, changed.before.text()).map(|()| after)) {
            Ok(after) => Some(Undone { changed, after }),
            Err(error) => {
                let text = format!("has fixes that do not compile, and cannot be written: {error}");
                self.undone.push(Notice::new(path, text).with_consequence("they stay"));
                None
            }
        }
    }

    /// Changes a file again as it was changed.
    pub(crate) fn redo(&mut self, undone: Undone) {
        let path = undone.path().to_owned();
        match std::fs::write(&path, undone.after) {
            Ok(()) => _ = self.changed.insert(path, undone.changed),
            Err(error) => {
                let notice = Notice::new(path, format!("cannot be written: {error}"));
                self.undone.push(notice.with_consequence(UNMENDED));
            }
        }
    }

    /// Leaves a file as it was.
    pub(crate) fn give_up(&mut self, undone: &Undone, why: &str) {
        let notice = Notice::new(undone.path(), format!("stays as it is: {why}"));
        self.undone.push(notice.with_consequence(UNMENDED));
    }

    pub(crate) fn fixed(self) -> Fixed {
        let applied = self.changed.values().map(|it| it.count).sum();
        Fixed { report: self.report, applied, undone: self.undone }
    }
}

/// A file that has its own text again, and what the fixes had made of it.
pub(crate) struct Undone {
    changed: Changed,
    after: Vec<u8>,
}

impl Undone {
    pub(crate) fn path(&self) -> &Path {
        self.changed.before.path()
    }
}

/// What follows where fixes are taken back.
const UNMENDED: &str = "none of its fixes was applied";

fn by_file(report: &Report, also_unsafe: bool) -> Vec<(Arc<SourceText>, Vec<&Patch>)> {
    // By path: two of them may be shown as one name.
    let mut files: BTreeMap<&Path, (Arc<SourceText>, Vec<&Patch>)> = BTreeMap::new();
    for found in report.diagnoses() {
        let Diagnosis { source, patch: Some(patch), .. } = found else { continue };
        if patch.is_safe() || also_unsafe {
            let (_, patches) = files.entry(source.path()).or_insert_with(|| (Arc::clone(source), Vec::new()));
            patches.push(patch);
        }
    }
    files.into_values().collect()
}

/// Applies the patches that do not overlap an earlier one; returns the text, and how many they were.
fn apply(text: &str, patches: &[&Patch]) -> (String, usize) {
    let mut edits: Vec<(std::ops::Range<usize>, &str)> = Vec::new();
    let mut count = 0;
    for patch in patches {
        let new: Vec<_> = patch.edits().iter().map(|(place, text)| (place.bytes(), text.as_str())).collect();
        let overlaps = |(range, _): &(std::ops::Range<usize>, &str)| {
            edits.iter().any(|(taken, _)| {
                range.start < taken.end && taken.start < range.end || range.start == taken.start
            })
        };
        if !new.iter().any(overlaps) {
            edits.extend(new);
            count += 1;
        }
    }
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut written = String::with_capacity(text.len());
    let mut done = 0;
    for (range, new) in edits {
        written.push_str(&text[done..range.start]);
        written.push_str(new);
        done = range.end;
    }
    written.push_str(&text[done..]);
    (written, count)
}

/// Says why `text` is no Rust any more.
fn parses(source: &SourceText, text: &str) -> Result<(), String> {
    let text = SourceText::new(source.path(), text);
    let read = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(crate::engine::STACK);
        thread.spawn_scoped(scope, || source::read(&text).map(|_| ())).ok().and_then(|it| it.join().ok())
    });
    match read {
        Some(Ok(())) => Ok(()),
        Some(Err(refusal)) => Err(format!("stays as it is: after the fixes, {}", refusal.message)),
        None => Err("stays as it is: after the fixes, nobody can say whether it parses".to_owned()),
    }
}

fn write(source: &SourceText, text: &str) -> std::io::Result<()> {
    std::fs::write(source.path(), format!("{}{text}", source.mark()))
}
