//! Fixes that the compiler has the last word on.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::slice;

use cargo_metadata::PackageId;
use cargo_metadata::diagnostic::Diagnostic;

use super::workspace::{Package, Workspace};
use super::{Linking, build, package_of};
use crate::fixer::Mending;
use crate::{Fixed, Linter};

impl Linter {
    /// Mends what has a fix in the Rust files below `paths` as [`fix`](Self::fix) does, lets the compiler look at the packages that
    /// they are of, and links these again as [`lint_linked`](Self::lint_linked) does.
    ///
    /// Where a package compiles no more, the files that are to blame are given back what they had. A package that did not compile
    /// before stays mended.
    ///
    /// # Errors
    /// None: what stays as it was is among [`Fixed::undone`].
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linking, Linter, Settings};
    ///
    /// let linter = Linter::new(Settings::default());
    /// let fixed = linter.fix_linked(&["src/lines.rs".into()], false, &Linking::default());
    /// assert!(fixed.applied == 0 && fixed.report.is_clean());
    /// ```
    #[must_use]
    pub fn fix_linked(&self, paths: &[PathBuf], also_unsafe: bool, linking: &Linking) -> Fixed {
        let mut mending = Mending::new(self.lint_linked(paths, linking), also_unsafe);
        let candidates = mending.candidates();
        if candidates.is_empty() {
            return mending.fixed();
        }
        let workspaces = workspaces_of(&candidates, linking);
        let before: Vec<_> = workspaces.iter().map(|it| compile(it, &candidates, linking)).collect();
        self.mend(paths, &mut mending);
        for (workspace, before) in workspaces.iter().zip(before) {
            if let Some(before) = before {
                take_back(workspace, &before, &mut mending, linking);
            }
        }
        mending.report = self.lint_linked(paths, linking);
        mending.fixed()
    }
}

fn workspaces_of(files: &[PathBuf], linking: &Linking) -> Vec<Workspace> {
    let mut workspaces: Vec<Workspace> = Vec::new();
    for file in files {
        if let Some(folder) = file.canonicalize().ok().as_deref().and_then(package_of)
            && !workspaces.iter().any(|it| it.has(&folder))
            && let Ok(workspace) = Workspace::read(&folder, linking)
        {
            workspaces.push(workspace);
        }
    }
    workspaces
}

/// The compiler's errors, each with the package and the target that it is of.
type Errors = Vec<(PackageId, String, Diagnostic)>;

/// Lets the compiler look at the packages that `files` are of, and at those that link them; `None` when it cannot say anything.
fn compile(workspace: &Workspace, files: &[PathBuf], linking: &Linking) -> Option<Errors> {
    let own: HashSet<_> = files.iter().filter_map(|file| Some(&package(workspace, file)?.id)).collect();
    let is_asked = |package: &&Package| own.iter().any(|own| workspace.needs(&package.id, own));
    let packages: Vec<_> = workspace.packages.iter().filter(is_asked).collect();
    if packages.is_empty() {
        return None;
    }
    let mut command = build::cargo(workspace);
    command.args(["check", "--all-targets"]);
    build::over(&mut command, workspace, &packages, linking);
    let said = command.spawn().and_then(|child| build::listen(child, linking)).ok()?;
    (said.is_done || !said.refused.is_empty()).then_some(said.refused)
}

fn package<'a>(workspace: &'a Workspace, file: &Path) -> Option<&'a Package> {
    workspace.package_in(&package_of(&file.canonicalize().ok()?)?)
}

/// How many files are tried one by one when something compiles no more; each time is a compilation.
const TRIES: usize = 16;

/// Takes fixes back until what compiled before does again.
fn take_back(workspace: &Workspace, before: &Errors, mending: &mut Mending, linking: &Linking) {
    let changed: Vec<_> = mending.changed().map(Path::to_owned).collect();
    let Some(Broken { why, files }) = broken(workspace, before, &changed, linking) else { return };
    let undone: Vec<_> = files.iter().filter_map(|file| mending.undo(file)).collect();
    let are_few = (2..=TRIES).contains(&undone.len());
    for undone in undone {
        if !are_few {
            mending.give_up(&undone, &why);
            continue;
        }
        // The compiler is not always at odds with the file that is to blame.
        let file = undone.path().to_owned();
        mending.redo(undone);
        let files = slice::from_ref(&file);
        if let Some(Broken { why, .. }) = broken(workspace, before, files, linking)
            && let Some(undone) = mending.undo(&file)
        {
            mending.give_up(&undone, &why);
        }
    }
}

/// What compiles no more.
struct Broken {
    why: String,
    /// The files that may be to blame.
    files: Vec<PathBuf>,
}

/// Returns what does not compile for changes in `files`, and did `before`.
fn broken(workspace: &Workspace, before: &Errors, files: &[PathBuf], linking: &Linking) -> Option<Broken> {
    let mut errors = compile(workspace, files, linking)?;
    errors.retain(|(package, target, _)| !before.iter().any(|it| (&it.0, &it.1) == (package, target)));
    let may_break = |file: &&PathBuf| {
        let package = package(workspace, file);
        package.is_some_and(|package| errors.iter().any(|(of, ..)| workspace.needs(of, &package.id)))
    };
    let files: Vec<_> = files.iter().filter(may_break).cloned().collect();
    let (.., first) = errors.first().filter(|_| !files.is_empty())?;
    Some(Broken { why: format!("after the fixes, the package does not compile: {}", first.message), files })
}
