//! Finds the files that changed since a base commit, so that expensive steps run only if their inputs changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

use crate::task_error::TaskError;

/// The environment variable that names the base commit.
const BASE_VARIABLE: &str = "CI_BASE";
/// The base without this variable.
const DEFAULT_BASE: &str = "origin/main";
/// Paths outside of packages that affect every step. Those with `/` at the end are folders.
const SHARED: [&str; 7] = [
    ".cargo/",
    ".ci/",
    "Cargo.lock",
    "Cargo.toml",
    "rust-toolchain.toml",
    "xtask/src/ci.rs",
    "xtask/src/ci/",
];

/// The packages whose sources a step reads, each with its dependencies in the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StepInputs {
    /// The step is cheap or reads everything. It always runs.
    Everything,
    /// The step builds these packages.
    Packages(&'static [&'static str]),
    /// The step builds these packages, and also reads the files in a folder.
    PackagesAndFolder(&'static [&'static str], &'static str),
    /// The step builds all packages in this folder.
    Folder(&'static str),
}

/// The changes of the workspace.
#[derive(Debug)]
pub(super) enum Changes {
    /// All steps run, for this reason.
    Unknown(String),
    /// The files that differ from the base.
    Since {
        /// The base, as the log prints it.
        base: String,
        /// The paths from the root of the workspace.
        files: Vec<String>,
        packages: Packages,
    },
}

/// The folders of packages and the packages that they build with.
#[derive(Debug, Default)]
pub(super) struct Packages {
    /// The folder of each package, from the root of the workspace, with `/` at the end.
    folders: BTreeMap<String, String>,
    /// The packages of the workspace that each package depends on.
    dependencies: BTreeMap<String, Vec<String>>,
    /// The packages of the workspace that only tests of each package depend on.
    dev_dependencies: BTreeMap<String, Vec<String>>,
}

impl Changes {
    /// Compares the working tree with the base.
    ///
    /// The base is the value of `CI_BASE`, or else `origin/main`. All steps run if git does not know the base, or if the base is the
    /// commit itself: after a push to main, `origin/main` hides the pushed commits.
    pub(super) fn detect() -> Self {
        Self::compare().unwrap_or_else(|error| Self::Unknown(error.to_string()))
    }

    fn compare() -> Result<Self, TaskError> {
        let base = std::env::var(BASE_VARIABLE).ok().filter(|base| !base.is_empty());
        let base = base.unwrap_or_else(|| DEFAULT_BASE.to_owned());
        let commit = git(&["merge-base", &base, "HEAD"])
            .map_err(|_| format!("git finds no common commit with `{base}`"))?;
        let commit = commit.trim();
        if commit == git(&["rev-parse", "HEAD"])?.trim() && base == DEFAULT_BASE {
            return Ok(Self::Unknown(format!("the commit is part of `{base}`")));
        }
        let changed = git(&["diff", "--name-only", "--no-renames", commit])?;
        let added = git(&["ls-files", "--others", "--exclude-standard"])?;
        let files = changed.lines().chain(added.lines()).map(str::to_owned).collect();
        let packages = Packages::of(&MetadataCommand::new().no_deps().exec()?);
        Ok(Self::Since { base, files, packages })
    }

    /// Returns why a step with these inputs can be skipped, or `None` if it has to run.
    pub(super) fn reason_to_skip(&self, inputs: StepInputs) -> Option<String> {
        let Self::Since { base, files, packages } = self else { return None };
        let roots: Vec<&str> = match inputs {
            StepInputs::Everything => return None,
            StepInputs::Packages(names) | StepInputs::PackagesAndFolder(names, _) => names.to_vec(),
            StepInputs::Folder(folder) => packages.within(folder),
        };
        let folders = packages.folders_of(&roots);
        let is_read = |file: &str| match inputs {
            StepInputs::PackagesAndFolder(_, folder) => file.starts_with(folder),
            _ => false,
        };
        let is_input = |file: &str| {
            let is_documentation = Path::new(file).extension().is_some_and(|extension| extension == "md");
            is_shared(file)
                || is_read(file)
                || (!is_documentation && folders.iter().any(|folder| file.starts_with(folder)))
        };
        if files.iter().any(|file| is_input(file)) {
            return None;
        }
        Some(format!("no input changed since `{base}`; `--all` runs it"))
    }
}

impl Packages {
    fn of(metadata: &Metadata) -> Self {
        let mut packages = Self::default();
        let members = metadata.workspace_packages();
        let is_member = |name: &str| members.iter().any(|member| member.name.as_str() == name);
        for member in &members {
            let name = member.name.to_string();
            if let Some(folder) = member.manifest_path.parent()
                && let Ok(folder) = folder.strip_prefix(&metadata.workspace_root)
            {
                packages.folders.insert(name.clone(), format!("{folder}/"));
            }
            for dependency in member.dependencies.iter().filter(|it| is_member(&it.name)) {
                let map = match dependency.kind {
                    DependencyKind::Development => &mut packages.dev_dependencies,
                    _ => &mut packages.dependencies,
                };
                map.entry(name.clone()).or_default().push(dependency.name.clone());
            }
        }
        packages
    }

    /// Returns the packages in a folder of the workspace.
    fn within(&self, folder: &str) -> Vec<&str> {
        let inside = self.folders.iter().filter(|(_, path)| path.starts_with(folder));
        inside.map(|(name, _)| name.as_str()).collect()
    }

    /// Returns the folders of `roots` and of all packages that they and their tests build with.
    fn folders_of<'a>(&'a self, roots: &[&'a str]) -> BTreeSet<&'a str> {
        let listed = |map: &'a BTreeMap<String, Vec<String>>, name: &str| {
            map.get(name).into_iter().flatten().map(String::as_str)
        };
        let tests = roots.iter().flat_map(|root| listed(&self.dev_dependencies, root));
        let mut open: Vec<&str> = roots.iter().copied().chain(tests).collect();
        let mut found = BTreeSet::new();
        while let Some(name) = open.pop() {
            if found.insert(name) {
                open.extend(listed(&self.dependencies, name));
            }
        }
        found.into_iter().filter_map(|name| self.folders.get(name).map(String::as_str)).collect()
    }
}

fn is_shared(file: &str) -> bool {
    SHARED.iter().any(|path| if path.ends_with('/') { file.starts_with(path) } else { file == *path })
}

/// Returns the output of a git command.
fn git(arguments: &[&str]) -> Result<String, TaskError> {
    let output = Command::new("git").args(arguments).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::{Changes, Packages, StepInputs};

    /// Packages `arena`, `core` on `arena`, and `lint`, whose tests use `core`.
    fn packages() -> Packages {
        let names = ["arena", "core", "core-extra", "lint"];
        let entry = |from: &str, to: &str| (from.to_owned(), vec![to.to_owned()]);
        Packages {
            folders: names.iter().map(|name| ((*name).to_owned(), format!("crates/{name}/"))).collect(),
            dependencies: [entry("core", "arena")].into(),
            dev_dependencies: [entry("lint", "core"), entry("core", "core-extra")].into(),
        }
    }

    fn is_skipped(files: &[&str], inputs: StepInputs) -> bool {
        let files = files.iter().map(|file| (*file).to_owned()).collect();
        let changes = Changes::Since { base: "origin/main".into(), files, packages: packages() };
        changes.reason_to_skip(inputs).is_some()
    }

    const CORE: StepInputs = StepInputs::Packages(&["core"]);

    #[test]
    fn step_without_changed_inputs_is_skipped() {
        assert!(is_skipped(&[], CORE));
        assert!(is_skipped(&["crates/lint/src/lib.rs", "README.md", "crates/core/README.md"], CORE));
        assert!(is_skipped(&["xtask/src/tidy.rs"], StepInputs::Folder("crates/")));
    }

    #[test]
    fn change_of_a_package_or_a_dependency_runs_the_step() {
        for file in ["crates/core/src/lib.rs", "crates/arena/tests/it/main.rs", "crates/core-extra/src/a.rs"]
        {
            assert!(!is_skipped(&[file], CORE), "{file}");
        }
        assert!(!is_skipped(&["crates/arena/src/lib.rs"], StepInputs::Packages(&["lint"])));
        // The tests of a dependency are not built.
        assert!(is_skipped(&["crates/core-extra/src/a.rs"], StepInputs::Packages(&["lint"])));
        assert!(!is_skipped(&["crates/lint/Cargo.toml"], StepInputs::Folder("crates/")));
    }

    #[test]
    fn change_of_the_folder_runs_the_step() {
        let inputs = StepInputs::PackagesAndFolder(&["lint"], "xtask/browser/");
        assert!(!is_skipped(&["xtask/browser/chromium.mjs"], inputs));
        assert!(!is_skipped(&["crates/lint/src/lib.rs"], inputs));
        assert!(is_skipped(&["xtask/src/tidy.rs"], inputs));
    }

    #[test]
    fn change_of_a_shared_file_runs_every_step() {
        for file in ["Cargo.lock", "Cargo.toml", ".ci/run", "xtask/src/ci/loom.rs", "xtask/src/ci.rs"] {
            assert!(!is_skipped(&[file], CORE), "{file}");
        }
        assert!(is_skipped(&["examples/Cargo.toml"], CORE));
    }

    #[test]
    fn cheap_steps_and_unknown_changes_always_run() {
        assert!(!is_skipped(&[], StepInputs::Everything));
        assert_eq!(Changes::Unknown("no base".into()).reason_to_skip(CORE), None);
    }

    #[test]
    fn reason_names_the_base() {
        let changes = Changes::Since { base: "v1".into(), files: Vec::new(), packages: packages() };
        assert_eq!(
            changes.reason_to_skip(CORE).as_deref(),
            Some("no input changed since `v1`; `--all` runs it")
        );
    }
}
