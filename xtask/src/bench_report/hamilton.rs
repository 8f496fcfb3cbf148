//! A Python that has Hamilton.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::target;
use crate::Failure;

const VERSION: &str = "1.90.0";

/// Returns a Python with Hamilton, in a virtual environment in `target/` that is made when it is not there.
pub(super) fn python() -> Result<PathBuf, Failure> {
    let folder = target()?.join("hamilton-venv");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if has_hamilton(&python) {
        return Ok(python);
    }
    eprintln!("bench-report: installs Hamilton {VERSION} in {}", folder.display());
    let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).status();
    let made = made.map_err(|why| format!("`python3` cannot be run, which Hamilton needs: {why}"))?;
    if !made.success() {
        let way_out = "on Debian, `apt-get install python3-venv` brings what it needs";
        return Err(format!("`python3 -m venv {}` failed; {way_out}", folder.display()).into());
    }
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let package = format!("sf-hamilton=={VERSION}");
    if !Command::new(&python).args(pip).arg(&package).status()?.success() {
        return Err(format!("pip did not install `{package}`: is the Python package index in reach?").into());
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
    // What is wrong with it does not matter: it is made again.
    Command::new(python).args(["-c", &script]).output().is_ok_and(|output| output.status.success())
}
