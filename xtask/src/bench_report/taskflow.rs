//! The program of `benches/taskflow/`, compiled.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::target;
use crate::Failure;

/// The Debian package that has the headers, from Debian 13 on.
const PACKAGE: &str = "libtaskflow-cpp-dev";

/// Compiles the program against the headers in `given`; else those that the compiler finds, else those of the Debian package,
/// which is unpacked in `target/`.
pub(super) fn program(given: Option<&Path>) -> Result<PathBuf, Failure> {
    let version = Command::new("g++").arg("--version").output();
    version.map_err(|why| format!("`g++` cannot be run, which Taskflow needs: {why}"))?;
    let folder = target()?.join("taskflow");
    std::fs::create_dir_all(&folder)?;
    let include = match given {
        Some(given) if given.join("taskflow/taskflow.hpp").is_file() => Some(given.to_owned()),
        Some(given) => {
            return Err(format!("there is no `taskflow/taskflow.hpp` in {}", given.display()).into());
        }
        None if compiler_has_headers() => None,
        None => Some(unpacked(&folder)?),
    };
    let program = folder.join("graph");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("benches").join("taskflow/graph.cpp");
    let mut compile = Command::new("g++");
    compile.args(["-std=c++20", "-O3", "-DNDEBUG", "-pthread"]);
    compile.args(include.map(|include| format!("-I{}", include.display())));
    eprintln!("bench-report: compiles {}", source.display());
    if !compile.arg(&source).arg("-o").arg(&program).status()?.success() {
        return Err(
            "`g++` did not compile the program for Taskflow: it needs C++20 and Taskflow 3.9 or later".into(),
        );
    }
    Ok(program)
}

fn compiler_has_headers() -> bool {
    let tried = Command::new("g++")
        .args(["-std=c++20", "-E", "-x", "c++", "-include", "taskflow/taskflow.hpp", "/dev/null"])
        .output();
    tried.is_ok_and(|output| output.status.success())
}

/// Downloads the Debian package and unpacks it, for which nobody has to be root.
fn unpacked(folder: &Path) -> Result<PathBuf, Failure> {
    let include = folder.join("debian/usr/include");
    if include.join("taskflow/taskflow.hpp").is_file() {
        return Ok(include);
    }
    let way_out = "name the folder that holds `taskflow/taskflow.hpp`: `--taskflow FOLDER`";
    let not_there =
        || format!("Taskflow's headers are not installed, nor is Debian's `{PACKAGE}` in reach; {way_out}");
    let downloaded = Command::new("apt-get").args(["download", PACKAGE]).current_dir(folder).output();
    if !downloaded.is_ok_and(|output| output.status.success()) {
        return Err(not_there().into());
    }
    let packages = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let package = packages.into_iter().find(|path| path.extension().is_some_and(|it| it == "deb"));
    let package = package.ok_or_else(not_there)?;
    if !Command::new("dpkg").arg("-x").arg(&package).arg(folder.join("debian")).status()?.success() {
        return Err(format!("`dpkg -x {}` failed; {way_out}", package.display()).into());
    }
    Ok(include)
}
