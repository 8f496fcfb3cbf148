//! The host that links: it makes a program of the crates that are linted, and asks it what is wrong with their dataflows.

mod asking;
mod build;
mod clippy;
mod harness;
mod mending;
mod told;
mod tree;
mod workspace;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use icosian_rules::{Card, Fact, LinkedDataflow, Request, Setting, Stage, Told, Transcript, Wanted};

use crate::engine::Looked;
use crate::{Linter, Notice, Report, Settings, walk};
use workspace::{Package, Workspace};

/// The adapters that can be named.
const ADAPTERS: [&str; 3] = ["sync", "rayon", "tokio"];

/// How crates are linked and dataflows are judged, whatever the settings say.
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
    /// The adapters under which all dataflows are judged. None: those that settings name, or those that nodes need.
    pub adapters: Vec<String>,
    /// Config of all dataflows, over that of the settings.
    pub config: BTreeMap<String, Setting>,
    /// Features of the packages, besides their default ones; `package/feature` is one of a certain package.
    pub features: Vec<String>,
    /// Whether cargo must do without the network.
    pub offline: bool,
    /// Whether clippy is asked too.
    pub clippy: bool,
    /// How long a dataflow may be built and judged before it is given up and the others are looked at; a minute if nobody says.
    pub time_limit: Option<Duration>,
    /// Is given what happens on the way, line by line.
    pub progress: Option<fn(Progress<'_>)>,
}

/// What happens while crates are linked.
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
    /// Cargo says this while it builds.
    Cargo(&'a str),
    /// Nothing goes on, for this reason.
    Waiting(&'a str),
}

impl Linking {
    /// Returns the adapters that `name` means: one of icosian's own, or `all` of them.
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

    /// Returns the folders of packages, by their names, of the workspace that `folder` is in.
    ///
    /// # Errors
    /// A [`Notice`] when cargo cannot read the workspace, or a package is none of its members.
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

/// What is asked for.
struct Asked<'a> {
    /// The folders, as full paths.
    folders: &'a [PathBuf],
    linking: &'a Linking,
    /// The files, and what was found in them.
    looked: &'a mut Vec<Looked>,
}

/// What linking gave besides findings.
#[derive(Default)]
struct Linked {
    notices: Vec<Notice>,
    dataflows: Vec<LinkedDataflow>,
    unlinked: BTreeSet<String>,
    /// All that should have been linked was.
    failed: bool,
    /// Clippy could not look at all that it was asked about.
    clippy_failed: bool,
}

impl Linter {
    /// Looks at the Rust files below `paths` as [`lint`](Self::lint) does, links the libraries that they are of, and judges their
    /// dataflows as a driver would.
    ///
    /// With [`Linking::clippy`], clippy looks at the bodies of nodes too, also those of programs and examples.
    ///
    /// Libraries that do not compile are told as [`Notice`]s; what their source says is told nevertheless. Files that belong to no
    /// package, and those of programs, tests and examples, are looked at as source only.
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
        let (mut looked, mut notices) = self.look(paths);
        let folders = paths.iter().filter(|it| it.is_dir()).filter_map(|it| it.canonicalize().ok());
        let linked = self.link(&mut looked, &folders.collect::<Vec<_>>(), linking);
        notices.extend(linked.notices);
        // What was not linked may ask for anything.
        let is_linked = |looked: &Looked| {
            looked.facts.loose.is_empty() && looked.facts.dataflows.iter().all(|it| it.linked.is(&true))
        };
        let are_all_linked = !linked.failed && linked.unlinked.is_empty() && looked.iter().all(is_linked);
        notices.extend(self.unasked(&linked.dataflows, linking, are_all_linked));
        let reached = if linked.failed { Stage::Source } else { Stage::Plan };
        let has_run = |card: &Card| match card.stage {
            Stage::Clippy => linking.clippy && !linked.clippy_failed,
            stage => stage <= reached,
        };
        Report {
            notices,
            linked: linked.dataflows,
            unlinked: linked.unlinked.into_iter().collect(),
            ..self.report(looked, has_run)
        }
    }

    /// Returns which config nothing asks for: of what the command line gives to all dataflows, where all were linked, and of what the
    /// settings give to one. What the settings give to all may be for those that were not looked at.
    fn unasked(&self, dataflows: &[LinkedDataflow], linking: &Linking, are_all_linked: bool) -> Vec<Notice> {
        let about = |dataflow: &LinkedDataflow, key: &str| -> Option<Told> {
            let quoted = format!("`{key}`");
            dataflow.unasked.iter().find(|told| told.message.contains(&quoted)).cloned()
        };
        let notice = |file: &Path, text: String, told: &Told| {
            let help = told.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
            Notice::new(file, format!("{text}{help}")).with_consequence("what is said of it has no effect")
        };
        let mut notices = Vec::new();
        for key in linking.config.keys().filter(|_| are_all_linked) {
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

    fn link(&self, looked: &mut Vec<Looked>, folders: &[PathBuf], linking: &Linking) -> Linked {
        let mut linked = Linked::default();
        let mut files: Vec<_> = looked.iter().map(|it| it.path.canonicalize().unwrap_or_default()).collect();
        let workspaces = workspaces(looked, &files, folders, linking, &mut linked);
        self.look_outside(&workspaces, folders, looked, &mut files, &mut linked);
        for workspace in &workspaces {
            for package in workspace.packages.iter().filter(|it| it.library.is_none()) {
                let of_program = |file: &Path| package.programs.iter().any(|folder| file.starts_with(folder));
                let mut all = looked.iter().zip(&files);
                if all.any(|(looked, file)| !looked.facts.dataflows.is_empty() && of_program(file)) {
                    linked.unlinked.insert(package.name.clone());
                }
            }
            let is_asked_for = |package: &Package| {
                let library = package.library.as_ref();
                library.is_some_and(|library| files.iter().any(|file| library.may_have(file)))
            };
            let packages = workspace.packages.iter().filter(|it| it.may_register && is_asked_for(it));
            let mut asked = Asked { folders, linking, looked: &mut *looked };
            self.link_packages(workspace, packages.collect(), &mut asked, &mut linked);
            if linking.clippy {
                self.ask_clippy(workspace, looked, &files, linking, &mut linked);
            }
        }
        linked
    }

    /// Looks at libraries whose package is in one of `folders`, and whose files are in none: `[lib] path = ".."` may lead anywhere.
    fn look_outside(
        &self,
        workspaces: &[Workspace],
        folders: &[PathBuf],
        looked: &mut Vec<Looked>,
        files: &mut Vec<PathBuf>,
        linked: &mut Linked,
    ) {
        let is_below = |path: &Path| folders.iter().any(|folder| path.starts_with(folder));
        let packages = workspaces.iter().flat_map(|it| &it.packages);
        for package in packages.filter(|it| it.may_register && is_below(&it.folder)) {
            let Some(library) = package.library.as_ref().filter(|it| !is_below(&it.root)) else { continue };
            let outside = tree::modules(&library.root).files.into_iter();
            let outside: Vec<_> =
                outside.filter(|it| !is_below(it) && !walk::is_left_out(it, self.settings())).collect();
            for file in outside {
                if files.contains(&file) {
                    continue;
                }
                let mut found = self.look_at_file(build::shown(&file));
                linked.notices.extend(found.take_notice());
                looked.push(found);
                files.push(file);
            }
        }
    }

    /// Links `packages`, without those that do not compile.
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
                    packages
                        .retain(|it| !failed.packages.iter().any(|broken| workspace.needs(&it.id, broken)));
                    if packages.len() == before {
                        return;
                    }
                }
            }
        }
    }

    /// Notes on files which dataflows were linked, and what is wrong with them.
    fn note(
        &self,
        transcript: &Transcript,
        stage: Stage,
        packages: &[&Package],
        asked: &mut Asked<'_>,
        linked: &mut Linked,
    ) {
        let mut files = told::Files::new(self, asked, packages);
        for dataflow in &transcript.dataflows {
            if let Some(at) = files.position(&dataflow.spot) {
                let found = files.dataflow_at(at, &dataflow.spot);
                let looked = files.looked(at);
                looked.facts.stage = stage;
                if let Some(found) = found {
                    looked.facts.dataflows[found].linked = Fact::Known(true);
                    if dataflow.failure.is_some() {
                        looked.unjudged.insert(found);
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
        for (name, meant) in &transcript.unknown {
            let meant = meant.as_ref().map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            let notice = Notice::new(self.settings().file(), format!("there is no dataflow `{name}`{meant}"));
            linked.notices.push(notice.with_consequence("what is said of it has no effect"));
        }
    }

    /// Finds dataflows of libraries that should be there and are not, and notes those that a `#[cfg(..)]` leaves out.
    fn note_unlinked(&self, packages: &[&Package], looked: &mut [Looked]) {
        for package in packages {
            let Some(library) = &package.library else { continue };
            let mut expected = None;
            for looked in looked.iter_mut() {
                let Ok(path) = looked.path.canonicalize() else { continue };
                let Some(source) = looked.source.clone().filter(|_| library.may_have(&path)) else {
                    continue;
                };
                for at in 0..looked.facts.dataflows.len() {
                    let dataflow = &looked.facts.dataflows[at];
                    if dataflow.linked != Fact::Unknown {
                        continue;
                    }
                    // Most often all are there, and nothing has to be read for that.
                    let expected = expected.get_or_insert_with(|| tree::modules(&library.root));
                    let (line, _) = source.line_column(looked.bytes(dataflow.name_span).start);
                    match expected.inline.get(&(path.clone(), line)) {
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

/// Returns the workspaces that `files` and `folders`, full paths, are of. What source does not show may be a dataflow nevertheless, so
/// that no file is left out.
fn workspaces(
    looked: &[Looked],
    files: &[PathBuf],
    folders: &[PathBuf],
    linking: &Linking,
    linked: &mut Linked,
) -> Vec<Workspace> {
    let mut workspaces: Vec<Workspace> = Vec::new();
    let speaks = |looked: &&Looked| looked.source.is_some();
    let first = looked.iter().zip(files).filter(|(it, _)| speaks(it)).map(|(_, file)| (file, true));
    let others = files.iter().chain(folders).map(|file| (file, false));
    for (file, speaks_of_dataflows) in first.chain(others) {
        let Some(folder) = package_of(file) else { continue };
        if workspaces.iter().any(|it| it.has(&folder)) {
            continue;
        }
        match Workspace::read(&folder, linking) {
            Ok(workspace) => workspaces.push(workspace),
            Err(notice) => {
                // What cargo cannot read has no dataflows, as long as nobody speaks of one.
                if speaks_of_dataflows {
                    linked.failed = true;
                    linked.clippy_failed = true;
                    let is_same =
                        |it: &Notice| (it.message(), it.details()) == (notice.message(), notice.details());
                    if !linked.notices.iter().any(is_same) {
                        linked.notices.push(notice);
                    }
                }
                // Its other files would only say the same.
                workspaces.push(Workspace::unreadable(&folder));
            }
        }
    }
    workspaces
}

/// Returns the folder of the package that `path`, a full one, is in.
fn package_of(path: &Path) -> Option<PathBuf> {
    let folder = path.ancestors().find(|folder| folder.join("Cargo.toml").is_file())?;
    Some(folder.to_owned())
}
