//! Workspaces and packages as `cargo metadata` describes them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use cargo_metadata::{CargoOpt, CrateType, DependencyKind, Metadata, MetadataCommand, PackageId};
use icosian_diagnostics::nearest;

use super::program::Program;
use super::{Linking, build};
use crate::Notice;
use crate::engine::Looked;
use crate::foreign::package_of;

/// The crate whose attributes make dataflows that register themselves.
const MACROS: &str = "icosian-macros";
/// The crate that has the registry: there is one of it, whatever the user's crates take.
const CORE: &str = "icosian-core";

/// A workspace, as far as linking needs it.
pub(super) struct Workspace {
    pub(super) root: PathBuf,
    pub(super) target: PathBuf,
    pub(super) packages: Vec<Package>,
    /// The source of `icosian`, from which the harness takes `icosian-check` too.
    pub(super) origin: Origin,
    needs: HashMap<PackageId, Vec<PackageId>>,
    /// The names of all packages, also of dependencies.
    names: HashMap<PackageId, String>,
    core: Option<PackageId>,
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
    /// The folder as cargo names it: the name may contain symbolic links.
    pub(super) folder: PathBuf,
    /// The same folder without symbolic links.
    pub(super) real_folder: PathBuf,
    pub(super) features: HashSet<String>,
    pub(super) library: Option<Library>,
    /// Whether there is a library of any kind.
    pub(super) has_library: bool,
    /// Programs, and libraries that Rust cannot link. The harness can compile their root as a library.
    pub(super) programs: Vec<Target>,
    /// Whether the package can contain dataflows: it depends on the macros.
    pub(super) may_register: bool,
    pub(super) metadata: Option<cargo_metadata::Package>,
    /// The package that compiles a program as a library, if this is one.
    pub(super) program: Option<Program>,
}

impl Package {
    /// Returns whether the package is in `folder`.
    fn is_in(&self, folder: &Path) -> bool {
        self.folder == folder || self.real_folder == folder
    }
}

/// A target other than a Rust library.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) name: String,
    /// The first file, as cargo names it.
    pub(super) root: PathBuf,
    pub(super) required_features: Vec<String>,
}

/// A library that other crates can link.
pub(super) struct Library {
    /// The first file, as cargo names it.
    pub(super) root: PathBuf,
    /// The same file without symbolic links.
    pub(super) real_root: PathBuf,
    /// All files, where the folder is shared with other targets.
    pub(super) files: Option<BTreeSet<PathBuf>>,
}

impl Library {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), real_root: canonical(root), files: None }
    }

    /// Returns whether `file` may be part of the library.
    pub(super) fn may_have(&self, file: &SourceFile) -> bool {
        if let Some(files) = &self.files {
            return files.contains(&file.real);
        }
        let folders = [&self.root, &self.real_root].map(|root| root.parent().unwrap_or(root));
        let is_below = |file: &Path| folders.iter().any(|folder| file.starts_with(folder));
        file.real == self.real_root || is_below(&file.real) || file.names.iter().any(|it| is_below(it))
    }
}

/// A file that was read, with every name under which it was found.
pub(super) struct SourceFile {
    /// Full paths that may contain symbolic links.
    pub(super) names: Vec<PathBuf>,
    /// The path without symbolic links.
    pub(super) real: PathBuf,
}

impl SourceFile {
    pub(super) fn new(looked: &Looked) -> Self {
        Self::of(&looked.path, &looked.links)
    }

    pub(super) fn of(path: &Path, links: &[PathBuf]) -> Self {
        let real = path.canonicalize().unwrap_or_default();
        // Without `..`, the folders of a name are its ancestors.
        let full = |path: &PathBuf| {
            let full = std::path::absolute(path).ok()?;
            let is_plain = |part: Component<'_>| part != Component::ParentDir;
            full.components().all(is_plain).then_some(full)
        };
        let names = std::iter::once(&path.to_owned()).chain(links).filter_map(full).collect();
        Self { names, real }
    }

    /// Returns the folders of the packages that may contain the file, the most likely first.
    pub(super) fn packages(&self) -> Vec<PathBuf> {
        let all = self.names.iter().chain([&self.real]);
        let mut folders: Vec<_> = all.filter_map(|path| package_of(path)).collect();
        folders.dedup();
        folders
    }
}

impl Workspace {
    /// Reads the workspace of the package in `folder`.
    pub(super) fn read(folder: &Path, linking: &Linking) -> Result<Self, Notice> {
        let manifest = folder.join("Cargo.toml");
        let mut command = MetadataCommand::new();
        command.manifest_path(&manifest).current_dir(folder);
        if !linking.features.is_empty() {
            // `icosian` may be an optional dependency.
            command.features(CargoOpt::AllFeatures);
        }
        // Dependencies of other platforms need not be available.
        let options: Vec<_> =
            host().into_iter().flat_map(|host| ["--filter-platform".to_owned(), host]).collect();
        let offline = || [options.clone(), vec!["--offline".to_owned()]].concat();
        command.other_options(if linking.offline { offline() } else { options.clone() });
        let metadata = command.exec().or_else(|error| {
            if linking.offline || !build::is_network_failure(&error.to_string()) {
                return Err(error);
            }
            linking.tell(build::WITHOUT_NETWORK);
            command.other_options(offline()).exec()
        });
        Ok(Self::new(&metadata.map_err(|error| unread(&manifest, &error))?))
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
            core: named(CORE).next().map(|it| it.id.clone()),
            names: metadata.packages.iter().map(|it| (it.id.clone(), it.name.to_string())).collect(),
        };
        let macros: Vec<_> = named(MACROS).map(|it| &it.id).collect();
        let packages = metadata.workspace_packages().into_iter().map(|package| {
            let folder = package.manifest_path.parent().map_or(Path::new(""), |it| it.as_std_path());
            let target = |it: &cargo_metadata::Target| Target {
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
            Package {
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
            }
        });
        workspace.packages = packages.collect();
        workspace
    }

    /// Returns the folder of the harness.
    pub(super) fn harness(&self) -> PathBuf {
        self.target.join("icosian-lint")
    }

    /// Returns whether `package` is `icosian-core`, or links it.
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
    pub(super) fn shown(&self) -> PathBuf {
        crate::shown(&self.root.join("Cargo.toml")).to_owned()
    }

    /// Returns whether the environment or the configuration names a target, so that cargo may build for another machine.
    ///
    /// See [where cargo looks](https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure).
    pub(super) fn builds_for_others(&self) -> bool {
        let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let above = self.root.ancestors().map(|folder| folder.join(".cargo"));
        std::env::var_os("CARGO_BUILD_TARGET").is_some() || above.chain(home).any(|it| says_target(&it))
    }

    /// Returns the member in `folder`.
    pub(super) fn package_in(&self, folder: &Path) -> Option<&Package> {
        self.packages.iter().find(|it| it.is_in(folder))
    }

    /// Returns the member that contains `file`.
    pub(super) fn package_of(&self, file: &SourceFile) -> Option<&Package> {
        file.packages().iter().find_map(|folder| self.package_in(folder))
    }

    /// Returns whether the package in `folder` is a member, or `folder` is the root.
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
        let found = found.map(|folder| crate::shown(&canonical(folder.as_std_path())).to_owned());
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

/// Parses the source of a package.
pub(super) fn origin_of(source: &str, version: &str) -> Origin {
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
