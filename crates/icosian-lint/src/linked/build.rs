//! Runs cargo and reads its messages.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use cargo_metadata::{Message, PackageId};

use super::harness::{Failed, UNLINKED};
use super::workspace::{Package, Workspace, host};
use super::{Linking, Progress};
use crate::{Notice, shown};

/// The output of a build.
#[derive(Default)]
pub(super) struct Said {
    program: Option<PathBuf>,
    /// The compiler's errors, as it draws them.
    pub(super) errors: String,
    pub(super) broken: Vec<PackageId>,
    /// The compiler's errors: the package, the target, and what is wrong.
    pub(super) refused: Vec<(PackageId, String, String)>,
    /// All else that the compiler says.
    pub(super) told: Vec<Diagnostic>,
    pub(super) lines: String,
    pub(super) is_done: bool,
}

impl Said {
    /// Returns a notice for each package that does not compile.
    pub(super) fn broken_packages(&self, workspace: &Workspace) -> Vec<Notice> {
        self.broken.iter().map(|id| broken(workspace, id)).collect()
    }

    /// Adds the members whose build script failed: the compiler reports no error for them.
    fn add_failed_scripts(&mut self, workspace: &Workspace) {
        let scripts = self.lines.split("failed to run custom build command for `").skip(1);
        let names = scripts.filter_map(|rest| rest.split([' ', '`']).next());
        let failed: Vec<_> = names
            .filter_map(|name| workspace.packages.iter().find(|it| it.name == name))
            .map(|it| it.id.clone())
            .filter(|id| !self.broken.contains(id))
            .collect();
        self.broken.extend(failed);
    }
}

/// Returns the notice for a package that does not compile.
fn broken(workspace: &Workspace, id: &PackageId) -> Notice {
    let member = workspace.packages.iter().find(|it| it.id == *id);
    let manifest =
        member.map_or_else(|| workspace.shown(), |it| shown(&it.folder.join("Cargo.toml")).to_owned());
    let kind = if member.is_some() { "package" } else { "dependency" };
    Notice::new(manifest, format!("{kind} `{}` does not compile", workspace.name_of(id)))
}

/// The progress message before a second attempt with `--offline`.
pub(super) const WITHOUT_NETWORK: Progress<'static> =
    Progress::Waiting("the network is not reachable, trying again with `--offline`");

/// Returns whether `output` of cargo reports that the network failed.
pub(super) fn is_network_failure(output: &str) -> bool {
    [
        "spurious network error",
        "network failure seems to have happened",
        "failed to download",
        "download of config.json failed",
        "failed to query replaced source registry",
        "Could not resolve host",
        "Could not connect to server",
        "failed to fetch",
    ]
    .iter()
    .any(|words| output.contains(words))
}

/// Returns a command that runs cargo in the workspace, where cargo finds its configuration and rustup its toolchain.
pub(super) fn cargo(workspace: &Workspace) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(&workspace.root);
    command
}

/// Adds the arguments for `packages` to `command`, or none for a command that names its packages itself.
pub(super) fn over(command: &mut Command, packages: &[&Package], linking: &Linking) {
    command.args(["--keep-going", "--message-format=json", "--color=never"]);
    for package in packages {
        command.arg("--package").arg(&package.id.repr);
    }
    let is_asked = |feature: &&String| {
        let package = feature.split_once('/').map(|(package, _)| package);
        package.is_none_or(|name| packages.is_empty() || packages.iter().any(|it| it.name == name))
    };
    for feature in linking.features.iter().filter(is_asked) {
        command.arg("--features").arg(feature);
    }
    if linking.offline {
        command.arg("--offline");
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
}

/// Makes `command` build for this machine, because the harness runs here.
pub(super) fn for_here(command: &mut Command, workspace: &Workspace) {
    if let Some(host) = workspace.builds_for_others().then(host).flatten() {
        command.args(["--target", &host]);
    }
}

/// Builds the harness in `folder` and returns the path of the program.
pub(super) fn build(
    workspace: &Workspace,
    folder: &Path,
    target: &Path,
    linking: &Linking,
) -> Result<PathBuf, Failed> {
    let root = workspace.shown();
    let run = |is_offline: bool| {
        let mut command = cargo(workspace);
        command.args(["build", "--keep-going", "--message-format=json", "--color=never"]);
        command.arg("--manifest-path").arg(folder.join("Cargo.toml"));
        command.arg("--target-dir").arg(target);
        if is_offline {
            command.arg("--offline");
        }
        super::program::cap_lints(&mut command, folder);
        for_here(&mut command, workspace);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        listen(child, linking)
    };
    let unrun = |error| {
        let text = format!("cannot be linked, because cargo cannot be run: {error}");
        Failed::from(Notice::new(&root, text).with_consequence(UNLINKED))
    };
    let mut said = run(linking.offline).map_err(unrun)?;
    if !said.is_done && !linking.offline && said.broken.is_empty() && is_network_failure(&said.lines) {
        linking.tell(WITHOUT_NETWORK);
        said = run(true).map_err(unrun)?;
    }
    if let (true, Some(program)) = (said.is_done, said.program.take()) {
        return Ok(program);
    }
    said.add_failed_scripts(workspace);
    if said.broken.is_empty() {
        let notice = refused(&root, "cannot be linked", &said.lines);
        let is_missing = ["no matching package", "failed to select a version", "--offline"];
        let is_missing = is_missing.iter().any(|words| said.lines.contains(words));
        return Err(if is_missing { notice.with_consequence(UNVENDORED) } else { notice }.into());
    }
    let notices = said.broken_packages(workspace).into_iter();
    let mut notices: Vec<_> = notices.map(|notice| notice.with_consequence(UNLINKED)).collect();
    // The output covers all packages, so that it is printed once.
    if let Some(first) = notices.first_mut() {
        let details = if said.errors.is_empty() { said.lines } else { said.errors };
        *first = first.clone().with_details(details);
    }
    Err(Failed { notices, packages: said.broken })
}

/// The consequence of dependencies that neither the lock file nor the vendored sources contain.
const UNVENDORED: &str = "its dataflows were read as source only; to link them, add `icosian-check` with the feature `harness` to \
                          `[dev-dependencies]` and vendor again";

/// Reads the output of cargo until it ends.
pub(super) fn listen(mut child: Child, linking: &Linking) -> std::io::Result<Said> {
    let progress = linking.progress;
    let lines = child.stderr.take().map(|stderr| {
        thread::spawn(move || {
            let mut all = String::new();
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if let Some(progress) = progress {
                    progress(Progress::Cargo(&line));
                }
                all.push_str(&line);
                all.push('\n');
            }
            all
        })
    });
    let mut said = Said::default();
    if let Some(stdout) = child.stdout.take() {
        for message in Message::parse_stream(BufReader::new(stdout)).map_while(Result::ok) {
            match message {
                Message::CompilerMessage(told) if told.message.level == DiagnosticLevel::Error => {
                    said.errors.push_str(told.message.rendered.as_deref().unwrap_or(&told.message.message));
                    if !said.broken.contains(&told.package_id) {
                        said.broken.push(told.package_id.clone());
                    }
                    said.refused.push((told.package_id, told.target.name, told.message.message));
                }
                Message::CompilerMessage(told) => said.told.push(told.message),
                Message::CompilerArtifact(artifact) => {
                    said.program = artifact.executable.map(Into::into).or(said.program);
                }
                _ => {}
            }
        }
    }
    said.is_done = child.wait()?.success();
    said.lines = lines.and_then(|it| it.join().ok()).unwrap_or_default();
    Ok(said)
}

/// Returns a notice with cargo's error.
pub(super) fn refused(manifest: &Path, what: &str, said: &str) -> Notice {
    let error = said.lines().find_map(|line| line.strip_prefix("error: "));
    let text = error.map_or_else(|| what.to_owned(), |error| format!("{what}: {error}"));
    Notice::new(shown(manifest), text).with_consequence(UNLINKED).with_details(said)
}

#[cfg(test)]
mod tests {
    use super::is_network_failure;

    #[test]
    fn network_failure_differs_from_missing_package() {
        for output in [
            "warning: spurious network error (3 tries remaining): [6] Couldn't resolve host name",
            "error: failed to download from `https://index.crates.io/config.json`",
            "error: failed to get `a`\n\nCaused by:\n  download of config.json failed",
        ] {
            assert!(is_network_failure(output), "{output}");
        }
        for output in ["error: no matching package named `inventory` found", "error: could not compile `a`"] {
            assert!(!is_network_failure(output), "{output}");
        }
    }
}
