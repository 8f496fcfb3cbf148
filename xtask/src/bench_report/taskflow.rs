//! Compiles the Taskflow program in `benches/taskflow/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::target_folder::target_folder;
use crate::task_error::TaskError;

/// The Debian package of the headers, available since Debian 13.
const PACKAGE: &str = "libtaskflow-cpp-dev";

/// Compiles the program and returns its path.
///
/// Uses the headers in `headers`. Without `headers`, it uses the compiler's search path, and then the Debian package, which
/// it unpacks in `target/`.
pub(super) fn compile(headers: Option<&Path>) -> Result<PathBuf, TaskError> {
    let version = Command::new("g++").arg("--version").output();
    version.map_err(|error| format!("`g++`, which Taskflow needs, cannot be run: {error}"))?;
    let folder = target_folder()?.join("taskflow");
    std::fs::create_dir_all(&folder)?;
    let include = match headers {
        Some(headers) if headers.join("taskflow/taskflow.hpp").is_file() => Some(headers.to_owned()),
        Some(headers) => {
            return Err(format!("there is no `taskflow/taskflow.hpp` in {}", headers.display()).into());
        }
        None if compiler_has_headers() => None,
        None => Some(unpack_package(&folder)?),
    };
    let program = folder.join("graph");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("benches").join("taskflow/graph.cpp");
    let mut compiler = Command::new("g++");
    compiler.args(["-std=c++20", "-O3", "-DNDEBUG", "-pthread"]);
    compiler.args(include.map(|include| format!("-I{}", include.display())));
    eprintln!("bench-report: compiling {}", source.display());
    if !compiler.arg(&source).arg("-o").arg(&program).status()?.success() {
        return Err(
            "`g++` could not compile the Taskflow program; it needs C++20 and Taskflow 3.9 or later".into()
        );
    }
    Ok(program)
}

fn compiler_has_headers() -> bool {
    let preprocessed = Command::new("g++")
        .args(["-std=c++20", "-E", "-x", "c++", "-include", "taskflow/taskflow.hpp", "/dev/null"])
        .output();
    preprocessed.is_ok_and(|output| output.status.success())
}

/// Downloads the Debian package and unpacks it without root privileges. Returns its include folder.
fn unpack_package(folder: &Path) -> Result<PathBuf, TaskError> {
    let include = folder.join("debian/usr/include");
    if include.join("taskflow/taskflow.hpp").is_file() {
        return Ok(include);
    }
    let help = "name the folder that contains `taskflow/taskflow.hpp`: `--taskflow FOLDER`";
    let missing =
        || format!("Taskflow's headers are not installed, and `{PACKAGE}` cannot be downloaded; {help}");
    let downloaded = Command::new("apt-get").args(["download", PACKAGE]).current_dir(folder).output();
    if !downloaded.is_ok_and(|output| output.status.success()) {
        return Err(missing().into());
    }
    let packages = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let package = packages.into_iter().find(|path| path.extension().is_some_and(|it| it == "deb"));
    let package = package.ok_or_else(missing)?;
    if !Command::new("dpkg").arg("-x").arg(&package).arg(folder.join("debian")).status()?.success() {
        return Err(format!("`dpkg -x {}` failed; {help}", package.display()).into());
    }
    Ok(include)
}
