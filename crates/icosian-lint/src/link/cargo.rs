//! Runs cargo and reads its messages.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use cargo_metadata::{Message, PackageId};

use super::options::{LinkOptions, LinkProgress};
use super::package::Package;
use super::workspace::{Workspace, host};
use crate::{Notice, relative};

/// The output of cargo and the compiler.
#[derive(Default)]
pub(super) struct CompilerOutput {
    /// The program that was built.
    pub(super) program: Option<PathBuf>,
    /// The errors of the compiler, as it renders them.
    pub(super) errors: String,
    /// The packages that do not compile.
    pub(super) broken: Vec<PackageId>,
    /// The errors of the compiler, each with its package and target.
    pub(super) failures: Vec<CompilerError>,
    /// All other diagnostics of the compiler.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The lines that cargo prints for people.
    pub(super) lines: String,
    /// Set when cargo succeeded.
    pub(super) is_success: bool,
}

/// An error of the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CompilerError {
    pub(super) package: PackageId,
    pub(super) target: String,
    pub(super) message: String,
}

impl CompilerOutput {
    /// Returns a notice for each package that does not compile.
    pub(super) fn broken_packages(&self, workspace: &Workspace) -> Vec<Notice> {
        self.broken.iter().map(|id| broken_package(workspace, id)).collect()
    }

    /// Adds the members whose build script failed: the compiler reports no error for them.
    pub(super) fn add_failed_scripts(&mut self, workspace: &Workspace) {
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
fn broken_package(workspace: &Workspace, id: &PackageId) -> Notice {
    let member = workspace.packages.iter().find(|it| it.id == *id);
    let manifest =
        member.map_or_else(|| workspace.manifest(), |it| relative(&it.folder.join("Cargo.toml")).to_owned());
    let kind = if member.is_some() { "package" } else { "dependency" };
    Notice::new(manifest, format!("{kind} `{}` does not compile", workspace.name_of(id)))
}

/// Returns a command that runs cargo in the workspace, where cargo finds its configuration and rustup its toolchain.
pub(super) fn cargo(workspace: &Workspace) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(&workspace.root);
    command
}

/// Makes cargo print messages as JSON, and captures its output.
pub(super) fn capture_messages(command: &mut Command) {
    command.args(["--keep-going", "--message-format=json", "--color=never"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
}

/// Selects `packages`, or none for a command that selects its packages itself, and their features.
pub(super) fn select_packages(command: &mut Command, packages: &[&Package], options: &LinkOptions) {
    capture_messages(command);
    for package in packages {
        command.arg("--package").arg(&package.id.repr);
    }
    let is_selected = |feature: &&String| {
        let package = feature.split_once('/').map(|(package, _)| package);
        package.is_none_or(|name| packages.is_empty() || packages.iter().any(|it| it.name == name))
    };
    for feature in options.features.iter().filter(is_selected) {
        command.arg("--features").arg(feature);
    }
    if options.offline {
        command.arg("--offline");
    }
}

/// Makes `command` build for this machine, because the harness runs here.
pub(super) fn build_for_host(command: &mut Command, workspace: &Workspace) {
    if let Some(host) = workspace.has_other_target().then(host).flatten() {
        command.args(["--target", &host]);
    }
}

/// Runs `command` and reads its messages until it ends.
pub(super) fn run(command: &mut Command, options: &LinkOptions) -> std::io::Result<CompilerOutput> {
    let mut child = command.spawn()?;
    let lines = child.stderr.take().map(|stderr| {
        let options = options.clone();
        thread::spawn(move || {
            let mut all = String::new();
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                options.report_progress(LinkProgress::Cargo(&line));
                all.push_str(&line);
                all.push('\n');
            }
            all
        })
    });
    let mut output = CompilerOutput::default();
    if let Some(stdout) = child.stdout.take() {
        for message in Message::parse_stream(BufReader::new(stdout)).map_while(Result::ok) {
            match message {
                Message::CompilerMessage(it) if it.message.level == DiagnosticLevel::Error => {
                    output.errors.push_str(it.message.rendered.as_deref().unwrap_or(&it.message.message));
                    if !output.broken.contains(&it.package_id) {
                        output.broken.push(it.package_id.clone());
                    }
                    let (package, target, message) = (it.package_id, it.target.name, it.message.message);
                    output.failures.push(CompilerError { package, target, message });
                }
                Message::CompilerMessage(it) => output.diagnostics.push(it.message),
                Message::CompilerArtifact(artifact) => {
                    output.program = artifact.executable.map(Into::into).or(output.program);
                }
                _ => {}
            }
        }
    }
    output.is_success = child.wait()?.success();
    output.lines = lines.and_then(|it| it.join().ok()).unwrap_or_default();
    Ok(output)
}
