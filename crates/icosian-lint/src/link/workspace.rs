//! Workspaces and packages as `cargo metadata` describes them.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use cargo_metadata::{CargoOpt, CrateType, DependencyKind, Metadata, MetadataCommand, PackageId};
use icosian_diagnostics::nearest;

use super::failure::cargo_error;
use super::network::{RETRY_OFFLINE, is_network_failure};
use super::options::LinkOptions;
use super::origin::{Origin, origin};
use super::package::{CargoTarget, FileNames, Library, Package, canonical};
use crate::{Notice, relative};

/// The crate with the attributes that generate dataflows.
const MACROS: &str = "icosian-macros";
/// The crate with the registry of dataflows.
const CORE: &str = "icosian-core";

/// A workspace as cargo describes it.
pub(super) struct Workspace {
    pub(super) root: PathBuf,
    pub(super) target: PathBuf,
    pub(super) packages: Vec<Arc<Package>>,
    /// The source of `icosian-core`. The harness takes `icosian-check` from the same source.
    pub(super) origin: Origin,
    /// The dependencies of each package.
    dependencies: HashMap<PackageId, Vec<PackageId>>,
    /// The names of all packages, also of dependencies.
    names: HashMap<PackageId, String>,
    core: Option<PackageId>,
}

impl Workspace {
    /// Reads the workspace of the package in `folder`.
    pub(super) fn read(folder: &Path, options: &LinkOptions) -> Result<Self, Notice> {
        let manifest = folder.join("Cargo.toml");
        let mut command = MetadataCommand::new();
        command.manifest_path(&manifest).current_dir(folder);
        if !options.features.is_empty() {
            // `icosian` may be an optional dependency.
            command.features(CargoOpt::AllFeatures);
        }
        // Dependencies of other platforms need not be available.
        let platform: Vec<_> =
            host().into_iter().flat_map(|host| ["--filter-platform".to_owned(), host]).collect();
        let offline = [platform.clone(), vec!["--offline".to_owned()]].concat();
        command.other_options(if options.offline { offline.clone() } else { platform });
        let metadata = command.exec().or_else(|error| {
            if options.offline || !is_network_failure(&error.to_string()) {
                return Err(error);
            }
            options.report_progress(RETRY_OFFLINE);
            command.other_options(offline).exec()
        });
        let mut workspace = Self::new(&metadata.map_err(|error| metadata_error(&manifest, &error))?);
        if let Some(target) = &options.target {
            workspace.target.clone_from(target);
        }
        Ok(workspace)
    }

    fn new(metadata: &Metadata) -> Self {
        let mut dependencies: HashMap<PackageId, Vec<PackageId>> = HashMap::new();
        for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
            let is_linked = |dependency: &&cargo_metadata::NodeDep| {
                dependency.dep_kinds.iter().any(|it| it.kind == DependencyKind::Normal)
            };
            let linked = node.deps.iter().filter(is_linked).map(|it| it.pkg.clone());
            dependencies.insert(node.id.clone(), linked.collect());
        }
        let named = |name: &'static str| metadata.packages.iter().filter(move |it| it.name == name);
        let mut workspace = Self {
            root: canonical(metadata.workspace_root.as_std_path()),
            target: metadata.target_directory.clone().into_std_path_buf(),
            packages: Vec::new(),
            origin: named(CORE).next().map_or(Origin::Missing, origin),
            dependencies,
            core: named(CORE).next().map(|it| it.id.clone()),
            names: metadata.packages.iter().map(|it| (it.id.clone(), it.name.to_string())).collect(),
        };
        let macros: Vec<_> = named(MACROS).map(|it| &it.id).collect();
        let packages = metadata.workspace_packages().into_iter().map(|package| {
            let folder = package.manifest_path.parent().map_or(Path::new(""), |it| it.as_std_path());
            let target = |it: &cargo_metadata::Target| CargoTarget {
                name: it.name.clone(),
                root: it.src_path.as_std_path().to_owned(),
                required_features: it.required_features.clone(),
            };
            let is_linkable =
                |kind: &CrateType| matches!(kind, CrateType::Lib | CrateType::RLib | CrateType::DyLib);
            let library =
                package.targets.iter().find(|it| it.crate_types.iter().any(is_linkable) && !it.is_example());
            let programs =
                package.targets.iter().filter(|it| it.is_bin() || it.is_cdylib() || it.is_staticlib());
            let is_other_library =
                |it: &cargo_metadata::Target| it.is_cdylib() || it.is_staticlib() || it.is_proc_macro();
            Arc::new(Package {
                id: package.id.clone(),
                has_library: library.is_some() || package.targets.iter().any(is_other_library),
                name: package.name.to_string(),
                folder: folder.to_owned(),
                real_folder: canonical(folder),
                features: package.features.keys().cloned().collect(),
                // A library that Rust can link too needs no second compilation.
                programs: programs.filter(|it| it.is_bin() || library.is_none()).map(target).collect(),
                library: library.map(|it| Library::new(it.src_path.as_std_path())),
                may_register: macros.iter().any(|it| workspace.needs(&package.id, it)),
                metadata: Some(package.clone()),
                program: None,
            })
        });
        workspace.packages = packages.collect();
        workspace
    }

    /// Returns the folder of the harness.
    pub(super) fn harness(&self) -> PathBuf {
        self.target.join("icosian-lint")
    }

    /// Returns whether `package` is `icosian-core` or depends on it.
    pub(super) fn needs_core(&self, package: &PackageId) -> bool {
        self.core.as_ref().is_some_and(|core| self.needs(package, core))
    }

    /// Returns the names that only one package has, with the package.
    pub(super) fn unique_names(&self) -> impl Iterator<Item = (&PackageId, &str)> {
        let mut count: HashMap<&str, usize> = HashMap::new();
        for name in self.names.values() {
            *count.entry(name).or_default() += 1;
        }
        let all = self.names.iter().map(|(id, name)| (id, name.as_str()));
        all.filter(move |(_, name)| count.get(name) == Some(&1))
    }

    /// Returns the name of a package, also of one that only the harness depends on.
    pub(super) fn name_of<'a>(&'a self, id: &'a PackageId) -> &'a str {
        let known = self.names.get(id).map(String::as_str);
        // `source#name@version`, or `source/name#version`.
        known.unwrap_or_else(|| {
            let (source, fragment) = id.repr.rsplit_once('#').unwrap_or(("", &id.repr));
            match fragment.split_once('@') {
                Some((name, _)) => name,
                None => source.rsplit(['/', '\\']).next().unwrap_or(fragment),
            }
        })
    }

    /// Returns the path of the manifest, relative to the current folder where possible.
    pub(super) fn manifest(&self) -> PathBuf {
        relative(&self.root.join("Cargo.toml")).to_owned()
    }

    /// Returns whether the environment or the configuration names a target, so that cargo may build for another machine.
    ///
    /// See [where cargo looks](https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure).
    pub(super) fn has_other_target(&self) -> bool {
        let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let above = self.root.ancestors().map(|folder| folder.join(".cargo"));
        std::env::var_os("CARGO_BUILD_TARGET").is_some() || above.chain(home).any(|it| sets_target(&it))
    }

    /// Returns the member in `folder`.
    pub(super) fn package_in(&self, folder: &Path) -> Option<&Arc<Package>> {
        self.packages.iter().find(|it| it.is_in(folder))
    }

    /// Returns the member that contains `file`.
    pub(super) fn package_of(&self, file: &FileNames) -> Option<&Arc<Package>> {
        file.packages().iter().find_map(|folder| self.package_in(folder))
    }

    /// Returns whether the package in `folder` is a member, or `folder` is the root.
    pub(super) fn has(&self, folder: &Path) -> bool {
        self.root == folder || self.package_in(folder).is_some()
    }

    /// Returns whether `package` is `other` or depends on it.
    pub(super) fn needs(&self, package: &PackageId, other: &PackageId) -> bool {
        let mut seen = HashSet::from([package]);
        let mut waiting = vec![package];
        while let Some(next) = waiting.pop() {
            if next == other {
                return true;
            }
            let linked = self.dependencies.get(next).into_iter().flatten();
            waiting.extend(linked.filter(|it| seen.insert(*it)));
        }
        false
    }
}

/// Returns the folders of packages of the workspace around `folder`, relative to the current folder.
///
/// # Errors
/// A [`Notice`] if cargo cannot read the workspace, or the workspace has no such package.
///
/// # Examples
/// ```
/// use icosian_lint::package_folders;
/// use std::path::Path;
///
/// let folders = package_folders(Path::new("."), &["icosian-lint".to_owned()])?;
/// assert!(folders[0].join("src/lib.rs").is_file());
/// assert!(package_folders(Path::new("."), &["no-such".to_owned()]).is_err());
/// # Ok::<(), icosian_lint::Notice>(())
/// ```
pub fn package_folders(folder: &Path, names: &[String]) -> Result<Vec<PathBuf>, Notice> {
    let metadata = MetadataCommand::new().no_deps().current_dir(folder).exec();
    let metadata = metadata.map_err(|error| metadata_error(&folder.join("Cargo.toml"), &error))?;
    let members = metadata.workspace_packages();
    let folder_of = |name: &String| {
        let found = members.iter().find(|it| it.name == *name).and_then(|it| it.manifest_path.parent());
        let found = found.map(|folder| relative(&canonical(folder.as_std_path())).to_owned());
        // The empty path is this folder.
        found.map(|it| if it.as_os_str().is_empty() { PathBuf::from(".") } else { it }).ok_or_else(|| {
            let meant = nearest(name, members.iter().map(|it| it.name.as_str()));
            let meant = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            Notice::new(folder, format!("unknown package `{name}` in this workspace{meant}"))
        })
    };
    names.iter().map(folder_of).collect()
}

/// Returns the folder for compiled files of the workspace around `folder`.
///
/// # Errors
/// A [`Notice`] if cargo cannot read the workspace.
///
/// # Examples
/// ```
/// let target = icosian_lint::target_folder(".".as_ref())?;
/// assert!(target.is_absolute());
/// # Ok::<(), icosian_lint::Notice>(())
/// ```
pub fn target_folder(folder: &Path) -> Result<PathBuf, Notice> {
    let metadata = MetadataCommand::new().no_deps().current_dir(folder).exec();
    let metadata = metadata.map_err(|error| metadata_error(&folder.join("Cargo.toml"), &error))?;
    Ok(metadata.target_directory.into_std_path_buf())
}

/// Returns whether cargo's configuration in `folder` sets a target.
fn sets_target(folder: &Path) -> bool {
    let target = |name: &str| {
        let text = fs::read_to_string(folder.join(name)).ok()?;
        text.parse::<toml::Table>().ok()?.get("build")?.get("target").map(|_| true)
    };
    ["config.toml", "config"].into_iter().find_map(target).unwrap_or(false)
}

/// Returns the target triple of this machine.
pub(super) fn host() -> Option<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

fn metadata_error(manifest: &Path, error: &cargo_metadata::Error) -> Notice {
    let text = match error {
        cargo_metadata::Error::CargoMetadata { stderr } => stderr.clone(),
        other => other.to_string(),
    };
    cargo_error(manifest, "cannot be read by cargo", &text)
}
