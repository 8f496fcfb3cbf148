//! What cargo says of packages.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{CargoOpt, CrateType, DependencyKind, Metadata, MetadataCommand, PackageId};
use icosian_core::nearest;

use super::Linking;
use crate::Notice;

/// The crate whose attributes make dataflows that register themselves.
const MACROS: &str = "icosian-macros";
/// The crate that has the registry: there is one of it, whatever the user's crates take.
const CORE: &str = "icosian-core";

/// A workspace, as far as linking needs it.
pub(super) struct Workspace {
    pub(super) root: PathBuf,
    pub(super) target: PathBuf,
    pub(super) packages: Vec<Package>,
    /// Where `icosian` comes from, as a manifest says it: the same must be said of the crate that judges.
    pub(super) origin: Origin,
    needs: HashMap<PackageId, Vec<PackageId>>,
}

/// Where a crate comes from.
#[derive(Debug)]
pub(super) enum Origin {
    /// The folder in which the crates of icosian are.
    Folder(PathBuf),
    /// A repository, and what of it is meant (`branch`, `tag`, `rev`).
    Git { url: String, of: Option<(String, String)> },
    /// A registry, if it is not the usual one, and the version.
    Registry { index: Option<String>, version: String },
    /// No crate of it is there.
    Nowhere,
}

/// A member of the workspace.
pub(super) struct Package {
    pub(super) id: PackageId,
    pub(super) name: String,
    pub(super) folder: PathBuf,
    pub(super) features: HashSet<String>,
    pub(super) library: Option<Library>,
    /// It has a library, if not for Rust.
    pub(super) has_library: bool,
    /// The folders of the first files of its programs, and of libraries that are not for Rust.
    pub(super) programs: Vec<PathBuf>,
    /// The library may have dataflows in it.
    pub(super) may_register: bool,
}

/// A library that other crates can link.
pub(super) struct Library {
    /// Its first file.
    pub(super) root: PathBuf,
}

impl Library {
    /// Returns whether `file`, a full path, may be one of the library's.
    pub(super) fn may_have(&self, file: &Path) -> bool {
        let folder = self.root.parent().unwrap_or(&self.root);
        file.starts_with(folder)
    }
}

impl Workspace {
    /// Reads the workspace of the package in `folder`.
    pub(super) fn read(folder: &Path, linking: &Linking) -> Result<Self, Notice> {
        let manifest = folder.join("Cargo.toml");
        let mut command = MetadataCommand::new();
        command.manifest_path(&manifest).current_dir(folder);
        let mut options = Vec::new();
        if linking.offline {
            options.push("--offline".to_owned());
        }
        if let Some(host) = host() {
            // What is for other machines need not be there.
            options.extend(["--filter-platform".to_owned(), host]);
        }
        if !linking.features.is_empty() {
            // One of them may be what brings icosian in.
            command.features(CargoOpt::AllFeatures);
        }
        command.other_options(options);
        let metadata = command.exec().map_err(|error| unread(&manifest, &error))?;
        Ok(Self::new(&metadata))
    }

    /// Stands for a workspace that nobody can read.
    pub(super) fn unreadable(folder: &Path) -> Self {
        Self {
            root: folder.to_owned(),
            target: PathBuf::new(),
            packages: Vec::new(),
            origin: Origin::Nowhere,
            needs: HashMap::new(),
        }
    }

    fn new(metadata: &Metadata) -> Self {
        let mut needs: HashMap<PackageId, Vec<PackageId>> = HashMap::new();
        for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
            let is_linked = |dependency: &&cargo_metadata::NodeDep| {
                dependency.dep_kinds.iter().any(|it| it.kind == DependencyKind::Normal)
            };
            let linked = node.deps.iter().filter(is_linked).map(|it| it.pkg.clone());
            needs.insert(node.id.clone(), linked.collect());
        }
        let named = |name: &'static str| metadata.packages.iter().filter(move |it| it.name == name);
        let mut workspace = Self {
            root: canonical(metadata.workspace_root.as_std_path()),
            target: metadata.target_directory.clone().into_std_path_buf(),
            packages: Vec::new(),
            origin: named(CORE).next().map_or(Origin::Nowhere, origin),
            needs,
        };
        let macros: Vec<_> = named(MACROS).map(|it| &it.id).collect();
        let packages = metadata.workspace_packages().into_iter().map(|package| {
            let folder = package.manifest_path.parent().map_or(Path::new(""), |it| it.as_std_path());
            let is_linkable =
                |kind: &CrateType| matches!(kind, CrateType::Lib | CrateType::RLib | CrateType::DyLib);
            let library =
                package.targets.iter().find(|it| it.crate_types.iter().any(is_linkable) && !it.is_example());
            let programs =
                package.targets.iter().filter(|it| it.is_bin() || it.is_cdylib() || it.is_staticlib());
            let is_other_library =
                |it: &cargo_metadata::Target| it.is_cdylib() || it.is_staticlib() || it.is_proc_macro();
            Package {
                id: package.id.clone(),
                has_library: library.is_some() || package.targets.iter().any(is_other_library),
                name: package.name.to_string(),
                folder: canonical(folder),
                features: package.features.keys().cloned().collect(),
                programs: programs
                    .filter_map(|it| Some(canonical(it.src_path.parent()?.as_std_path())))
                    .collect(),
                library: library.map(|it| Library { root: canonical(it.src_path.as_std_path()) }),
                may_register: macros.iter().any(|it| workspace.needs(&package.id, it)),
            }
        });
        workspace.packages = packages.collect();
        workspace
    }

    /// Returns its manifest, as it is named from here.
    pub(super) fn shown(&self) -> PathBuf {
        super::build::shown(&self.root.join("Cargo.toml")).to_owned()
    }

    /// Returns whether cargo builds for a machine that somebody names, which may be another one than this.
    ///
    /// See [where cargo looks](https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure).
    pub(super) fn builds_for_others(&self) -> bool {
        let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let above = self.root.ancestors().map(|folder| folder.join(".cargo"));
        std::env::var_os("CARGO_BUILD_TARGET").is_some() || above.chain(home).any(|it| says_target(&it))
    }

    /// Returns the member in `folder`.
    pub(super) fn package_in(&self, folder: &Path) -> Option<&Package> {
        self.packages.iter().find(|it| it.folder == folder)
    }

    /// Returns whether the package in `folder` is a member.
    pub(super) fn has(&self, folder: &Path) -> bool {
        self.root == folder || self.package_in(folder).is_some()
    }

    /// Returns whether `package` is `other`, or links it, directly or not.
    pub(super) fn needs(&self, package: &PackageId, other: &PackageId) -> bool {
        let mut seen = HashSet::from([package]);
        let mut waiting = vec![package];
        while let Some(next) = waiting.pop() {
            if next == other {
                return true;
            }
            let linked = self.needs.get(next).into_iter().flatten();
            waiting.extend(linked.filter(|it| seen.insert(*it)));
        }
        false
    }
}

/// Returns the folders of packages of the workspace around `folder`, as they are named from here.
pub(super) fn folders(folder: &Path, names: &[String]) -> Result<Vec<PathBuf>, Notice> {
    let metadata = MetadataCommand::new().no_deps().current_dir(folder).exec();
    let metadata = metadata.map_err(|error| unread(&folder.join("Cargo.toml"), &error))?;
    let members = metadata.workspace_packages();
    let folder_of = |name: &String| {
        let found = members.iter().find(|it| it.name == *name).and_then(|it| it.manifest_path.parent());
        let found = found.map(|folder| super::build::shown(&canonical(folder.as_std_path())).to_owned());
        // The empty path is this folder.
        found.map(|it| if it.as_os_str().is_empty() { PathBuf::from(".") } else { it }).ok_or_else(|| {
            let meant = nearest(name, members.iter().map(|it| it.name.as_str()));
            let meant = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            Notice::new(folder, format!("there is no package `{name}` in this workspace{meant}"))
        })
    };
    names.iter().map(folder_of).collect()
}

fn origin(core: &cargo_metadata::Package) -> Origin {
    let folder = || core.manifest_path.parent().and_then(|it| it.parent());
    match &core.source {
        Some(source) => origin_of(&source.repr, &core.version.to_string()),
        None => folder().map_or(Origin::Nowhere, |it| Origin::Folder(it.as_std_path().to_owned())),
    }
}

/// Reads what cargo says of a source.
fn origin_of(source: &str, version: &str) -> Origin {
    if let Some(url) = source.strip_prefix("git+") {
        // What follows the `#` is the commit, which the lock file says too.
        let url = url.split('#').next().unwrap_or(url);
        let (url, of) = url.split_once('?').map_or((url, None), |(url, of)| (url, of.split_once('=')));
        let of = of.map(|(kind, name)| (kind.to_owned(), name.to_owned()));
        return Origin::Git { url: url.to_owned(), of };
    }
    let usual = source.contains("github.com/rust-lang/crates.io-index") || source.contains("index.crates.io");
    let index = source.strip_prefix("registry+").unwrap_or(source);
    Origin::Registry { index: (!usual).then(|| index.to_owned()), version: version.to_owned() }
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Returns whether cargo's configuration in `folder` says what to build for.
fn says_target(folder: &Path) -> bool {
    let says = |name: &str| {
        let text = fs::read_to_string(folder.join(name)).ok()?;
        text.parse::<toml::Table>().ok()?.get("build")?.get("target").map(|_| true)
    };
    ["config.toml", "config"].into_iter().find_map(says).unwrap_or(false)
}

/// Returns what the compiler calls this machine.
pub(super) fn host() -> Option<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).arg("-vV").output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    said.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

fn unread(manifest: &Path, error: &cargo_metadata::Error) -> Notice {
    let text = match error {
        cargo_metadata::Error::CargoMetadata { stderr } => stderr.clone(),
        other => other.to_string(),
    };
    super::build::refused(manifest, "cannot be read by cargo", &text)
}

#[cfg(test)]
mod tests {
    use super::origin_of;

    #[test]
    fn what_judges_comes_from_where_icosian_comes_from() {
        let origins: Vec<_> = [
            "registry+https://github.com/rust-lang/crates.io-index",
            "sparse+https://index.crates.io/",
            "registry+https://example.org/index",
            "sparse+https://example.org/index/",
            "git+https://example.org/icosian?branch=next#0123abc",
            "git+https://example.org/icosian#0123abc",
        ]
        .map(|source| format!("{:?}", origin_of(source, "0.1.0")))
        .into();
        insta::assert_snapshot!(origins.join("\n"));
    }
}
