//! The descriptions of dataflows that `graph` and `list` print.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use icosian_diagnostics::nearest;
use icosian_lint::{DescribedDataflow, Descriptions, Linter, Report, Settings, escape_controls};
use miette::{Diagnostic, MietteDiagnostic};

use crate::harness_options::HarnessOptions;
use crate::linking::find_packages;
use crate::screen::{Screen, note};

/// The version of the JSON output of `graph` and `list`.
pub(crate) const JSON_VERSION: u32 = 1;

/// The selection of dataflows.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct DescribeOptions {
    /// A file, a folder, or a package of this workspace [default: the current folder]
    #[arg(value_name = "PATH|PACKAGE")]
    target: Option<String>,
    /// Select a dataflow, by name or by the path of its module
    #[arg(long, value_name = "NAME")]
    dataflow: Option<String>,
    #[command(flatten)]
    harness: HarnessOptions,
    /// Read the settings from this file instead of the nearest `icosian.toml` or `Cargo.toml`
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
}

/// An error that a command draws.
pub(crate) type CommandError = Box<dyn Diagnostic + Send + Sync>;

fn draw(error: Box<MietteDiagnostic>) -> CommandError {
    error
}

impl DescribeOptions {
    /// Describes the selected dataflows. The report contains the errors of dataflows that cannot be built.
    pub(crate) fn describe(&self) -> Result<Descriptions, CommandError> {
        let found = self.describe_in(Path::new("."), None)?;
        Ok(found.with_notice_if_empty(Path::new(self.target.as_deref().unwrap_or("."))))
    }

    /// Describes the selected dataflows in `folder`, to which the target is relative. `compiled` is the folder for compiled files, if it
    /// is not the workspace's own.
    pub(crate) fn describe_in(
        &self,
        folder: &Path,
        compiled: Option<PathBuf>,
    ) -> Result<Descriptions, CommandError> {
        let path = match &self.target {
            None => folder.to_owned(),
            Some(target) if folder.join(target).exists() || is_path(target) => folder.join(target),
            Some(package) => {
                find_packages(folder, std::slice::from_ref(package)).map_err(draw)?.swap_remove(0)
            }
        };
        let settings = match &self.settings {
            Some(file) => Settings::read(&folder.join(file))?,
            None => Settings::find(&path)?,
        };
        let linter = Linter::new(settings.clone());
        settings.check(linter.all_metadata())?;
        let mut options = self.harness.link_options().map_err(draw)?;
        options.target = compiled;
        let mut found = linter.describe(&[path], &options);
        if let Some(name) = &self.dataflow {
            found.dataflows = select_dataflow(name, &found)?;
        }
        Ok(found)
    }

    /// Returns the options for another copy of the repository with this `root`: an absolute target becomes relative to the current folder.
    pub(crate) fn within(&self, root: &Path, prefix: &Path) -> Result<Self, CommandError> {
        let absolute = self.target.as_deref().map(Path::new).filter(|target| target.is_absolute());
        let Some(target) = absolute else { return Ok(self.clone()) };
        let full = target.canonicalize().unwrap_or_else(|_| target.to_owned());
        let Ok(inside) = full.strip_prefix(root) else {
            let error = MietteDiagnostic::new(format!("`{}` is outside of the repository", target.display()));
            let error = error.with_code("ICO1323 no-repository");
            return Err(Box::new(error.with_help("pass a path in the repository of the current folder")));
        };
        let up: PathBuf = prefix.components().map(|_| "..").collect();
        let target = Path::new(".").join(up).join(inside);
        Ok(Self { target: Some(target.display().to_string()), ..self.clone() })
    }

    /// Returns whether the target exists in the current folder and not in `folder`.
    pub(crate) fn is_missing_in(&self, folder: &Path) -> bool {
        let Some(target) = &self.target else { return false };
        if is_path(target) || Path::new(target).exists() {
            return !folder.join(target).exists();
        }
        let is_package = |folder: &Path| find_packages(folder, std::slice::from_ref(target)).is_ok();
        is_package(Path::new(".")) && !is_package(folder)
    }
}

/// Returns whether an argument can only be a path, because no package has such a name.
fn is_path(target: &str) -> bool {
    target.contains(['/', '\\', '.'])
}

/// Returns the dataflow called `name`, or none if it cannot be built: the report contains its errors then.
fn select_dataflow(name: &str, found: &Descriptions) -> Result<Vec<DescribedDataflow>, CommandError> {
    let is_called = |own: &str, module: &str| own == name || is_end_of(name, module);
    let all = || found.dataflows.iter();
    let mut selected: Vec<_> = all().filter(|it| is_called(&it.name, &it.module)).cloned().collect();
    if let Some(exact) = selected.iter().position(|it| it.module == name) {
        return Ok(vec![selected.swap_remove(exact)]);
    }
    if selected.len() > 1 {
        return Err(ambiguous(&format!("several dataflows are called `{name}`"), &selected));
    }
    if !selected.is_empty() || found.report.linked().iter().any(|it| is_called(&it.name, &it.module)) {
        return Ok(selected);
    }
    let names = all().flat_map(|it| [it.name.as_str(), it.module.as_str()]);
    let help = match nearest(name, names) {
        Some(similar) => format!("write `{similar}`"),
        None => "run `cargo icosian list` to list all dataflows".to_owned(),
    };
    let error = MietteDiagnostic::new(format!("unknown dataflow `{name}`"));
    Err(Box::new(error.with_code("ICO1315 unknown-dataflow").with_help(help)))
}

/// Returns whether `name` consists of the last segments of `module`.
fn is_end_of(name: &str, module: &str) -> bool {
    module.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
}

/// Returns the error of a command that needs one of several dataflows.
pub(crate) fn ambiguous(message: &str, dataflows: &[DescribedDataflow]) -> CommandError {
    let modules: Vec<_> = dataflows.iter().map(|it| format!("\n  --dataflow {}", it.module)).collect();
    let help = format!("select one of them:{}", modules.concat());
    Box::new(MietteDiagnostic::new(message).with_code("ICO1316 several-dataflows").with_help(help))
}

/// Writes the errors of dataflows that could not be built.
pub(crate) fn write_errors(report: &Report, screen: &mut Screen<'_>) -> io::Result<()> {
    for notice in report.notices().iter().filter(|notice| !notice.details().is_empty()) {
        notice.details().trim_end().lines().for_each(|line| note(escape_controls(line)));
    }
    for found in report.diagnoses() {
        screen.draw(found)?;
    }
    for notice in report.notices() {
        writeln!(screen.out(), "error: {notice}; {}", notice.consequence())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{is_end_of, is_path};

    #[test]
    fn dataflow_is_named_by_the_end_of_its_module() {
        for (name, is_called) in
            [("orders", true), ("shop::orders", true), ("a::shop::orders", true), ("rders", false)]
        {
            assert_eq!(is_end_of(name, "a::shop::orders"), is_called, "{name}");
        }
    }

    #[test]
    fn names_of_packages_are_no_paths() {
        assert!(["src/lib.rs", ".", "lib.rs", "a/b"].into_iter().all(is_path));
        assert!(["shop", "my-shop", "my_shop2"].into_iter().all(|it| !is_path(it)));
    }
}
