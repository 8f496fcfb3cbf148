//! Applies fixes that the compiler verifies.

use std::path::{Path, PathBuf};

use super::cargo::{CompilerError, build_for_host, cargo, run, select_packages};
use super::options::LinkOptions;
use super::package::FileNames;
use super::workspace::Workspace;
use crate::fix::{FixSession, RevertedFile};
use crate::{FixOutcome, FixScope, Report};

/// Applies the fixes in the files below `paths`, and reverts the files that no longer compile.
///
/// `lint` checks the source of the files, and `lint_linked` also their linked dataflows, before and after the fixes.
pub(crate) fn verify_fixes(
    paths: &[PathBuf],
    scope: FixScope,
    options: &LinkOptions,
    lint: impl Fn() -> Report,
    lint_linked: impl Fn() -> Report,
) -> FixOutcome {
    let mut session = FixSession::new(lint_linked(), scope);
    let candidates = session.candidates();
    if candidates.is_empty() {
        return session.finish();
    }
    // A file may be part of a workspace that it does not lie in.
    let workspaces = workspaces_of(candidates.iter().chain(paths), options);
    let before: Vec<_> = workspaces.iter().map(|it| compile(it, options)).collect();
    session.apply_all(lint);
    for (workspace, before) in workspaces.iter().zip(before) {
        if let Some(before) = before {
            Verification { workspace, before, options }.revert_broken(&mut session);
        }
    }
    FixOutcome { report: lint_linked(), ..session.finish() }
}

fn workspaces_of<'a>(paths: impl Iterator<Item = &'a PathBuf>, options: &LinkOptions) -> Vec<Workspace> {
    let mut workspaces: Vec<Workspace> = Vec::new();
    for path in paths {
        let folders = FileNames::of(path, &[]).packages();
        if folders.iter().any(|folder| workspaces.iter().any(|it| it.has(folder))) {
            continue;
        }
        workspaces.extend(folders.iter().find_map(|folder| Workspace::read(folder, options).ok()));
    }
    workspaces
}

/// The features of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Features {
    /// The selected features and the default features.
    Selected,
    All,
}

/// An error of the compiler in one of the builds.
struct BuildError {
    features: Features,
    error: CompilerError,
}

impl BuildError {
    /// Returns whether both errors belong to one target of one build.
    fn has_target_of(&self, other: &Self) -> bool {
        (self.features, &self.error.package, &self.error.target)
            == (other.features, &other.error.package, &other.error.target)
    }
}

/// Compiles all targets of a workspace, with the selected features and with all features. Returns `None` if cargo cannot build it.
fn compile(workspace: &Workspace, options: &LinkOptions) -> Option<Vec<BuildError>> {
    let has_features = workspace.packages.iter().any(|it| it.features.iter().any(|name| name != "default"));
    let builds = if has_features { &[Features::Selected, Features::All][..] } else { &[Features::Selected] };
    let mut errors = Vec::new();
    for features in builds.iter().copied() {
        let mut command = cargo(workspace);
        command.args(["check", "--workspace", "--all-targets"]);
        if features == Features::All {
            command.arg("--all-features");
            let options = LinkOptions { features: Vec::new(), ..options.clone() };
            select_packages(&mut command, &[], &options);
        } else {
            select_packages(&mut command, &[], options);
        }
        build_for_host(&mut command, workspace);
        let output = run(&mut command, options).ok()?;
        if !output.is_success && output.failures.is_empty() {
            return None;
        }
        errors.extend(output.failures.into_iter().map(|error| BuildError { features, error }));
    }
    Some(errors)
}

/// A workspace with the errors that it had before the fixes.
struct Verification<'a> {
    workspace: &'a Workspace,
    before: Vec<BuildError>,
    options: &'a LinkOptions,
}

impl Verification<'_> {
    /// Reverts fixes until the workspace has no new error. Fixes in files of other workspaces count too, because the workspace may
    /// link them.
    fn revert_broken(&self, session: &mut FixSession) {
        let changed: Vec<_> = session.changed().map(Path::to_owned).collect();
        if changed.is_empty() {
            return;
        }
        let Some(error) = self.new_error() else { return };
        let reverted: Vec<_> = changed.iter().filter_map(|file| session.revert(file)).collect();
        self.bisect(reverted, &error, session);
    }

    /// Restores the files of `reverted` that compile, by bisection. All of them together do not.
    fn bisect(&self, mut reverted: Vec<RevertedFile>, error: &str, session: &mut FixSession) {
        if reverted.len() < 2 {
            for file in reverted {
                session.reject(&file, error);
            }
            return;
        }
        let second = reverted.split_off(reverted.len() / 2);
        for half in [reverted, second] {
            let files: Vec<_> = half.iter().map(|it| it.path().to_owned()).collect();
            for file in half {
                session.restore(file);
            }
            if let Some(error) = self.new_error() {
                let reverted = files.iter().filter_map(|file| session.revert(file)).collect();
                self.bisect(reverted, &error, session);
            }
        }
    }

    /// Compiles the workspace and returns an error that it did not have before.
    fn new_error(&self) -> Option<String> {
        let Some(errors) = compile(self.workspace, self.options) else {
            return Some("after the fixes, cargo cannot build the workspace".to_owned());
        };
        let contains = |errors: &[BuildError], error: &BuildError| {
            errors.iter().any(|it| it.has_target_of(error) && it.error.message == error.error.message)
        };
        let is_new = |error: &&BuildError| {
            // A target that did not compile may show further errors once one of them is fixed, but not while all of them remain.
            let mut known = self.before.iter().filter(|it| it.has_target_of(error));
            known.all(|it| contains(&errors, it)) && !contains(&self.before, error)
        };
        let first = &errors.iter().find(is_new)?.error;
        Some(format!("after the fixes, `{}` does not compile: {}", first.target, first.message))
    }
}
