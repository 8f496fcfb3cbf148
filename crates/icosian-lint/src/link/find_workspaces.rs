use std::collections::BTreeSet;
use std::path::PathBuf;

use super::options::LinkOptions;
use super::package::InputFile;
use super::workspace::Workspace;
use crate::Notice;
use crate::foreign::{is_foreign, is_requested, package_of, real_folder};

/// The workspaces of a run.
#[derive(Default)]
pub(super) struct FoundWorkspaces {
    pub(super) workspaces: Vec<Workspace>,
    /// The folders of packages that no workspace includes.
    pub(super) foreign: BTreeSet<PathBuf>,
    /// Errors for packages that cargo cannot read.
    pub(super) errors: Vec<Notice>,
}

/// Finds the workspaces of `files` and of `paths`, a list of full paths.
///
/// Macros may generate dataflows, so that files without visible nodes count too.
pub(super) fn find_workspaces(
    files: &[InputFile<'_>],
    paths: &[PathBuf],
    options: &LinkOptions,
) -> FoundWorkspaces {
    let mut search = Search { workspaces: Vec::new(), unreadable: Vec::new(), options };
    for path in paths {
        search.read(&package_of(path).into_iter().collect::<Vec<_>>(), PackageContent::NoNodes);
    }
    let (with_nodes, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.analysis.has_nodes());
    for file in with_nodes.into_iter().chain(others) {
        let content = if file.analysis.has_nodes() { PackageContent::Nodes } else { PackageContent::NoNodes };
        search.read(&file.names.packages(), content);
    }
    let mut found = FoundWorkspaces { workspaces: search.workspaces, ..FoundWorkspaces::default() };
    for UnreadablePackage { folder, notice, content } in search.unreadable {
        let real = real_folder(&folder);
        let is_member = [Some(&folder), real.as_ref()]
            .into_iter()
            .flatten()
            .any(|folder| found.workspaces.iter().any(|it| it.has(folder)));
        if is_member || content == PackageContent::NoNodes {
            continue;
        }
        let error = format!("{} {}", notice.message(), notice.details());
        if !is_requested(&folder, paths) && is_foreign(&folder, &error) {
            found.foreign.insert(folder);
            continue;
        }
        let is_same = |it: &Notice| (it.message(), it.details()) == (notice.message(), notice.details());
        if !found.errors.iter().any(is_same) {
            found.errors.push(notice);
        }
    }
    found
}

struct Search<'a> {
    workspaces: Vec<Workspace>,
    unreadable: Vec<UnreadablePackage>,
    options: &'a LinkOptions,
}

/// A package that cargo cannot read.
struct UnreadablePackage {
    folder: PathBuf,
    notice: Notice,
    content: PackageContent,
}

/// The content of the files that are checked in a package.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum PackageContent {
    NoNodes,
    Nodes,
}

impl Search<'_> {
    /// Reads the workspace of a package. `folders` are names of the package's folder.
    fn read(&mut self, folders: &[PathBuf], content: PackageContent) {
        if folders.iter().any(|folder| self.workspaces.iter().any(|it| it.has(folder))) {
            return;
        }
        for folder in folders {
            if let Some(known) = self.unreadable.iter_mut().find(|it| it.folder == *folder) {
                // The other files of the package would only add the same notice.
                known.content = known.content.max(content);
                continue;
            }
            match Workspace::read(folder, self.options) {
                Ok(workspace) => return self.workspaces.push(workspace),
                Err(notice) => {
                    self.unreadable.push(UnreadablePackage { folder: folder.clone(), notice, content });
                }
            }
        }
    }
}
