//! Cargo at work.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use cargo_metadata::{Message, PackageId};

use super::harness::{Failed, UNLINKED};
use super::workspace::{Package, Workspace, host};
use super::{Linking, Progress};
use crate::Notice;

/// What cargo said of a build.
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
    /// Returns the manifests of what does not compile.
    pub(super) fn broken_manifests(&self, workspace: &Workspace) -> Vec<PathBuf> {
        let manifest = |id: &PackageId| {
            let package = workspace.packages.iter().find(|it| it.id == *id);
            package.map_or_else(|| workspace.shown(), |it| it.folder.join("Cargo.toml"))
        };
        self.broken.iter().map(manifest).collect()
    }
}

/// What is said of a package that does not compile.
pub(super) const BROKEN: &str = "does not compile";

/// Returns cargo, where it finds the configuration of the workspace, and rustup its toolchain.
pub(super) fn cargo(workspace: &Workspace) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(&workspace.root);
    command
}

/// Lets `command` look at `packages`, or at those that it names itself, below the folder of the linter: the user's own results stay as they are.
pub(super) fn over(command: &mut Command, workspace: &Workspace, packages: &[&Package], linking: &Linking) {
    command.args(["--keep-going", "--message-format=json", "--color=never"]);
    command.arg("--target-dir").arg(workspace.target.join("icosian-lint/target"));
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

/// Lets `command` build for this machine, on which what it makes has to run.
pub(super) fn for_here(command: &mut Command, workspace: &Workspace) {
    if let Some(host) = workspace.builds_for_others().then(host).flatten() {
        command.args(["--target", &host]);
    }
}

/// Builds the program in `folder`; gives its path.
pub(super) fn build(workspace: &Workspace, folder: &Path, linking: &Linking) -> Result<PathBuf, Failed> {
    let root = workspace.shown();
    let mut command = cargo(workspace);
    command.args(["build", "--keep-going", "--message-format=json", "--color=never"]);
    command.arg("--manifest-path").arg(folder.join("Cargo.toml"));
    command.arg("--target-dir").arg(folder.join("target"));
    if linking.offline {
        command.arg("--offline");
    }
    for_here(&mut command, workspace);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let unrun = |error| {
        let text = format!("cannot be linked, because cargo cannot be run: {error}");
        Failed::from(Notice::new(&root, text).with_consequence(UNLINKED))
    };
    let mut said = child.and_then(|child| listen(child, linking)).map_err(unrun)?;
    if let (true, Some(program)) = (said.is_done, said.program.take()) {
        return Ok(program);
    }
    if said.broken.is_empty() {
        return Err(refused(&root, "cannot be linked", &said.lines).into());
    }
    let broken = said.broken_manifests(workspace);
    let mut notices: Vec<_> = broken
        .iter()
        .map(|manifest| Notice::new(shown(manifest), BROKEN).with_consequence(UNLINKED))
        .collect();
    // What the compiler says of all of them is told once.
    if let Some(first) = notices.first_mut() {
        *first = first.clone().with_details(said.errors);
    }
    Err(Failed { notices, packages: said.broken })
}

/// Reads what cargo says, until it ends.
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

/// Returns that cargo refused, with its own words.
pub(super) fn refused(manifest: &Path, what: &str, said: &str) -> Notice {
    let error = said.lines().find_map(|line| line.strip_prefix("error: "));
    let text = error.map_or_else(|| what.to_owned(), |error| format!("{what}: {error}"));
    Notice::new(shown(manifest), text).with_consequence(UNLINKED).with_details(said)
}

/// Returns `path` as it is named from here.
pub(super) fn shown(path: &Path) -> &Path {
    let here = std::env::current_dir().and_then(|it| it.canonicalize());
    here.ok().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path)
}
