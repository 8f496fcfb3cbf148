//! Installs Hamilton in a Python virtual environment.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::target_folder::target_folder;
use crate::task_error::TaskError;

const VERSION: &str = "1.90.0";

/// Returns the Python interpreter of a virtual environment with Hamilton in `target/`, which is created if necessary.
pub(super) fn install() -> Result<PathBuf, TaskError> {
    let folder = target_folder()?.join("hamilton-venv");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if has_hamilton(&python) {
        return Ok(python);
    }
    eprintln!("bench-report: installing Hamilton {VERSION} in {}", folder.display());
    let venv = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).status();
    let venv = venv.map_err(|error| format!("`python3`, which Hamilton needs, cannot be run: {error}"))?;
    if !venv.success() {
        let help = "on Debian, run `apt-get install python3-venv`";
        return Err(format!("`python3 -m venv {}` failed; {help}", folder.display()).into());
    }
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let package = format!("sf-hamilton=={VERSION}");
    if !Command::new(&python).args(pip).arg(&package).status()?.success() {
        return Err(format!(
            "pip could not install `{package}`; check the connection to the Python package index"
        )
        .into());
    }
    if !has_hamilton(&python) {
        return Err(
            format!("{} has no Hamilton {VERSION} although pip installed it", python.display()).into()
        );
    }
    Ok(python)
}

fn has_hamilton(python: &Path) -> bool {
    let script = format!(
        "import hamilton.driver, importlib.metadata as m; assert m.version('sf-hamilton') == '{VERSION}'"
    );
    // Any error means that the environment is missing or broken, and `install` creates it again.
    Command::new(python).args(["-c", &script]).output().is_ok_and(|output| output.status.success())
}
