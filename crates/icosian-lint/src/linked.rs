//! Links the crates to lint into a harness, and imports the findings of the harness.

mod asking;
mod build;
mod clippy;
mod harness;
mod mending;
mod program;
mod told;
mod tree;
mod workspace;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use cargo_metadata::PackageId;
use icosian_rules::{Card, Fact, LinkedDataflow, Request, Setting, Stage, Told, Transcript, Wanted};

use crate::engine::{BLOCKING_INLINE, Looked, MISSPELT_PARAM, Sources, of_source, remove_foreign};
use crate::{Linter, Notice, Report, Settings, foreign, walk};
use workspace::{Package, SourceFile, Workspace};

/// The adapters that can be named.
const ADAPTERS: [&str; 3] = ["sync", "rayon", "tokio"];

/// The options for linking crates and checking dataflows. They override the settings.
///
/// # Examples
/// ```
/// use icosian_lint::Linking;
/// use icosian_rules::Setting;
///
/// let mut linking = Linking::default();
/// linking.adapters = Linking::adapters_of("all").unwrap();
/// linking.config.insert("env".into(), Setting::read("prod"));
/// assert_eq!(linking.adapters, ["sync", "rayon", "tokio"]);
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Linking {
    /// The adapters for all dataflows. If empty, the settings or the nodes decide.
    pub adapters: Vec<String>,
    /// Config values for all dataflows. They override those of the settings.
    pub config: BTreeMap<String, Setting>,
    /// Features of the packages, in addition to the default features; `package/feature` is a feature of one package.
    pub features: Vec<String>,
    /// Set to run cargo without network access.
    pub offline: bool,
    /// Set to run clippy too.
    pub clippy: bool,
    /// The time limit for building and checking one dataflow. The default is a minute.
    pub time_limit: Option<Duration>,
    /// Receives progress messages.
    pub progress: Option<fn(Progress<'_>)>,
}

/// A progress message.
///
/// # Examples
/// ```
/// use icosian_lint::{Linking, Progress};
///
/// let mut linking = Linking::default();
/// linking.progress = Some(|progress| match progress {
///     Progress::Cargo(line) | Progress::Waiting(line) => eprintln!("{line}"),
///     _ => {}
/// });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// A line of cargo's output.
    Cargo(&'a str),
    /// The reason for a pause.
    Waiting(&'a str),
}

impl Linking {
    /// Returns the adapters that `name` selects: a built-in one, or `all` of them.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::Linking;
    ///
    /// assert_eq!(Linking::adapters_of("tokio"), Some(vec!["tokio".to_owned()]));
    /// assert_eq!(Linking::adapters_of("my-own"), None);
    /// ```
    #[must_use]
    pub fn adapters_of(name: &str) -> Option<Vec<String>> {
        let named: Vec<_> =
            ADAPTERS.iter().filter(|it| name == "all" || name == **it).map(ToString::to_string).collect();
        (!named.is_empty()).then_some(named)
    }

    /// Returns the folders of packages of the workspace around `folder`.
    ///
    /// # Errors
    /// A [`Notice`] when cargo cannot read the workspace, or the workspace has no such package.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::Linking;
    /// use std::path::Path;
    ///
    /// let folders = Linking::folders_of(Path::new("."), &["icosian-lint".to_owned()]).unwrap();
    /// assert!(folders[0].join("src/lib.rs").is_file());
    /// assert!(Linking::folders_of(Path::new("."), &["no-such".to_owned()]).is_err());
    /// ```
    pub fn folders_of(folder: &Path, names: &[String]) -> Result<Vec<PathBuf>, Notice> {
        workspace::folders(folder, names)
    }

    fn tell(&self, progress: Progress<'_>) {
        if let Some(tell) = self.progress {
            tell(progress);
        }
    }

    fn request(&self, settings: &Settings, packages: &[&Package]) -> Request {
        let adapters = |named: &[String]| {
            let given = [self.adapters.as_slice(), named, &settings.usual.adapters]
                .into_iter()
                .find(|it| !it.is_empty());
            given.map(<[String]>::to_vec).unwrap_or_default()
        };
        let config = |own: &BTreeMap<String, Setting>| -> BTreeMap<_, _> {
            let all = [&settings.usual.config, own, &self.config].into_iter().flatten();
            all.map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        let wanted = |own: &Wanted| Wanted {
            adapters: adapters(&own.adapters),
            config: config(&own.config),
            with: own.with.clone(),
        };
        Request {
            packages: packages.iter().map(|it| it.folder.display().to_string()).collect(),
            usual: wanted(&Wanted::default()),
            dataflows: settings.dataflows.iter().map(|(name, own)| (name.clone(), wanted(own))).collect(),
            ..Request::default()
        }
    }
}

/// The input of a run.
struct Asked<'a> {
    /// The folders, as full paths.
    folders: &'a [PathBuf],
    linking: &'a Linking,
    /// The files with their findings.
    looked: &'a mut Vec<Looked>,
}

/// The result of linking, without findings.
#[derive(Default)]
struct Linked {
    notices: Vec<Notice>,
    dataflows: Vec<LinkedDataflow>,
    unlinked: BTreeSet<String>,
    /// The folders of packages that no workspace includes.
    foreign: BTreeSet<PathBuf>,
    /// Whether a crate could not be linked.
    failed: bool,
    /// Whether clippy could not check a package.
    clippy_failed: bool,
}

impl Linter {
    /// Checks the Rust files below `paths` as [`lint`](Self::lint) does, links the libraries and programs that contain them, and
    /// checks their dataflows as a driver does.
    ///
    /// With [`Linking::clippy`], clippy checks the bodies of nodes, also in examples.
    ///
    /// A crate that does not compile becomes a [`Notice`]; its source is still checked. Files that belong to no package, and the
    /// files of tests and examples, are checked as source only.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linking, Linter, Settings};
    ///
    /// let report = Linter::new(Settings::default()).lint_linked(&["src/lines.rs".into()], &Linking::default());
    /// assert!(report.is_clean());
    /// assert!(report.skipped().iter().all(|card| card.lint.is_some()), "clippy was not asked");
    /// ```
    #[must_use]
    pub fn lint_linked(&self, paths: &[PathBuf], linking: &Linking) -> Report {
        let Sources { mut looked, mut notices, mut foreign } = self.look(paths);
        let full: Vec<_> = paths.iter().filter_map(|it| it.canonicalize().ok()).collect();
        let linked = self.link(&mut looked, &full, linking);
        notices.extend(linked.notices);
        foreign.extend(linked.foreign);
        notices.extend(self.unasked(&linked.dataflows, linking));
        let reached = if linked.failed { Stage::Source } else { Stage::Plan };
        let has_run = |card: &Card| match card.stage {
            Stage::Clippy => linking.clippy && !linked.clippy_failed,
            stage => stage <= reached || of_source(card),
        };
        let report = Report {
            notices,
            linked: linked.dataflows,
            unlinked: linked.unlinked.into_iter().collect(),
            was_linked: true,
            ..self.report(looked, has_run)
        };
        report.with_foreign(&foreign)
    }

    /// Returns a notice for each unused config value: of the command line, and of the settings of one dataflow. A value of the
    /// settings for all dataflows may be for a dataflow outside of this run.
    ///
    /// Only linked dataflows read config, so a value of the command line that none of them reads has no effect on the run.
    fn unasked(&self, dataflows: &[LinkedDataflow], linking: &Linking) -> Vec<Notice> {
        let about = |dataflow: &LinkedDataflow, key: &str| -> Option<Told> {
            let quoted = format!("`{key}`");
            dataflow.unasked.iter().find(|told| told.message.contains(&quoted)).cloned()
        };
        let notice = |file: &Path, text: String, told: &Told| {
            let help = told.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
            Notice::new(file, format!("{text}{help}")).with_consequence("what is said of it has no effect")
        };
        let mut notices = Vec::new();
        for key in linking.config.keys() {
            let told: Option<Vec<_>> = dataflows.iter().map(|dataflow| about(dataflow, key)).collect();
            if let Some(first) = told.as_deref().and_then(<[Told]>::first) {
                notices.push(notice(Path::new("--config"), first.message.clone(), first));
            }
        }
        for (module, own) in &self.settings().dataflows {
            let Some(dataflow) = dataflows.iter().find(|it| it.module == *module) else { continue };
            for told in own.config.keys().filter_map(|key| about(dataflow, key)) {
                let text = format!("{} in `{module}`", told.message);
                notices.push(notice(self.settings().file(), text, &told));
            }
        }
        notices
    }

    fn link(&self, looked: &mut Vec<Looked>, paths: &[PathBuf], linking: &Linking) -> Linked {
        let mut linked = Linked::default();
        let folders: Vec<_> = paths.iter().filter(|it| it.is_dir()).cloned().collect();
        let files: Vec<_> = looked.iter().map(SourceFile::new).collect();
        let workspaces = workspaces(looked, &files, paths, linking, &mut linked);
        remove_foreign(looked, &linked.foreign);
        let mut files: Vec<_> = looked.iter().map(SourceFile::new).collect();
        self.look_outside(&workspaces, &folders, looked, &mut files, &mut linked);
        for workspace in &workspaces {
            let (programs, left_out) = program::packages(workspace, looked, &files, linking);
            linked.unlinked.extend(left_out);
            let is_asked_for = |package: &Package| {
                let library = package.library.as_ref();
                library.is_some_and(|library| files.iter().any(|file| library.may_have(file)))
            };
            let libraries = workspace.packages.iter().filter(|it| it.may_register && is_asked_for(it));
            let packages: Vec<_> = libraries.chain(&programs).collect();
            let mut asked = Asked { folders: &folders, linking, looked: &mut *looked };
            self.link_packages(workspace, packages, &mut asked, &mut linked);
            if linking.clippy {
                self.ask_clippy(workspace, looked, &files, linking, &mut linked);
            }
        }
        linked
    }

    /// Reads libraries whose package is in one of `folders` and whose files are in none: `[lib] path = ".."` may name any file.
    fn look_outside(
        &self,
        workspaces: &[Workspace],
        folders: &[PathBuf],
        looked: &mut Vec<Looked>,
        files: &mut Vec<SourceFile>,
        linked: &mut Linked,
    ) {
        let is_below = |path: &Path| folders.iter().any(|folder| path.starts_with(folder));
        let packages = workspaces.iter().flat_map(|it| &it.packages);
        for package in packages.filter(|it| it.may_register && is_below(&it.real_folder)) {
            let Some(library) = package.library.as_ref().filter(|it| !is_below(&it.real_root)) else {
                continue;
            };
            let outside = tree::modules(&library.root).files.into_iter();
            let outside: Vec<_> =
                outside.filter(|it| !is_below(it) && !walk::is_left_out(it, self.settings())).collect();
            for file in outside {
                if files.iter().any(|it| it.real == file) {
                    continue;
                }
                let mut found = self.look_at_file(crate::shown(&file));
                linked.notices.extend(found.take_notice());
                files.push(SourceFile::new(&found));
                looked.push(found);
            }
        }
    }

    /// Links `packages`, except for those that do not compile.
    fn link_packages(
        &self,
        workspace: &Workspace,
        mut packages: Vec<&Package>,
        asked: &mut Asked<'_>,
        linked: &mut Linked,
    ) {
        while !packages.is_empty() {
            let request = asked.linking.request(self.settings(), &packages);
            match harness::ask(workspace, &packages, &request, asked.linking) {
                Ok(transcript) => {
                    let judged_by_all =
                        ADAPTERS.iter().all(|adapter| request.usual.adapters.iter().any(|it| it == adapter));
                    let stage = if judged_by_all { Stage::Plan } else { Stage::Linked };
                    self.note(&transcript, stage, &packages, asked, linked);
                    self.note_unlinked(&packages, asked.looked);
                    linked.dataflows.extend(transcript.dataflows);
                    return;
                }
                Err(failed) => {
                    linked.failed = true;
                    linked.notices.extend(failed.notices);
                    let before = packages.len();
                    let is_broken = |package: &Package, broken: &PackageId| match &package.program {
                        Some(program) if workspace.name_of(broken) == program.package => true,
                        _ => workspace.needs(&package.id, broken),
                    };
                    packages.retain(|it| !failed.packages.iter().any(|broken| is_broken(it, broken)));
                    if packages.len() == before {
                        return;
                    }
                }
            }
        }
    }

    /// Records which dataflows were linked, and imports their findings.
    fn note(
        &self,
        transcript: &Transcript,
        stage: Stage,
        packages: &[&Package],
        asked: &mut Asked<'_>,
        linked: &mut Linked,
    ) {
        let mut files = told::Files::new(self, asked, packages);
        // The files with dataflows of which the adapter is known now.
        let mut adapted = BTreeSet::new();
        for dataflow in &transcript.dataflows {
            if let Some(at) = files.position(&dataflow.spot) {
                let found = files.dataflow_at(at, &dataflow.spot);
                let looked = files.looked(at);
                looked.facts.stage = stage;
                if let Some(found) = found {
                    looked.facts.dataflows[found].linked = Fact::Known(true);
                    if !dataflow.adapters.is_empty() {
                        looked.facts.dataflows[found].adapters = Fact::Known(dataflow.adapters.clone());
                        adapted.insert(at);
                    }
                    if dataflow.failure.is_some() {
                        looked.unjudged.insert(found);
                    } else {
                        remove_misspelt(looked, found);
                    }
                }
            }
            if let Some(why) = &dataflow.failure {
                let (line, column) = (dataflow.spot.line as usize, dataflow.spot.column as usize);
                let text = format!("dataflow `{}` {why}", dataflow.module);
                let notice = Notice::new(files.name(&dataflow.spot), text).at(Some((line, column)));
                linked.notices.push(notice.with_consequence("it was not judged"));
            }
            for told in &dataflow.findings {
                files.tell(told, &dataflow.spot);
            }
        }
        for at in adapted {
            let looked = files.looked(at);
            looked.diagnoses.retain(|found| found.code() != BLOCKING_INLINE);
            self.try_rules(looked, |card| card.code == BLOCKING_INLINE);
        }
        for (name, meant) in &transcript.unknown {
            let meant = meant.as_ref().map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            let notice = Notice::new(self.settings().file(), format!("there is no dataflow `{name}`{meant}"));
            linked.notices.push(notice.with_consequence("what is said of it has no effect"));
        }
    }

    /// Records the dataflows that were not linked: those that a `#[cfg(..)]` may disable, and those that are missing.
    fn note_unlinked(&self, packages: &[&Package], looked: &mut [Looked]) {
        for package in packages {
            let Some(library) = &package.library else { continue };
            let mut expected = None;
            for looked in looked.iter_mut() {
                let file = SourceFile::new(looked);
                let Some(source) = looked.source.clone().filter(|_| library.may_have(&file)) else {
                    continue;
                };
                for at in 0..looked.facts.dataflows.len() {
                    let dataflow = &looked.facts.dataflows[at];
                    if dataflow.linked != Fact::Unknown {
                        continue;
                    }
                    // Usually no dataflow is missing, and the modules need not be read.
                    let expected = expected.get_or_insert_with(|| tree::modules(&library.root));
                    let (line, _) = source.line_column(looked.bytes(dataflow.name_span).start);
                    match expected.inline.get(&(file.real.clone(), line)) {
                        Some(true) => _ = looked.optional.insert(at),
                        Some(false) => looked.facts.dataflows[at].linked = Fact::Known(false),
                        None => {}
                    }
                }
            }
        }
        for looked in looked {
            if looked.facts.dataflows.iter().any(|it| it.linked.is(&false)) {
                self.try_rules(looked, |card| card.stage == Stage::Linked);
            }
        }
    }
}

/// Removes the findings about misspelt parameters that source alone suggested in a dataflow: the linked dataflow shows all names.
fn remove_misspelt(looked: &mut Looked, dataflow: usize) {
    let functions = &looked.facts.dataflows[dataflow].functions;
    let params = functions.iter().flat_map(|function| &function.params);
    let params: BTreeSet<_> = params.map(|param| looked.bytes(param.name_span).start).collect();
    looked.diagnoses.retain(|found| {
        found.code() != MISSPELT_PARAM || found.is_linked || !params.contains(&found.place().bytes().start)
    });
}

/// Returns the workspaces of `files`, the files of `looked`, and of `paths`, a list of full paths.
///
/// Macros may write dataflows, so that files without visible nodes count too.
fn workspaces(
    looked: &[Looked],
    files: &[SourceFile],
    paths: &[PathBuf],
    linking: &Linking,
    linked: &mut Linked,
) -> Vec<Workspace> {
    let mut found = Found { workspaces: Vec::new(), refused: Vec::new() };
    let of_path = |path: &PathBuf| foreign::package_of(path).into_iter().collect::<Vec<_>>();
    for folders in paths.iter().map(of_path) {
        found.read(&folders, false, linking);
    }
    let (first, others): (Vec<_>, Vec<_>) = looked.iter().zip(files).partition(|(it, _)| it.has_nodes());
    for (looked, file) in first.into_iter().chain(others) {
        found.read(&file.packages(), looked.has_nodes(), linking);
    }
    for Refused { folder, notice, has_nodes } in found.refused {
        let real = foreign::real_folder(&folder);
        let is_member = [Some(&folder), real.as_ref()]
            .into_iter()
            .flatten()
            .any(|folder| found.workspaces.iter().any(|it| it.has(folder)));
        let why = format!("{} {}", notice.message(), notice.details());
        if is_member || !has_nodes {
            continue;
        }
        if !foreign::is_asked(&folder, paths) && foreign::is_foreign(&folder, &why) {
            linked.foreign.insert(folder);
            continue;
        }
        linked.failed = true;
        linked.clippy_failed = true;
        let is_same = |it: &Notice| (it.message(), it.details()) == (notice.message(), notice.details());
        if !linked.notices.iter().any(is_same) {
            linked.notices.push(notice);
        }
    }
    found.workspaces
}

/// The workspaces found so far.
struct Found {
    workspaces: Vec<Workspace>,
    refused: Vec<Refused>,
}

/// A package that cargo cannot read.
struct Refused {
    folder: PathBuf,
    notice: Notice,
    has_nodes: bool,
}

impl Found {
    /// Reads the workspace of the package in one of `folders`, which all name the same file's package.
    fn read(&mut self, folders: &[PathBuf], has_nodes: bool, linking: &Linking) {
        if folders.iter().any(|folder| self.workspaces.iter().any(|it| it.has(folder))) {
            return;
        }
        for folder in folders {
            if let Some(known) = self.refused.iter_mut().find(|it| it.folder == *folder) {
                // The other files of the package would only add the same notice.
                known.has_nodes |= has_nodes;
                continue;
            }
            match Workspace::read(folder, linking) {
                Ok(workspace) => return self.workspaces.push(workspace),
                Err(notice) => {
                    self.refused.push(Refused { folder: folder.clone(), notice, has_nodes });
                }
            }
        }
    }
}
