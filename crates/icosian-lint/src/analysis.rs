//! The source stage: reads each file alone, on all cores, and checks it.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use icosian_rules::Facts;
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::file_analysis::FileAnalysis;
use crate::foreign::{find_foreign, is_foreign_file};
use crate::rule_set::{RuleSet, UNUSED_ALLOW, runs_on_source};
use crate::source::{self, SourceFacts};
use crate::stack::STACK_SIZE;
use crate::walk::{SourcePath, find_files};
use crate::{Notice, SourceText};

/// The files of a run.
pub(crate) struct SourceAnalysis {
    /// The files, sorted by name.
    pub(crate) files: Vec<FileAnalysis>,
    /// The inputs that could not be read.
    pub(crate) notices: Vec<Notice>,
    /// The folders of packages that belong to no workspace, as full paths. Their files are not among `files`.
    pub(crate) foreign: BTreeSet<PathBuf>,
}

/// Reads and checks the Rust files below `paths`.
pub(crate) fn analyze(rules: &RuleSet, paths: &[PathBuf]) -> SourceAnalysis {
    let (found, mut notices) = find_files(paths, &rules.settings);
    let mut files = analyze_together(&found, |SourcePath { path, links }| FileAnalysis {
        links: links.clone(),
        ..analyze_file(rules, path)
    });
    let requested: Vec<_> = paths.iter().filter_map(|it| it.canonicalize().ok()).collect();
    let foreign = find_foreign(&files, &requested);
    files.retain(|file| !is_foreign_file(&file.path, &foreign));
    notices.extend(files.iter().filter_map(|file| file.error.clone()));
    SourceAnalysis { files, notices, foreign }
}

/// Checks `text` as if it were the file at `path`.
pub(crate) fn analyze_text(rules: &RuleSet, path: &Path, text: String) -> SourceAnalysis {
    let source = Arc::new(SourceText::new(path, text));
    let files = analyze_together(&[source], |source| analyze_source(rules, source));
    let notices = files.iter().filter_map(|file| file.error.clone()).collect();
    SourceAnalysis { files, notices, foreign: BTreeSet::new() }
}

/// Reads and checks one file. A file without the words of an attribute is not parsed.
pub(crate) fn analyze_file(rules: &RuleSet, path: &Path) -> FileAnalysis {
    let failed = |message: String| FileAnalysis::failed(path, Notice::new(path, message));
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return failed(format!("cannot be read: {error}")),
    };
    if !source::may_have_dataflow(&bytes) {
        return FileAnalysis::empty(path);
    }
    match String::from_utf8(bytes) {
        Ok(text) => analyze_source(rules, &Arc::new(SourceText::new(path, text))),
        Err(error) => failed(format!("is not UTF-8 from byte {} on", error.utf8_error().valid_up_to())),
    }
}

/// Reads a file outside of the run that has locations of remote findings. Only its `allow(..)` count.
///
/// Returns `None` if the file cannot be read.
pub(crate) fn analyze_external_file(rules: &RuleSet, path: &Path) -> Option<FileAnalysis> {
    let source = Arc::new(SourceText::new(path, std::fs::read_to_string(path).ok()?));
    let analysis = analyze_source(rules, &source);
    let facts = Facts { allows: analysis.facts.allows, ..Facts::default() };
    Some(FileAnalysis { source: Some(source), facts, diagnoses: Vec::new(), error: None, ..analysis })
}

fn analyze_source(rules: &RuleSet, source: &Arc<SourceText>) -> FileAnalysis {
    let failed = |error| FileAnalysis::failed(source.path(), error);
    // A panic of a rule or of the parser in one file must not hide the findings of the others.
    let analysis = catch_unwind(AssertUnwindSafe(|| match source::read(source) {
        Ok(read) => check(rules, source, read),
        Err(refusal) => failed(Notice::new(source.path(), refusal.message).at(refusal.at)),
    }));
    let panicked = "causes a panic of the linter, which is a bug of the linter";
    analysis.unwrap_or_else(|_| failed(Notice::new(source.path(), panicked)))
}

fn check(rules: &RuleSet, source: &Arc<SourceText>, read: SourceFacts) -> FileAnalysis {
    let settings = &rules.settings;
    let SourceFacts { mut facts, spans } = read;
    facts.rules = rules.all_metadata().collect();
    facts.blocking = settings.blocking().to_vec();
    facts.adapters = settings.adapters_of(None);
    for dataflow in &mut facts.dataflows {
        dataflow.adapters = settings.adapters_of(Some(&dataflow.name));
    }
    for allow in &mut facts.allows {
        allow.is_of_other = settings.is_external_rule(&allow.rule);
    }
    let is_selected = |metadata: &_| runs_on_source(metadata) && metadata.code != UNUSED_ALLOW;
    let diagnoses = rules.check(&facts, source, &spans, is_selected);
    let empty = FileAnalysis::empty(source.path());
    FileAnalysis { source: Some(Arc::clone(source)), facts, spans, diagnoses, ..empty }
}

/// Analyses inputs on all cores, in threads with a large stack, because the parser is recursive.
fn analyze_together<I: Sync>(inputs: &[I], analyze: impl Fn(&I) -> FileAnalysis + Sync) -> Vec<FileAnalysis> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads =
        ThreadPoolBuilder::new().num_threads(cores.min(inputs.len())).stack_size(STACK_SIZE).build();
    match threads {
        Ok(threads) => threads.install(|| inputs.into_par_iter().map(&analyze).collect()),
        // The system has no room for another thread.
        Err(_) => inputs.iter().map(analyze).collect(),
    }
}
