//! The linked stage: builds a harness that links crates, and checks their dataflows as a driver does.

mod build;
mod cargo;
mod clippy;
mod failure;
mod find_workspaces;
mod harness;
mod import;
mod module_tree;
mod network;
mod options;
mod origin;
mod package;
mod program;
mod remarks;
mod report;
mod session;
mod verify_fixes;
mod workspace;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cargo_metadata::PackageId;
use icosian_rules::{HarnessRequest, LinkedDataflow, RemoteFinding, Setting, Stage, Transcript, Wanted};

use clippy::run_clippy;
use find_workspaces::{FoundWorkspaces, find_workspaces};
use harness::run_harness;
use module_tree::modules;
use package::{InputFile, Package};
use program::program_packages;
use report::LinkedBatch;
use workspace::Workspace;

use crate::adapters::ADAPTERS;
use crate::analysis::{SourceAnalysis, analyze_file};
use crate::file_analysis::FileAnalysis;
use crate::foreign::is_foreign_file;
use crate::rule_set::RuleSet;
use crate::walk::is_excluded;
use crate::{Notice, Settings, relative};

pub(crate) use import::{file_of, import};
pub use options::{LinkOptions, LinkProgress};
pub(crate) use report::LinkReport;
pub(crate) use verify_fixes::verify_fixes;
pub use workspace::{package_folders, target_folder};

/// The purpose of linking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkPurpose {
    /// Check dataflows.
    Check,
    /// Describe the graphs of dataflows.
    Describe,
}

/// Links the libraries and programs that contain `sources`, and checks or describes their dataflows.
pub(crate) fn link(
    rules: &RuleSet,
    sources: &SourceAnalysis,
    paths: &[PathBuf],
    options: &LinkOptions,
    purpose: LinkPurpose,
) -> LinkReport {
    let paths: Vec<_> = paths.iter().filter_map(|it| it.canonicalize().ok()).collect();
    let folders: Vec<_> = paths.iter().filter(|it| it.is_dir()).cloned().collect();
    let mut files: Vec<_> = sources.files.iter().map(InputFile::new).collect();
    let FoundWorkspaces { workspaces, foreign, errors } = find_workspaces(&files, &paths, options);
    files.retain(|file| !is_foreign_file(&file.analysis.path, &foreign));
    let is_complete = errors.is_empty();
    let mut report = LinkReport {
        notices: errors,
        outside_files: Vec::new(),
        batches: Vec::new(),
        clippy: Vec::new(),
        unlinked: BTreeSet::new(),
        is_complete,
        clippy_is_complete: is_complete && options.clippy,
        folders,
        foreign,
    };
    let outside_files = analyze_outside(rules, &workspaces, &report.folders, &files);
    report.notices.extend(outside_files.iter().filter_map(|file| file.error.clone()));
    files.extend(outside_files.iter().map(InputFile::new));
    for workspace in &workspaces {
        link_workspace(rules, workspace, &files, options, purpose, &mut report);
        if options.clippy && purpose == LinkPurpose::Check {
            add_clippy(rules, workspace, &files, options, &mut report);
        }
    }
    let dataflows: Vec<_> = report.batches.iter().flat_map(|it| &it.transcript.dataflows).collect();
    let unused = unused_config(&rules.settings, &dataflows, options);
    report.notices.extend(unused);
    LinkReport { outside_files, ..report }
}

/// Reads libraries whose package is in one of `folders` and whose files are in none: `[lib] path = ".."` may name any file.
fn analyze_outside(
    rules: &RuleSet,
    workspaces: &[Workspace],
    folders: &[PathBuf],
    files: &[InputFile<'_>],
) -> Vec<FileAnalysis> {
    let is_below = |path: &Path| folders.iter().any(|folder| path.starts_with(folder));
    let packages = workspaces.iter().flat_map(|it| &it.packages);
    let packages = packages.filter(|it| it.may_register && is_below(&it.real_folder));
    let libraries = packages.filter_map(|it| it.library.as_ref()).filter(|it| !is_below(&it.real_root));
    let outside: BTreeSet<_> = libraries.flat_map(|library| modules(&library.root).files).collect();
    let outside = outside.into_iter().filter(|file| {
        let is_known = files.iter().any(|it| it.names.real == *file);
        !is_known && !is_below(file) && !is_excluded(file, &rules.settings)
    });
    outside.map(|file| analyze_file(rules, relative(&file))).collect()
}

/// Links the packages of `workspace` that contain `files`. Packages that do not compile become notices.
fn link_workspace(
    rules: &RuleSet,
    workspace: &Workspace,
    files: &[InputFile<'_>],
    options: &LinkOptions,
    purpose: LinkPurpose,
    report: &mut LinkReport,
) {
    let (programs, disabled) = program_packages(workspace, files, options);
    report.unlinked.extend(disabled);
    let contains_files = |package: &Package| {
        let library = package.library.as_ref();
        library.is_some_and(|library| files.iter().any(|file| library.may_contain(&file.names)))
    };
    let libraries = workspace.packages.iter().filter(|it| it.may_register && contains_files(it)).cloned();
    let mut packages: Vec<_> = libraries.chain(programs.into_iter().map(Arc::new)).collect();
    while !packages.is_empty() {
        let request = HarnessRequest {
            describe_graphs: purpose == LinkPurpose::Describe,
            ..request(&rules.settings, &packages, options)
        };
        let failure = match run_harness(workspace, &packages, &request, options) {
            Ok(transcript) => {
                report.notices.extend(transcript_notices(&rules.settings, &transcript, files));
                let is_under_all =
                    ADAPTERS.iter().all(|adapter| request.usual.adapters.iter().any(|it| it == adapter));
                let stage = if is_under_all { Stage::Plan } else { Stage::Linked };
                report.batches.push(LinkedBatch {
                    root: workspace.root.clone(),
                    transcript,
                    stage,
                    packages,
                });
                return;
            }
            Err(failure) => failure,
        };
        report.is_complete = false;
        report.notices.extend(failure.notices);
        let count = packages.len();
        let is_broken = |package: &Package, broken: &PackageId| match &package.program {
            Some(program) if workspace.name_of(broken) == program.package => true,
            _ => workspace.needs(&package.id, broken),
        };
        packages.retain(|it| !failure.packages.iter().any(|broken| is_broken(it, broken)));
        if packages.len() == count {
            return;
        }
    }
}

fn add_clippy(
    rules: &RuleSet,
    workspace: &Workspace,
    files: &[InputFile<'_>],
    options: &LinkOptions,
    report: &mut LinkReport,
) {
    let lints: Vec<&str> = rules.all_metadata().filter_map(|metadata| metadata.lint).collect();
    match run_clippy(workspace, files, &lints, options, &report.notices) {
        None => {}
        Some(Err(notice)) => {
            report.clippy_is_complete = false;
            report.notices.push(notice);
        }
        Some(Ok((clippy, notices))) => {
            report.clippy_is_complete &= clippy.files.values().all(|is_complete| *is_complete);
            report.notices.extend(notices);
            report.clippy.push(clippy);
        }
    }
}

/// Returns the request for a harness that links `packages`.
fn request(settings: &Settings, packages: &[Arc<Package>], options: &LinkOptions) -> HarnessRequest {
    let adapters = |own: &[String]| {
        let selected =
            [&options.adapters, own, &settings.usual.adapters].into_iter().find(|it| !it.is_empty());
        selected.map(<[String]>::to_vec).unwrap_or_default()
    };
    let config = |own: &BTreeMap<String, Setting>| -> BTreeMap<_, _> {
        let all = [&settings.usual.config, own, &options.config].into_iter().flatten();
        all.map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    let wanted = |own: &Wanted| Wanted {
        adapters: adapters(&own.adapters),
        config: config(&own.config),
        with: own.with.clone(),
    };
    HarnessRequest {
        packages: packages.iter().map(|it| it.folder.display().to_string()).collect(),
        usual: wanted(&Wanted::default()),
        dataflows: settings.dataflows.iter().map(|(name, own)| (name.clone(), wanted(own))).collect(),
        ..HarnessRequest::default()
    }
}

/// Returns a notice for each dataflow that could not be checked, and for each dataflow of the settings that does not exist.
fn transcript_notices(settings: &Settings, transcript: &Transcript, files: &[InputFile<'_>]) -> Vec<Notice> {
    let name = |dataflow: &LinkedDataflow| match file_of(&dataflow.spot) {
        None => PathBuf::from(&dataflow.spot.file),
        Some(file) => {
            let known = files.iter().find(|it| it.names.real == file);
            known.map_or_else(|| relative(&file).to_owned(), |it| it.analysis.path.clone())
        }
    };
    let unchecked = transcript.dataflows.iter().filter_map(|dataflow| {
        let (line, column) = (dataflow.spot.line as usize, dataflow.spot.column as usize);
        let text = format!("dataflow `{}` {}", dataflow.module, dataflow.failure.as_ref()?);
        let notice = Notice::new(name(dataflow), text).at(Some((line, column)));
        Some(notice.with_consequence("it was not checked"))
    });
    let unknown = transcript.unknown.iter().map(|(name, nearest)| {
        let help = nearest.as_ref().map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        let notice = Notice::new(settings.file(), format!("unknown dataflow `{name}`{help}"));
        notice.with_consequence("its settings have no effect")
    });
    unchecked.chain(unknown).collect()
}

/// Returns a notice for each unused config value: of the command line, and of the settings of one dataflow. A value of the
/// settings for all dataflows may be for a dataflow outside of this run.
///
/// Only linked dataflows read config, so a value of the command line that none of them reads has no effect on the run.
fn unused_config(settings: &Settings, dataflows: &[&LinkedDataflow], options: &LinkOptions) -> Vec<Notice> {
    let find = |dataflow: &LinkedDataflow, key: &str| -> Option<RemoteFinding> {
        let quoted = format!("`{key}`");
        dataflow.unasked.iter().find(|finding| finding.message.contains(&quoted)).cloned()
    };
    let notice = |file: &Path, text: String, finding: &RemoteFinding| {
        let help = finding.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
        Notice::new(file, format!("{text}{help}")).with_consequence("the value has no effect")
    };
    let mut notices = Vec::new();
    for key in options.config.keys() {
        let unused: Option<Vec<_>> = dataflows.iter().map(|dataflow| find(dataflow, key)).collect();
        if let Some(first) = unused.as_deref().and_then(<[RemoteFinding]>::first) {
            notices.push(notice(Path::new("--config"), first.message.clone(), first));
        }
    }
    for (module, own) in &settings.dataflows {
        let Some(dataflow) = dataflows.iter().find(|it| it.module == *module) else { continue };
        for finding in own.config.keys().filter_map(|key| find(dataflow, key)) {
            let text = format!("{} in `{module}`", finding.message);
            notices.push(notice(settings.file(), text, &finding));
        }
    }
    notices
}
