//! Runs clippy, which sees types and sizes.

use std::collections::BTreeMap;
use std::io;

use super::cargo::{CompilerOutput, cargo, run, select_packages};
use super::failure::cargo_error;
use super::options::LinkOptions;
use super::package::{InputFile, Package};
use super::report::ClippyReport;
use super::workspace::Workspace;
use crate::Notice;

/// The consequence where clippy cannot run.
const NOT_CHECKED: &str = "clippy did not check its nodes";

/// Runs clippy with `lints` on the packages of `workspace` that contain nodes.
///
/// Returns `None` if there are none. A package that does not compile becomes a notice, unless `known` has it already.
pub(super) fn run_clippy(
    workspace: &Workspace,
    files: &[InputFile<'_>],
    lints: &[&str],
    options: &LinkOptions,
    known: &[Notice],
) -> Option<Result<(ClippyReport, Vec<Notice>), Notice>> {
    let with_nodes = files.iter().filter(|file| file.analysis.facts.functions().next().is_some());
    let files: Vec<(&InputFile<'_>, &Package)> =
        with_nodes.filter_map(|file| Some((file, &**workspace.package_of(&file.names)?))).collect();
    let mut packages: Vec<&Package> = files.iter().map(|(_, package)| *package).collect();
    packages.sort_by_key(|it| &it.folder);
    packages.dedup_by_key(|it| &it.folder);
    if packages.is_empty() || lints.is_empty() {
        return None;
    }
    let output = match compile(workspace, &packages, lints, options) {
        Ok(output) => output,
        Err(notice) => return Some(Err(notice)),
    };
    let mut notices = Vec::new();
    // The output covers all packages, so that it is printed once.
    let mut details = output.errors.as_str();
    for notice in output.broken_packages(workspace) {
        // Linking reports the package with the errors of the compiler.
        let is_same = |it: &Notice| it.file() == notice.file() && it.message() == notice.message();
        if !known.iter().any(is_same) {
            notices.push(notice.with_consequence(NOT_CHECKED).with_details(details));
        }
        details = "";
    }
    let is_complete = |package: &Package| !output.broken.iter().any(|it| workspace.needs(&package.id, it));
    let files: BTreeMap<_, _> =
        files.iter().map(|(file, package)| (file.names.real.clone(), is_complete(package))).collect();
    let root = workspace.root.clone();
    Some(Ok((ClippyReport { root, diagnostics: output.diagnostics, files }, notices)))
}

fn compile(
    workspace: &Workspace,
    packages: &[&Package],
    lints: &[&str],
    options: &LinkOptions,
) -> Result<CompilerOutput, Notice> {
    let manifest = workspace.manifest();
    let notice = |text: String| Notice::new(&manifest, text).with_consequence(NOT_CHECKED);
    let no_cargo = |error: io::Error| {
        notice(format!("cannot be checked by clippy, because cargo cannot be run: {error}"))
    };

    let version = cargo(workspace).args(["clippy", "--version"]).output().map_err(no_cargo)?;
    if !version.status.success() {
        let text = "clippy is not installed, `rustup component add clippy` adds it".to_owned();
        return Err(notice(text).with_details(String::from_utf8_lossy(&version.stderr)));
    }

    let mut command = cargo(workspace);
    command.args(["clippy", "--bins", "--examples"]);
    if packages.iter().any(|it| it.has_library) {
        command.arg("--lib");
    }
    // In the target folder of the workspace, other lints would make the user's next run of clippy check everything again.
    command.arg("--target-dir").arg(workspace.harness().join("target"));
    select_packages(&mut command, packages, options);
    // Other lints that the source denies must not stop clippy, and `#[allow]` still counts.
    command.args(["--", "-A", "clippy::all", "--cap-lints", "warn"]);
    for lint in lints {
        command.arg("-W").arg(format!("clippy::{lint}"));
    }
    let output = run(&mut command, options).map_err(no_cargo)?;
    if !output.is_success && output.broken.is_empty() {
        let error = cargo_error(&manifest, "cannot be checked by clippy", &output.lines);
        return Err(error.with_consequence(NOT_CHECKED));
    }
    Ok(output)
}
