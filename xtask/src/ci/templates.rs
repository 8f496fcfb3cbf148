//! Creates a project of each kind, and runs its tests, clippy, rustfmt and the linter.

use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::process::Command;

use crate::lint_pipeline::root;
use crate::task_error::TaskError;

/// The options of `cargo icosian new`, by the name of the project.
const PROJECTS: [(&str, Option<&str>); 4] = [
    ("greeter", None),
    ("web-shop", Some("--service")),
    ("word_batch", Some("--batch")),
    ("articles", Some("--llm")),
];

/// The commands of cargo in each project.
const COMMANDS: [&[&str]; 3] =
    [&["fmt", "--check"], &["clippy", "--all-targets", "--", "-D", "warnings"], &["test"]];

/// Checks all projects. Returns whether all commands pass.
pub(super) fn run() -> Result<bool, TaskError> {
    let folder = std::env::temp_dir().join(format!("icosian-templates-{}", std::process::id()));
    fs::create_dir(&folder)?;
    let passed = PROJECTS.iter().try_fold(true, |passed, (name, option)| {
        Ok::<_, TaskError>(check(&folder.join(name), *option)? && passed)
    });
    fs::remove_dir_all(&folder)?;
    passed
}

/// Creates a project outside of this workspace and checks it.
fn check(project: &Path, option: Option<&str>) -> Result<bool, TaskError> {
    let root = absolute(root())?;
    let words =
        [Some("icosian"), Some("new"), project.to_str(), option, Some("--icosian-path"), root.to_str()];
    let created = icosian_cli::run(words.into_iter().flatten());
    if created != icosian_cli::Exit::Clean {
        return Ok(false);
    }
    // All projects share compiled dependencies, in the versions of this workspace.
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock"))?;
    let folder = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let target = absolute(folder.join("templates"))?;
    let run = |command: &mut Command| -> Result<bool, TaskError> {
        println!("    {command:?}");
        Ok(command.current_dir(project).env("CARGO_TARGET_DIR", &target).status()?.success())
    };
    let mut passed = true;
    for arguments in COMMANDS {
        passed &= run(Command::new("cargo").args(arguments))?;
    }
    passed &= run(Command::new(std::env::current_exe()?).args(["lint-pipeline", "."]))?;
    Ok(passed)
}
