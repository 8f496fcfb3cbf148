//! Packages, their targets, and the files that belong to them.

use std::collections::{BTreeSet, HashSet};
use std::path::{Component, Path, PathBuf};

use cargo_metadata::PackageId;

use crate::file_analysis::FileAnalysis;
use crate::foreign::package_of;

/// A member of the workspace.
pub(crate) struct Package {
    pub(crate) id: PackageId,
    pub(crate) name: String,
    /// The folder as cargo names it: the name may contain symbolic links.
    pub(crate) folder: PathBuf,
    /// The same folder without symbolic links.
    pub(crate) real_folder: PathBuf,
    pub(crate) features: HashSet<String>,
    pub(crate) library: Option<Library>,
    /// Set for a package with a library of any kind.
    pub(crate) has_library: bool,
    /// Programs, and libraries that Rust cannot link. The harness can compile their root as a library.
    pub(crate) programs: Vec<CargoTarget>,
    /// Set for a package that can contain dataflows: it depends on the macros.
    pub(crate) may_register: bool,
    pub(crate) metadata: Option<cargo_metadata::Package>,
    /// The package that compiles a program as a library, if this is one.
    pub(crate) program: Option<LinkedProgram>,
}

impl Package {
    /// Returns whether the package is in `folder`.
    pub(crate) fn is_in(&self, folder: &Path) -> bool {
        self.folder == folder || self.real_folder == folder
    }
}

/// A target other than a Rust library.
#[derive(Clone)]
pub(crate) struct CargoTarget {
    pub(crate) name: String,
    /// The first file, as cargo names it.
    pub(crate) root: PathBuf,
    pub(crate) required_features: Vec<String>,
}

/// A library that other crates can link.
pub(crate) struct Library {
    /// The first file, as cargo names it.
    pub(crate) root: PathBuf,
    /// The same file without symbolic links.
    pub(crate) real_root: PathBuf,
    /// All files, where the folder is shared with other targets.
    pub(crate) files: Option<BTreeSet<PathBuf>>,
}

impl Library {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), real_root: canonical(root), files: None }
    }

    /// Returns whether `file` may be part of the library.
    pub(crate) fn may_contain(&self, file: &FileNames) -> bool {
        if let Some(files) = &self.files {
            return files.contains(&file.real);
        }
        let folders = [&self.root, &self.real_root].map(|root| root.parent().unwrap_or(root));
        let is_below = |file: &Path| folders.iter().any(|folder| file.starts_with(folder));
        file.real == self.real_root || is_below(&file.real) || file.full.iter().any(|it| is_below(it))
    }
}

/// A program that is compiled as a library.
pub(crate) struct LinkedProgram {
    /// The name of the package that the harness depends on.
    pub(crate) package: String,
    pub(crate) target: CargoTarget,
    /// The folder of the original package.
    pub(crate) original: PathBuf,
}

/// A file of the run, with every name under which it was found.
pub(crate) struct InputFile<'a> {
    pub(crate) analysis: &'a FileAnalysis,
    pub(crate) names: FileNames,
}

impl<'a> InputFile<'a> {
    pub(crate) fn new(analysis: &'a FileAnalysis) -> Self {
        Self { analysis, names: FileNames::of(&analysis.path, &analysis.links) }
    }
}

/// The names of a file.
pub(crate) struct FileNames {
    /// Full paths that may contain symbolic links.
    pub(crate) full: Vec<PathBuf>,
    /// The path without symbolic links.
    pub(crate) real: PathBuf,
}

impl FileNames {
    pub(crate) fn of(path: &Path, links: &[PathBuf]) -> Self {
        let real = path.canonicalize().unwrap_or_default();
        // Without `..`, the folders of a name are its ancestors.
        let full = |path: &PathBuf| {
            let full = std::path::absolute(path).ok()?;
            let is_direct = |part: Component<'_>| part != Component::ParentDir;
            full.components().all(is_direct).then_some(full)
        };
        let full = std::iter::once(&path.to_owned()).chain(links).filter_map(full).collect();
        Self { full, real }
    }

    /// Returns the folders of the packages that may contain the file, the most likely first.
    pub(crate) fn packages(&self) -> Vec<PathBuf> {
        let all = self.full.iter().chain([&self.real]);
        let mut folders: Vec<_> = all.filter_map(|path| package_of(path)).collect();
        folders.dedup();
        folders
    }
}

/// Returns `path` without symbolic links, or `path` itself if it does not exist.
pub(super) fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
