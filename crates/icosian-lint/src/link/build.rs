//! Builds the harness.

use std::io;
use std::path::{Path, PathBuf};

use super::cargo::{build_for_host, capture_messages, cargo, run};
use super::failure::{LinkFailure, UNLINKED, cargo_error};
use super::network::{RETRY_OFFLINE, is_network_failure};
use super::options::LinkOptions;
use super::program::cap_lints;
use super::workspace::Workspace;
use crate::Notice;

/// The consequence of dependencies that neither the lock file nor the vendored sources contain.
const UNVENDORED: &str = "only the source of its dataflows was checked; to link them, add `icosian-check` with the feature `harness` to \
                          `[dev-dependencies]` and vendor again";

/// Builds the harness in `folder` and returns the path of the program.
pub(super) fn build(
    workspace: &Workspace,
    folder: &Path,
    target: &Path,
    options: &LinkOptions,
) -> Result<PathBuf, LinkFailure> {
    let manifest = workspace.manifest();
    let run = |is_offline: bool| {
        let mut command = cargo(workspace);
        command.arg("build").arg("--manifest-path").arg(folder.join("Cargo.toml"));
        command.arg("--target-dir").arg(target);
        if is_offline {
            command.arg("--offline");
        }
        capture_messages(&mut command);
        cap_lints(&mut command, folder);
        build_for_host(&mut command, workspace);
        run(&mut command, options)
    };
    let no_cargo = |error: io::Error| {
        let text = format!("cannot be linked, because cargo cannot be run: {error}");
        LinkFailure::from(Notice::new(&manifest, text).with_consequence(UNLINKED))
    };
    let mut output = run(options.offline).map_err(no_cargo)?;
    let is_retry = !output.is_success && !options.offline && output.broken.is_empty();
    if is_retry && is_network_failure(&output.lines) {
        options.report_progress(RETRY_OFFLINE);
        output = run(true).map_err(no_cargo)?;
    }
    if let (true, Some(program)) = (output.is_success, output.program.take()) {
        return Ok(program);
    }
    output.add_failed_scripts(workspace);
    if output.broken.is_empty() {
        let notice = cargo_error(&manifest, "cannot be linked", &output.lines);
        let is_missing = ["no matching package", "failed to select a version", "--offline"];
        let is_missing = is_missing.iter().any(|words| output.lines.contains(words));
        return Err(if is_missing { notice.with_consequence(UNVENDORED) } else { notice }.into());
    }
    let notices = output.broken_packages(workspace).into_iter();
    let mut notices: Vec<_> = notices.map(|notice| notice.with_consequence(UNLINKED)).collect();
    // The output covers all packages, so that it is printed once.
    if let Some(first) = notices.first_mut() {
        let details = if output.errors.is_empty() { output.lines } else { output.errors };
        *first = first.clone().with_details(details);
    }
    Err(LinkFailure { notices, packages: output.broken })
}
