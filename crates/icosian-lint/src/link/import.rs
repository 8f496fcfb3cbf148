//! Imports the results of linking: lines and columns become locations in the files of the run.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use icosian_rules::{Fact, Level, LinkedDataflow, RemoteFinding, RuleMetadata, Stage, WrittenSpot};
use proc_macro2::LineColumn;

use super::module_tree::modules;
use super::package::{FileNames, Package};
use super::remarks::remarks;
use super::report::{ClippyReport, LinkReport, LinkedBatch};
use crate::analysis::analyze_external_file;
use crate::file_analysis::FileAnalysis;
use crate::linked_file::LinkedFile;
use crate::rule_set::{BLOCKING_INLINE, MISSPELT_PARAM, RuleSet};
use crate::walk::is_excluded;
use crate::{Diagnosis, DiagnosisLabel, ExternalLabel, FileRange, SourceText, relative};

/// `large-future`, which clippy and the linked stage both report.
const LARGE_FUTURE: &str = "ICO0207";

/// Adds the facts and findings of `link` to `files`.
pub(crate) fn import(rules: &RuleSet, files: Vec<FileAnalysis>, link: &LinkReport) -> Vec<LinkedFile> {
    let mut import = LinkImport::new(rules, files, &link.folders);
    for batch in &link.batches {
        import.add_batch(batch);
    }
    for report in &link.clippy {
        import.add_clippy(report);
    }
    import.files
}

/// Returns the full path of the file of `spot`. The compiler names it relative to the folder of the package, or to one around it.
pub(crate) fn file_of(spot: &WrittenSpot) -> Option<PathBuf> {
    let package = Path::new(&spot.package);
    package.ancestors().find_map(|folder| folder.join(&spot.file).canonicalize().ok())
}

struct LinkImport<'a> {
    rules: &'a RuleSet,
    files: Vec<LinkedFile>,
    /// The positions of the files, by their full paths.
    positions: HashMap<PathBuf, usize>,
    /// The folders of the run.
    folders: &'a [PathBuf],
    /// Files that only have labels of findings.
    label_files: HashMap<PathBuf, Option<Arc<SourceText>>>,
}

impl<'a> LinkImport<'a> {
    fn new(rules: &'a RuleSet, files: Vec<FileAnalysis>, folders: &'a [PathBuf]) -> Self {
        let full = |(at, file): (usize, &FileAnalysis)| Some((file.path.canonicalize().ok()?, at));
        let positions = files.iter().enumerate().filter_map(full).collect();
        let files = files.into_iter().map(LinkedFile::from).collect();
        Self { rules, files, positions, folders, label_files: HashMap::new() }
    }

    /// Returns the position of the file of `spot`.
    fn position(&self, spot: &WrittenSpot) -> Option<usize> {
        self.positions.get(&file_of(spot)?).copied()
    }

    fn add_batch(&mut self, batch: &LinkedBatch) {
        let mut with_adapters = BTreeSet::new();
        for dataflow in &batch.transcript.dataflows {
            if let Some(at) = self.position(&dataflow.spot) {
                self.files[at].analysis.facts.stage = batch.stage;
                if self.link_dataflow(at, dataflow) {
                    with_adapters.insert(at);
                }
            }
            for finding in &dataflow.findings {
                self.add_finding(finding, &dataflow.spot, &batch.packages);
            }
        }
        for at in with_adapters {
            self.files[at].analysis.diagnoses.retain(|found| found.code() != BLOCKING_INLINE);
            self.check(at, |metadata| metadata.code == BLOCKING_INLINE);
        }
        self.add_unlinked(&batch.packages);
    }

    /// Marks a dataflow as linked. Returns whether its adapters are known now.
    fn link_dataflow(&mut self, at: usize, linked: &LinkedDataflow) -> bool {
        let file = &mut self.files[at];
        let Some(position) = dataflow_at(&file.analysis, &linked.spot) else { return false };
        let dataflow = &mut file.analysis.facts.dataflows[position];
        dataflow.linked = Fact::Known(true);
        let has_adapters = !linked.adapters.is_empty();
        if has_adapters {
            dataflow.adapters = Fact::Known(linked.adapters.clone());
        }
        if linked.failure.is_some() {
            file.unchecked.insert(position);
        } else {
            remove_misspelt(&mut file.analysis, position);
        }
        has_adapters
    }

    /// Runs the rules that `is_selected` accepts on the facts of a file.
    fn check(&mut self, at: usize, is_selected: impl Fn(&RuleMetadata) -> bool) {
        let analysis = &mut self.files[at].analysis;
        if let Some(source) = &analysis.source {
            let found = self.rules.check(&analysis.facts, source, &analysis.spans, is_selected);
            analysis.diagnoses.extend(found);
        }
    }

    /// Marks the dataflows that were not linked, because a `#[cfg(..)]` may disable them or because they are missing.
    fn add_unlinked(&mut self, packages: &[Arc<Package>]) {
        for library in packages.iter().filter_map(|package| package.library.as_ref()) {
            // Usually no dataflow is missing, and the modules need not be read.
            let mut expected = None;
            for file in &mut self.files {
                let LinkedFile { analysis, behind_cfg, .. } = file;
                let names = FileNames::of(&analysis.path, &analysis.links);
                let Some(source) = analysis.source.clone().filter(|_| library.may_contain(&names)) else {
                    continue;
                };
                for at in 0..analysis.facts.dataflows.len() {
                    if analysis.facts.dataflows[at].linked != Fact::Unknown {
                        continue;
                    }
                    let expected = expected.get_or_insert_with(|| modules(&library.root));
                    let name = analysis.bytes(analysis.facts.dataflows[at].name_span);
                    let (line, _) = source.line_column(name.start);
                    match expected.inline.get(&(names.real.clone(), line)) {
                        Some(true) => _ = behind_cfg.insert(at),
                        Some(false) => analysis.facts.dataflows[at].linked = Fact::Known(false),
                        None => {}
                    }
                }
            }
        }
        for at in 0..self.files.len() {
            if self.files[at].analysis.facts.dataflows.iter().any(|it| it.linked.is(&false)) {
                self.check(at, |metadata| metadata.stage == Stage::Linked);
            }
        }
    }

    /// Imports a finding at the first of its locations in a file of the run, or else at `module`, or else in a file of the package
    /// that was not read before, such as a generated one. Findings outside of the run and duplicates of source findings are dropped.
    fn add_finding(&mut self, finding: &RemoteFinding, module: &WrittenSpot, packages: &[Arc<Package>]) {
        let is_known = |spot: &&WrittenSpot| self.position(spot).is_some();
        let known = finding.spots.iter().find(is_known).or(Some(module).filter(is_known)).cloned();
        let mut message = finding.message.clone();
        let Some(main) = known.or_else(|| self.add_external(finding, module, packages, &mut message)) else {
            return;
        };
        let Some(at) = self.position(&main) else { return };
        let Some(source) = self.source_at(at) else { return };
        let (mut secondary, mut external) = (Vec::new(), Vec::new());
        for other in finding.spots.iter().filter(|it| **it != main) {
            if self.position(other) == Some(at) {
                secondary.push(label(&source, other));
            } else if let Some(source) = self.source_of(other) {
                external.push(ExternalLabel { label: label(&source, other), source });
            }
        }
        append_adapters(&mut message, &finding.adapters);
        let metadata = metadata(self.rules, &finding.code);
        let diagnosis = Diagnosis {
            metadata,
            level: self.rules.settings.level(metadata),
            label: label(&source, &main),
            source,
            message,
            secondary,
            external,
            help: finding.help.clone(),
            patch: None,
            is_linked: true,
        };
        let diagnoses = &mut self.files[at].analysis.diagnoses;
        if !diagnoses.iter().any(|known| is_same(known, &diagnosis)) {
            diagnoses.push(diagnosis);
        }
    }

    /// Returns the location of a finding in no file of the run, if its package is part of the run. An existing file is added; a
    /// missing one is replaced by the root of the library.
    fn add_external(
        &mut self,
        finding: &RemoteFinding,
        module: &WrittenSpot,
        packages: &[Arc<Package>],
        message: &mut String,
    ) -> Option<WrittenSpot> {
        let package = packages.iter().find(|it| Path::new(&module.package) == it.folder)?;
        let library = package.library.as_ref()?;
        let root = &library.root;
        // The library may lie outside of its package, and the package outside of its workspace.
        let places = [&library.real_root, &package.real_folder, &package.folder];
        let is_part = self.folders.iter().any(|it| places.iter().any(|place| place.starts_with(it)));
        for spot in finding.spots.iter().filter(|it| it.package == module.package).chain([module]) {
            let Some(file) = file_of(spot) else { continue };
            let is_below = self.folders.iter().any(|it| file.starts_with(it));
            if (is_part || is_below) && !is_excluded(&file, &self.rules.settings) && self.add_file(file) {
                return Some(spot.clone());
            }
        }
        if file_of(module).is_some() || !is_part {
            return None;
        }
        let file = root.display().to_string();
        let spot = WrittenSpot { file, line: 1, column: 1, width: 0, ..module.clone() };
        if self.position(&spot).is_none() && !self.add_file(root.clone()) {
            return None;
        }
        *message = format!("{message} (in `{}`, which cannot be read)", module.file);
        Some(spot)
    }

    /// Adds a file outside of the run. Returns whether it can be read.
    fn add_file(&mut self, file: PathBuf) -> bool {
        let Some(analysis) = analyze_external_file(self.rules, relative(&file)) else { return false };
        self.positions.insert(file, self.files.len());
        self.files.push(LinkedFile { is_external: true, ..LinkedFile::from(analysis) });
        true
    }

    fn source_at(&mut self, at: usize) -> Option<Arc<SourceText>> {
        let analysis = &mut self.files[at].analysis;
        if analysis.source.is_none() {
            let text = std::fs::read_to_string(&analysis.path).ok()?;
            analysis.source = Some(Arc::new(SourceText::new(&analysis.path, text)));
        }
        analysis.source.clone()
    }

    fn source_of(&mut self, spot: &WrittenSpot) -> Option<Arc<SourceText>> {
        if let Some(at) = self.position(spot) {
            return self.source_at(at);
        }
        let read = |file: &PathBuf| {
            let text = std::fs::read_to_string(file).ok()?;
            Some(Arc::new(SourceText::new(relative(file), text)))
        };
        self.label_files.entry(file_of(spot)?).or_insert_with_key(read).clone()
    }

    /// Makes the diagnostics of clippy in nodes facts, and runs the rules on these facts.
    fn add_clippy(&mut self, report: &ClippyReport) {
        let lints: Vec<&str> = self.rules.all_metadata().filter_map(|metadata| metadata.lint).collect();
        for (file, is_complete) in &report.files {
            let Some(&at) = self.positions.get(file) else { continue };
            let analysis = &mut self.files[at].analysis;
            let (remarks, spans) = remarks(&report.diagnostics, &lints, &report.root, file, analysis);
            (analysis.facts.clippy, analysis.spans) = (Fact::Known(remarks), spans);
            self.check(at, |metadata| metadata.stage == Stage::Clippy);
            let analysis = &mut self.files[at].analysis;
            remove_containing_futures(analysis);
            if !is_complete {
                analysis.facts.clippy = Fact::Unknown;
            }
        }
    }
}

/// Returns the position of the dataflow whose name is at `spot`.
fn dataflow_at(analysis: &FileAnalysis, spot: &WrittenSpot) -> Option<usize> {
    let source = analysis.source.as_ref()?;
    let line = |span| source.line_column(analysis.bytes(span).start).0;
    analysis.facts.dataflows.iter().position(|it| line(it.name_span) == spot.line as usize)
}

/// Removes the source findings about misspelt parameters in a linked dataflow: the harness checks them with all names.
fn remove_misspelt(analysis: &mut FileAnalysis, dataflow: usize) {
    let functions = &analysis.facts.dataflows[dataflow].functions;
    let params = functions.iter().flat_map(|function| &function.params);
    let params: BTreeSet<_> = params.map(|param| analysis.bytes(param.name_span).start).collect();
    analysis.diagnoses.retain(|found| {
        let is_source_finding = found.code() == MISSPELT_PARAM && !found.is_linked;
        !(is_source_finding && params.contains(&found.location().bytes().start))
    });
}

/// Removes findings about the size of a node's own future where clippy found the large future that the node awaits.
fn remove_containing_futures(analysis: &mut FileAnalysis) {
    let functions = analysis.facts.functions();
    let blocks: Vec<_> =
        functions.map(|it| (analysis.bytes(it.name_span), analysis.bytes(it.block_span))).collect();
    let of_clippy = analysis.diagnoses.iter().filter(|it| it.code() == LARGE_FUTURE && !it.is_linked);
    let awaited: Vec<_> = of_clippy.map(|it| it.location().bytes().start).collect();
    analysis.diagnoses.retain(|found| {
        let name = found.location().bytes().start;
        let block = blocks.iter().find(|(own, _)| own.contains(&name)).map(|(_, block)| block);
        let contains_awaited = block.is_some_and(|block| awaited.iter().any(|future| block.contains(future)));
        !(found.is_linked && found.code() == LARGE_FUTURE && contains_awaited)
    });
}

/// Appends the adapters of a finding that its message does not name.
fn append_adapters(message: &mut String, adapters: &[String]) {
    let quoted: Vec<_> = adapters.iter().map(|it| format!("`{it}`")).collect();
    let unnamed: Vec<_> = quoted.iter().map(String::as_str).filter(|it| !message.contains(it)).collect();
    if !unnamed.is_empty() {
        let also = if unnamed.len() == quoted.len() { "" } else { "also " };
        *message = format!("{message} ({also}under {})", unnamed.join(" and "));
    }
}

/// Returns whether two findings are the same: they have one rule, and labels at one place. Two findings of the linked stage may be
/// at one place, so that their messages are compared too.
fn is_same(known: &Diagnosis, new: &Diagnosis) -> bool {
    let new_labels = new.label_bytes();
    let overlaps =
        known.label_bytes().iter().any(|a| new_labels.iter().any(|b| a.start < b.end && b.start < a.end));
    known.metadata.code == new.metadata.code && overlaps && (known.message == new.message || !known.is_linked)
}

fn label(source: &SourceText, spot: &WrittenSpot) -> DiagnosisLabel {
    let (line, column, width) =
        (spot.line as usize, (spot.column as usize).saturating_sub(1), spot.width as usize);
    let (start, end) = (LineColumn { line, column }, LineColumn { line, column: column + width });
    DiagnosisLabel::new(FileRange::new(source, source.bytes(start, end)), spot.text.clone())
}

/// Returns the metadata of a code. Third-party decorators report codes that no rule has.
fn metadata(rules: &RuleSet, code: &str) -> &'static RuleMetadata {
    static UNKNOWN: Mutex<Vec<&'static RuleMetadata>> = Mutex::new(Vec::new());
    let first = code.split(' ').next().unwrap_or(code);
    if let Some(metadata) = rules.all_metadata().find(|metadata| metadata.code == first) {
        return metadata;
    }
    let mut unknown = UNKNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(metadata) = unknown.iter().find(|metadata| metadata.code == first) {
        return metadata;
    }
    // Each code is leaked once, and codes are few.
    let name = first.rsplit("::").next().unwrap_or(first).replace('_', "-");
    let metadata = RuleMetadata::new(first.to_owned().leak(), name.leak(), Level::Deny, Stage::Plan);
    let metadata: &'static RuleMetadata = Box::leak(Box::new(metadata));
    unknown.push(metadata);
    metadata
}
