//! The program that links: a package in the target folder of the workspace, with a target folder of its own below it, so that a
//! second time there is next to nothing to build.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use cargo_metadata::PackageId;
use icosian_rules::{Request, Transcript};
use toml::{Table, Value};

use super::asking::{Program, TIME_LIMIT, unwritten};
use super::workspace::{Origin, Package, Workspace};
use super::{Linking, Progress, build};
use crate::Notice;

/// The name of the package.
const NAME: &str = "icosian-lint-harness";

/// Why nothing was linked.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) notices: Vec<Notice>,
    /// The packages that do not compile, if that is why.
    pub(super) packages: Vec<PackageId>,
}

impl From<Notice> for Failed {
    fn from(notice: Notice) -> Self {
        Self { notices: vec![notice], packages: Vec::new() }
    }
}

/// Makes the program, and asks it.
pub(super) fn ask(
    workspace: &Workspace,
    packages: &[&Package],
    request: &Request,
    linking: &Linking,
) -> Result<Transcript, Failed> {
    let root = workspace.shown();
    let folder = workspace.target.join("icosian-lint");
    let unwritten = |error: io::Error| unwritten(&root, &error);
    let written = written(workspace, packages, linking)?;
    fs::create_dir_all(folder.join("src")).map_err(unwritten)?;
    // Two linters at a time would take each other's program away.
    let lock = File::create(folder.join("lock")).map_err(unwritten)?;
    if lock.try_lock().is_err() {
        linking.tell(Progress::Waiting("waiting for another linter in this workspace"));
        lock.lock().map_err(unwritten)?;
    }

    renew(&folder.join("Cargo.toml"), &written.to_string()).map_err(unwritten)?;
    renew(&folder.join("src/main.rs"), &program(packages.len())).map_err(unwritten)?;
    copy_lock(workspace, &folder).map_err(unwritten)?;
    let program = build::build(workspace, &folder, linking)?;

    let program = Program {
        path: program,
        folder: &folder,
        root: &workspace.root,
        shown: &root,
        time_limit: linking.time_limit.unwrap_or(TIME_LIMIT),
    };
    program.ask(request)
}

/// What follows from not being linked.
pub(super) const UNLINKED: &str = "its dataflows were looked at as source only";

/// Writes the manifest.
fn written(workspace: &Workspace, packages: &[&Package], linking: &Linking) -> Result<Table, Notice> {
    let text = |text: &str| Value::String(text.to_owned());
    let path = |path: &Path| Value::String(path.display().to_string());
    let root = workspace.shown();
    let mut dependencies = Table::new();

    let mut judge = Table::new();
    match &workspace.origin {
        Origin::Folder(folder) => _ = judge.insert("path".into(), path(&folder.join("icosian-check"))),
        Origin::Git { url, of } => {
            judge.insert("git".into(), text(url));
            if let Some((kind, name)) = of {
                judge.insert(kind.clone(), text(name));
            }
        }
        Origin::Registry { index, version } => {
            judge.insert("version".into(), Value::String(format!("={version}")));
            if let Some(index) = index {
                judge.insert("registry-index".into(), text(index));
            }
        }
        Origin::Nowhere => {
            let notice = Notice::new(root, "has no `icosian-core` among what it depends on");
            return Err(notice.with_consequence(UNLINKED));
        }
    }
    judge.insert("features".into(), Value::Array(vec![text("harness")]));
    dependencies.insert("icosian-check".into(), Value::Table(judge));

    let mut left: Vec<&str> = linking.features.iter().map(String::as_str).collect();
    for (at, package) in packages.iter().enumerate() {
        let asked = linking.features.iter().filter_map(|feature| match feature.split_once('/') {
            Some((name, feature)) => (name == package.name).then_some(feature),
            None => Some(feature.as_str()),
        });
        let features: Vec<_> = asked.filter(|it| package.features.contains(*it)).map(text).collect();
        left.retain(|it| {
            let (name, feature) = it.split_once('/').unwrap_or((&package.name, it));
            name != package.name || !package.features.contains(feature)
        });
        let dependency = [
            ("package", text(&package.name)),
            ("path", path(&package.folder)),
            ("features", Value::Array(features)),
        ];
        let dependency = dependency.map(|(name, value)| (name.to_owned(), value));
        dependencies.insert(linked_as(at), Value::Table(dependency.into_iter().collect()));
    }
    if let Some(feature) = left.first() {
        let notice = Notice::new(root, format!("has no library with a feature `{feature}`"));
        return Err(notice.with_consequence(UNLINKED));
    }

    let package = [("name", text(NAME)), ("version", text("0.0.0")), ("edition", text("2024"))];
    let mut package: Table = package.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    package.insert("publish".into(), Value::Boolean(false));
    let mut manifest = Table::new();
    manifest.insert("package".into(), Value::Table(package));
    manifest.insert("dependencies".into(), Value::Table(dependencies));
    manifest.insert("workspace".into(), Value::Table(Table::new()));
    // Nobody looks into it with a debugger.
    let dev = Table::from_iter([("debug".to_owned(), Value::Boolean(false))]);
    manifest
        .insert("profile".into(), Value::Table(Table::from_iter([("dev".to_owned(), Value::Table(dev))])));
    // What the workspace takes from elsewhere comes from there here too.
    let own = fs::read_to_string(workspace.root.join("Cargo.toml"))
        .ok()
        .and_then(|text| text.parse::<Table>().ok())
        .unwrap_or_default();
    for name in ["patch", "replace"] {
        if let Some(Value::Table(table)) = own.get(name) {
            let mut table = table.clone();
            make_absolute(&mut table, &workspace.root);
            manifest.insert(name.into(), Value::Table(table));
        }
    }
    Ok(manifest)
}

fn make_absolute(table: &mut Table, root: &Path) {
    for (name, value) in table.iter_mut() {
        match value {
            Value::String(path) if name == "path" => *path = root.join(&*path).display().to_string(),
            Value::Table(table) => make_absolute(table, root),
            _ => {}
        }
    }
}

fn linked_as(at: usize) -> String {
    format!("linked_{at}")
}

/// Writes the program. What it does not name the linker would leave out.
fn program(packages: usize) -> String {
    let mut text = String::from("// Written by `cargo icosian lint`.\n");
    for at in 0..packages {
        text.push_str("use ");
        text.push_str(&linked_as(at));
        text.push_str(" as _;\n");
    }
    text.push_str(
        "\nfn main() -> Result<(), icosian_check::harness::HarnessError> {\n    icosian_check::harness::main()\n}\n",
    );
    text
}

/// Lets the program have the versions that the workspace has, until that has others.
fn copy_lock(workspace: &Workspace, folder: &Path) -> io::Result<()> {
    let Ok(lock) = fs::read_to_string(workspace.root.join("Cargo.lock")) else { return Ok(()) };
    let copy = folder.join("workspace.lock");
    if fs::read_to_string(&copy).is_ok_and(|text| text == lock) && folder.join("Cargo.lock").is_file() {
        return Ok(());
    }
    fs::write(folder.join("Cargo.lock"), &lock)?;
    fs::write(copy, lock)
}

/// Writes a file unless it has that text: cargo builds anew what is newer than it was.
fn renew(file: &PathBuf, text: &str) -> io::Result<()> {
    if fs::read_to_string(file).is_ok_and(|found| found == text) { Ok(()) } else { fs::write(file, text) }
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    fn every_crate_is_named() {
        insta::assert_snapshot!(program(2));
    }
}
