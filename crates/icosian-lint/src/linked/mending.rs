//! Fixes that the compiler verifies.

use std::path::{Path, PathBuf};

use cargo_metadata::PackageId;

use super::workspace::{SourceFile, Workspace};
use super::{Linking, build};
use crate::fixer::{Mending, Undone};
use crate::{Fixed, Linter};

impl Linter {
    /// Applies fixes as [`fix`](Self::fix) does, compiles the workspaces of the files, and checks the files again as
    /// [`lint_linked`](Self::lint_linked) does.
    ///
    /// All targets are compiled, with the selected features and with all features. Files with fixes that break the build are
    /// reverted. In a workspace that did not compile before, fixes only add no new errors.
    ///
    /// # Errors
    /// None: [`Fixed::undone`] has the reverted files.
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
        // A file may be of a workspace that it does not lie in.
        let workspaces = workspaces_of(candidates.iter().chain(paths), linking);
        let before: Vec<_> = workspaces.iter().map(|it| compile(it, linking)).collect();
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

fn workspaces_of<'a>(paths: impl Iterator<Item = &'a PathBuf>, linking: &Linking) -> Vec<Workspace> {
    let mut workspaces: Vec<Workspace> = Vec::new();
    for path in paths {
        let folders = SourceFile::of(path, &[]).packages();
        if folders.iter().any(|folder| workspaces.iter().any(|it| it.has(folder))) {
            continue;
        }
        workspaces.extend(folders.iter().find_map(|folder| Workspace::read(folder, linking).ok()));
    }
    workspaces
}

/// An error of the compiler's, with all that says what it was compiling.
struct Fault {
    with_all_features: bool,
    package: PackageId,
    target: String,
    message: String,
}

impl Fault {
    fn is_of_same(&self, other: &Self) -> bool {
        (self.with_all_features, &self.package, &self.target)
            == (other.with_all_features, &other.package, &other.target)
    }
}

/// Lets the compiler look at all of a workspace; `None` when it cannot say anything.
fn compile(workspace: &Workspace, linking: &Linking) -> Option<Vec<Fault>> {
    let has_features = workspace.packages.iter().any(|it| it.features.iter().any(|name| name != "default"));
    let mut faults = Vec::new();
    for with_all_features in [false, true].into_iter().take(1 + usize::from(has_features)) {
        let mut command = build::cargo(workspace);
        command.args(["check", "--workspace", "--all-targets"]);
        if with_all_features {
            command.arg("--all-features");
            build::over(&mut command, &[], &Linking { features: Vec::new(), ..linking.clone() });
        } else {
            build::over(&mut command, &[], linking);
        }
        build::for_here(&mut command, workspace);
        let said = command.spawn().and_then(|child| build::listen(child, linking)).ok()?;
        if !said.is_done && said.refused.is_empty() {
            return None;
        }
        let fault = |(package, target, message)| Fault { with_all_features, package, target, message };
        faults.extend(said.refused.into_iter().map(fault));
    }
    Some(faults)
}

/// Takes fixes back until what compiled before in a workspace does again. Files of others may be to blame too, which it links.
fn take_back(workspace: &Workspace, before: &[Fault], mending: &mut Mending, linking: &Linking) {
    let changed: Vec<_> = mending.changed().map(Path::to_owned).collect();
    if changed.is_empty() {
        return;
    }
    let Some(why) = fault(workspace, before, linking) else { return };
    let undone: Vec<_> = changed.iter().filter_map(|file| mending.undo(file)).collect();
    redo_halves(undone, &why, workspace, before, mending, linking);
}

/// Looks for what is to blame in each half of `undone`, which does not compile as a whole.
fn redo_halves(
    mut undone: Vec<Undone>,
    why: &str,
    workspace: &Workspace,
    before: &[Fault],
    mending: &mut Mending,
    linking: &Linking,
) {
    if undone.len() < 2 {
        for undone in undone {
            mending.give_up(&undone, why);
        }
        return;
    }
    let second = undone.split_off(undone.len() / 2);
    for half in [undone, second] {
        let files: Vec<_> = half.iter().map(|it| it.path().to_owned()).collect();
        for undone in half {
            mending.redo(undone);
        }
        if let Some(why) = fault(workspace, before, linking) {
            let undone = files.iter().filter_map(|file| mending.undo(file)).collect();
            redo_halves(undone, &why, workspace, before, mending, linking);
        }
    }
}

/// Says what does not compile and did `before`.
fn fault(workspace: &Workspace, before: &[Fault], linking: &Linking) -> Option<String> {
    let Some(faults) = compile(workspace, linking) else {
        return Some("after the fixes, cargo cannot build the workspace".to_owned());
    };
    let is_there = |fault: &Fault, among: &[Fault]| {
        among.iter().any(|it| it.is_of_same(fault) && it.message == fault.message)
    };
    let is_new = |fault: &&Fault| {
        // What did not compile before may show more when some of it is mended, but not when none of it is.
        let known = || before.iter().filter(|it| it.is_of_same(fault));
        known().all(|it| is_there(it, &faults)) && !is_there(fault, before)
    };
    let first = faults.iter().find(is_new)?;
    Some(format!("after the fixes, `{}` does not compile: {}", first.target, first.message))
}
