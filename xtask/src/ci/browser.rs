//! Tests HTML pages in headless Chromium, which scripts in `xtask/browser` drive.

use std::process::{Command, Stdio};

use super::cargo;
use crate::lint_pipeline::root;
use crate::task_error::TaskError;

/// The folder of the scripts, from the root of the workspace.
pub(super) const SCRIPTS: &str = "xtask/browser/";
/// The programs that the scripts try, without the variable `CHROMIUM`.
const PROGRAMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];
/// The oldest version of Node.js that runs the scripts.
const NODE_VERSION: u32 = 18;

/// Returns why pages cannot be tested on this machine.
pub(super) fn obstacle() -> Option<String> {
    if node_version().is_none_or(|version| version < NODE_VERSION) {
        return Some(format!("Node.js {NODE_VERSION} or newer is not installed"));
    }
    let chosen = std::env::var("CHROMIUM").ok().filter(|program| !program.is_empty());
    let is_installed = match &chosen {
        Some(program) => works(program),
        None => PROGRAMS.into_iter().any(works),
    };
    (!is_installed).then(|| "Chromium is not installed; CONTRIBUTING.md has the command".to_owned())
}

fn works(program: &str) -> bool {
    let status = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|it| it.success())
}

fn node_version() -> Option<u32> {
    let output = Command::new("node").arg("--version").output().ok()?;
    parse_major(&String::from_utf8_lossy(&output.stdout))
}

/// Returns the first number of a version such as `v20.20.2`.
fn parse_major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Tests the pages of runs and of pictures. Returns whether all tests passed.
pub(super) fn test_pages() -> Result<bool, TaskError> {
    let runs = test_run_pages()?;
    Ok(test_picture_pages()? && runs)
}

/// Writes the pages of generated runs and tests them.
fn test_run_pages() -> Result<bool, TaskError> {
    let pages = root().join("target/sample-pages");
    let arguments = ["run", "--quiet", "-p", "icosian-runs", "--example", "sample_pages", "--"];
    if !cargo::passes(cargo::cargo().args(arguments).arg(&pages))? {
        return Ok(false);
    }
    let script = root().join(SCRIPTS).join("run_pages.mjs");
    cargo::passes(Command::new("node").arg(script).arg(&pages))
}

/// Writes the pages of the example `pictures` and tests them.
fn test_picture_pages() -> Result<bool, TaskError> {
    if !cargo::passes(cargo::cargo().args(["run", "--quiet", "-p", "pictures"]))? {
        return Ok(false);
    }
    let pages = ["quote.html", "diff.html"].map(|name| root().join("target/pictures").join(name));
    let script = root().join(SCRIPTS).join("picture_pages.mjs");
    cargo::passes(Command::new("node").arg(script).args(pages))
}

#[cfg(test)]
mod tests {
    use super::parse_major;

    #[test]
    fn major_version_is_the_first_number() {
        assert_eq!(parse_major("v20.20.2\n"), Some(20));
        assert_eq!(parse_major(""), None);
    }
}
