//! Creates projects from templates.

mod template;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use miette::MietteDiagnostic;

use crate::Exit;
use crate::describing::CommandError;
use crate::screen::Screen;
use template::{Template, TemplateKind};

/// The examples and exit statuses in the help.
pub(crate) const HELP: &str = "\
Examples:
  cargo icosian new hello               a greeting
  cargo icosian new shop --service      a web service with axum, tracing and graceful shutdown
  cargo icosian new words --batch       files in, results out, on all cores
  cargo icosian new articles --llm      calls of a language model, with retries and limits

The project has tests and passes `cargo icosian lint`. `cargo new` validates the name, and sets up git and the workspace.

Exit status: 0 the project was created, 2 no project was created, and no file was changed.";

/// The options of `new`.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct NewOptions {
    /// The folder of the project; its last part is the name
    #[arg(value_name = "NAME")]
    path: PathBuf,
    /// A web service: axum, tracing, graceful shutdown, tests over a socket
    #[arg(long, group = "kind")]
    service: bool,
    /// A batch job: a fan-out over files on all cores
    #[arg(long, group = "kind")]
    batch: bool,
    /// Calls of a language model, with retries, time limits, a limit on concurrent calls, and a fake client in tests
    #[arg(long, group = "kind")]
    llm: bool,
    /// Depend on the icosian in this folder instead of the version on crates.io
    #[arg(long, value_name = "PATH")]
    icosian_path: Option<PathBuf>,
}

impl NewOptions {
    fn kind(&self) -> TemplateKind {
        match (self.service, self.batch, self.llm) {
            (true, ..) => TemplateKind::Service,
            (_, true, _) => TemplateKind::Batch,
            (.., true) => TemplateKind::Llm,
            _ => TemplateKind::Plain,
        }
    }
}

pub(crate) fn run(
    options: &NewOptions,
    screen: &mut Screen<'_>,
    errors: &mut Screen<'_>,
) -> io::Result<Exit> {
    match create(options) {
        Ok(name) => {
            let path = options.path.display();
            writeln!(screen.out(), "created {} `{name}` in `{path}`", options.kind().noun())?;
            writeln!(screen.out(), "\n  cd {path}\n  cargo run\n  cargo test\n  cargo icosian lint")?;
            Ok(Exit::Clean)
        }
        Err(error) => errors.fail(&*error),
    }
}

/// Creates the project and returns its name.
fn create(options: &NewOptions) -> Result<String, CommandError> {
    let path = &options.path;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let template = Template::of(options.kind());
    if let Some(conflict) = template.conflict(&name) {
        let error = MietteDiagnostic::new(format!("`{name}` cannot be the name of the project: {conflict}"));
        let error = error.with_code("ICO1318 invalid-project-name");
        return Err(Box::new(error.with_help(format!("choose another name, such as `my-{name}`"))));
    }
    let icosian = options.icosian_path.as_deref().map(find_icosian).transpose()?;
    let files = template.files(&name, icosian.as_deref());

    // cargo validates the name, initializes git, and adds the project to a workspace around it.
    cargo_new(path)?;
    let written = files.iter().try_for_each(|(file, text)| {
        let file = path.join(file);
        fs::create_dir_all(file.parent().unwrap_or(path))?;
        fs::write(file, text)
    });
    written.map_err(|error| {
        // The folder did not exist before.
        let _ = fs::remove_dir_all(path);
        not_created(&error.to_string(), "check the folder and its permissions")
    })?;
    Ok(name)
}

/// Runs `cargo new`. On an error nothing was created.
fn cargo_new(path: &Path) -> Result<(), CommandError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output =
        Command::new(cargo).args(["new", "--quiet", "--bin", "--color=never", "--"]).arg(path).output();
    let output = output.map_err(|error| {
        not_created(&format!("cargo cannot be run: {error}"), "install cargo, or add it to `PATH`")
    })?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(not_created(&parse_error(&text), "choose another name or folder; existing folders are not changed"))
}

/// Returns the error and its causes in the error output of `cargo new`, on one line.
fn parse_error(output: &str) -> String {
    let causes = output.split_once("Caused by:").map_or("", |(_, causes)| causes);
    let error = output.lines().find_map(|line| line.trim().strip_prefix("error: ")).unwrap_or(output.trim());
    let causes = causes.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "Caused by:");
    std::iter::once(error).chain(causes).collect::<Vec<_>>().join(": ")
}

fn not_created(reason: &str, help: &str) -> CommandError {
    let error = MietteDiagnostic::new(format!("the project was not created: {reason}"));
    Box::new(error.with_code("ICO1319 project-not-created").with_help(help))
}

/// Returns the full path of the crate `icosian` in `folder`, which is its workspace or its own folder.
fn find_icosian(folder: &Path) -> Result<PathBuf, CommandError> {
    let is_icosian = |folder: &PathBuf| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        manifest.lines().any(|line| line.trim() == "name = \"icosian\"")
    };
    let found = [folder.join("crates/icosian"), folder.to_owned()].into_iter().find(is_icosian);
    found.and_then(|folder| folder.canonicalize().ok()).ok_or_else(|| {
        let error = MietteDiagnostic::new(format!("`{}` does not contain icosian", folder.display()));
        let error = error.with_code("ICO1320 icosian-not-found");
        Box::new(error.with_help("pass the folder of a clone of icosian's repository")) as CommandError
    })
}

#[cfg(test)]
mod tests {
    use super::parse_error;

    #[test]
    fn error_of_cargo_is_found_in_its_output() {
        let output =
            "error: destination `/x/shop` already exists\n\nUse `cargo init` to initialize the directory\n";
        assert_eq!(parse_error(output), "destination `/x/shop` already exists");
        let output = "error: cannot create `/x`\n\nCaused by:\n  Permission denied (os error 13)\n";
        assert_eq!(parse_error(output), "cannot create `/x`: Permission denied (os error 13)");
        let output =
            "error: no package `x`\n\nCaused by:\n  cannot create `/f/x`\n\nCaused by:\n  Not a directory\n";
        assert_eq!(parse_error(output), "no package `x`: cannot create `/f/x`: Not a directory");
    }
}
