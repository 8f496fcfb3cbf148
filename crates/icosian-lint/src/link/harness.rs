//! The harness: a program that links the user's crates and checks their dataflows.
//!
//! Its package is in the target folder of the workspace, and its results are among the workspace's own. Cargo identifies a
//! compiled dependency by its version, features, profile and compiler. The harness has the lock file, profile and resolver of the
//! workspace, so that after `cargo build` only crates that depend on `icosian-core` are compiled again: the feature `registry` of
//! that crate is on.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;

use cargo_metadata::PackageId;
use icosian_rules::{HarnessRequest, Transcript};
use toml::{Table, Value};

use super::build::build;
use super::failure::{LinkFailure, UNLINKED, unwritable};
use super::options::{LinkOptions, LinkProgress};
use super::origin::Origin;
use super::package::Package;
use super::program;
use super::session::{HarnessSession, TIME_LIMIT};
use super::workspace::Workspace;
use super::write::write_if_changed;
use crate::Notice;

/// The name of the package.
const NAME: &str = "icosian-lint-harness";

/// Builds the harness and runs it.
pub(super) fn run_harness(
    workspace: &Workspace,
    packages: &[Arc<Package>],
    request: &HarnessRequest,
    options: &LinkOptions,
) -> Result<Transcript, LinkFailure> {
    let manifest = workspace.manifest();
    let folder = workspace.harness();
    let unwritable = |error: io::Error| unwritable(&manifest, &error);
    let harness_manifest = harness_manifest(workspace, packages, options)?;
    fs::create_dir_all(folder.join("src")).map_err(unwritable)?;
    // Two linters at a time would overwrite each other's harness.
    let lock = File::create(folder.join("lock")).map_err(unwritable)?;
    if lock.try_lock().is_err() {
        options.report_progress(LinkProgress::Waiting("waiting for another linter in this workspace"));
        lock.lock().map_err(unwritable)?;
    }

    write_if_changed(&folder.join("Cargo.toml"), &harness_manifest.to_string()).map_err(unwritable)?;
    write_if_changed(&folder.join("src/main.rs"), &source(packages.len())).map_err(unwritable)?;
    copy_lock(workspace, &folder).map_err(unwritable)?;
    for package in packages {
        program::write(workspace, package).map_err(unwritable)?;
    }
    program::write_wrapper(&folder, packages).map_err(unwritable)?;
    let target = if shares_results(packages) { workspace.target.clone() } else { folder.join("target") };
    let session = HarnessSession {
        program: build(workspace, &folder, &target, options)?,
        folder: &folder,
        root: &workspace.root,
        manifest: &manifest,
        time_limit: options.time_limit.unwrap_or(TIME_LIMIT),
    };
    session.run(request)
}

/// Returns whether the harness can be built among the results of the workspace.
///
/// A dynamic library has the same file name in every build, so that the harness would overwrite the user's.
fn shares_results(packages: &[Arc<Package>]) -> bool {
    let targets = packages.iter().filter_map(|it| it.metadata.as_ref()).flat_map(|it| &it.targets);
    !targets.into_iter().any(|it| it.is_cdylib() || it.is_dylib() || it.is_staticlib())
}

/// Returns the manifest of the harness.
fn harness_manifest(
    workspace: &Workspace,
    packages: &[Arc<Package>],
    options: &LinkOptions,
) -> Result<Table, Notice> {
    let text = |text: &str| Value::String(text.to_owned());
    let path = |path: &Path| Value::String(path.display().to_string());
    let mut dependencies = Table::new();

    let mut check = Table::new();
    match &workspace.origin {
        Origin::Folder(folder) => _ = check.insert("path".into(), path(&folder.join("icosian-check"))),
        Origin::Git { url, reference } => {
            check.insert("git".into(), text(url));
            if let Some((kind, name)) = reference {
                check.insert(kind.clone(), text(name));
            }
        }
        Origin::Registry { index, version } => {
            check.insert("version".into(), Value::String(format!("={version}")));
            if let Some(index) = index {
                check.insert("registry-index".into(), text(index));
            }
        }
        Origin::Missing => {
            let notice = Notice::new(workspace.manifest(), "has no `icosian-core` among its dependencies");
            return Err(notice.with_consequence(UNLINKED));
        }
    }
    check.insert("features".into(), Value::Array(vec![text("harness")]));
    dependencies.insert("icosian-check".into(), Value::Table(check));

    let mut unknown_features: Vec<&str> = options.features.iter().map(String::as_str).collect();
    for (at, package) in packages.iter().enumerate() {
        let selected = options.features_of(&package.name);
        let features: Vec<_> = selected.filter(|it| package.features.contains(*it)).map(text).collect();
        unknown_features.retain(|it| {
            let (name, feature) = it.split_once('/').unwrap_or((&package.name, it));
            name != package.name || !package.features.contains(feature)
        });
        let name = package.program.as_ref().map_or(&package.name, |program| &program.package);
        let dependency =
            [("package", text(name)), ("path", path(&package.folder)), ("features", Value::Array(features))];
        let dependency = dependency.map(|(name, value)| (name.to_owned(), value));
        dependencies.insert(alias(at), Value::Table(dependency.into_iter().collect()));
    }
    if let Some(feature) = unknown_features.first() {
        let notice = Notice::new(workspace.manifest(), format!("has no library with a feature `{feature}`"));
        return Err(notice.with_consequence(UNLINKED));
    }

    let package = [("name", text(NAME)), ("version", text("0.0.0")), ("edition", text("2024"))];
    let mut package: Table = package.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    package.insert("publish".into(), Value::Boolean(false));
    let mut manifest = Table::new();
    manifest.insert("package".into(), Value::Table(package));
    manifest.insert("dependencies".into(), Value::Table(dependencies));
    let own = fs::read_to_string(workspace.root.join("Cargo.toml"))
        .ok()
        .and_then(|text| text.parse::<Table>().ok())
        .unwrap_or_default();
    manifest.insert("workspace".into(), Value::Table(Table::from_iter([resolver(&own)])));
    manifest.insert("profile".into(), Value::Table(profile(workspace, packages, &own)));
    // The workspace's replacements of dependencies hold for the harness too.
    for name in ["patch", "replace"] {
        if let Some(Value::Table(table)) = own.get(name) {
            let mut table = table.clone();
            make_absolute(&mut table, &workspace.root);
            manifest.insert(name.into(), Value::Table(table));
        }
    }
    Ok(manifest)
}

/// Returns the resolver of the workspace whose manifest is `own`. The resolver selects the features of dependencies.
fn resolver(own: &Table) -> (String, Value) {
    let declared = |name: &str| own.get(name)?.get("resolver").cloned();
    let edition = own.get("package").and_then(|it| it.get("edition")).and_then(Value::as_str);
    let default = match edition {
        Some("2024") => "3",
        Some("2021") => "2",
        _ => "1",
    };
    let resolver = declared("workspace").or_else(|| declared("package"));
    ("resolver".to_owned(), resolver.unwrap_or_else(|| Value::String(default.to_owned())))
}

/// Returns the profiles of the workspace whose manifest is `own`.
///
/// Crates that are only compiled for the harness have no debug information.
fn profile(workspace: &Workspace, packages: &[Arc<Package>], own: &Table) -> Table {
    let mut profiles = own.get("profile").and_then(Value::as_table).cloned().unwrap_or_default();
    let mut dev = profiles.get("dev").and_then(Value::as_table).cloned().unwrap_or_default();
    // The harness catches panics of decorators.
    dev.remove("panic");
    let level = dev.get("opt-level").cloned().unwrap_or(Value::Integer(0));
    let mut overrides = dev.get("package").and_then(Value::as_table).cloned().unwrap_or_default();
    let is_linked = |id: &PackageId| {
        let is_library = workspace.packages.iter().all(|it| it.id != *id || it.library.is_some());
        is_library && packages.iter().any(|it| workspace.needs(&it.id, id))
    };
    let compiled = workspace.unique_names().filter(|(id, _)| is_linked(id) && workspace.needs_core(id));
    let programs = packages.iter().filter_map(|it| it.program.as_ref()).map(|it| it.package.as_str());
    for name in compiled.map(|(_, name)| name).chain(programs).chain([NAME]) {
        let quick = [("debug".to_owned(), Value::Boolean(false)), ("opt-level".to_owned(), level.clone())];
        overrides.entry(name).or_insert_with(|| Value::Table(Table::from_iter(quick)));
    }
    dev.insert("package".into(), Value::Table(overrides));
    profiles.insert("dev".into(), Value::Table(dev));
    profiles
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

/// Returns the name of a linked crate in the harness.
fn alias(at: usize) -> String {
    format!("linked_{at}")
}

/// Returns the source of the harness. It names each crate, because the linker drops crates without uses.
fn source(packages: usize) -> String {
    let mut text = String::from("// Written by `cargo icosian lint`.\n");
    for at in 0..packages {
        text.push_str("use ");
        text.push_str(&alias(at));
        text.push_str(" as _;\n");
    }
    text.push_str(
        "\nfn main() -> Result<(), icosian_check::harness::HarnessError> {\n    icosian_check::harness::main()\n}\n",
    );
    text
}

/// Copies the lock file of the workspace if it has changed.
fn copy_lock(workspace: &Workspace, folder: &Path) -> io::Result<()> {
    let Ok(lock) = fs::read_to_string(workspace.root.join("Cargo.lock")) else { return Ok(()) };
    let copy = folder.join("workspace.lock");
    if fs::read_to_string(&copy).is_ok_and(|text| text == lock) && folder.join("Cargo.lock").is_file() {
        return Ok(());
    }
    fs::write(folder.join("Cargo.lock"), &lock)?;
    fs::write(copy, lock)
}

#[cfg(test)]
mod tests {
    use super::source;

    #[test]
    fn source_names_every_crate() {
        insta::assert_snapshot!(source(2));
    }
}
