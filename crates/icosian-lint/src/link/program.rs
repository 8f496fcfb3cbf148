//! Programs as libraries, so that the harness can link their dataflows.
//!
//! A crate cannot depend on a program. For each program with dataflows the harness therefore gets a package with the same
//! dependencies and features, whose library is the program's first file. `crate::` paths and modules work as in the program;
//! `main` is an unused function. The package's folder has links to all files of the original, so that build scripts and macros
//! find them below `CARGO_MANIFEST_DIR`.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use cargo_metadata::{Dependency, DependencyKind};
use toml::{Table, Value};

use super::module_tree::modules;
use super::options::LinkOptions;
use super::origin::{Origin, parse_origin};
use super::package::{CargoTarget, InputFile, Library, LinkedProgram, Package};
use super::workspace::Workspace;
use super::write::write_if_changed;

/// Returns a package for each program of `workspace` with dataflows that no library has. The second list names the packages of
/// programs that the selected features disable.
pub(super) fn program_packages(
    workspace: &Workspace,
    files: &[InputFile<'_>],
    options: &LinkOptions,
) -> (Vec<Package>, BTreeSet<String>) {
    let (mut libraries, mut disabled) = (Vec::new(), BTreeSet::new());
    for package in workspace.packages.iter().filter(|it| it.may_register) {
        let is_own = |file: &&InputFile<'_>| file.names.packages().iter().any(|it| package.is_in(it));
        let with_dataflows = || files.iter().filter(|file| !file.analysis.facts.dataflows.is_empty());
        // Most libraries have all dataflows of their package, so that no module tree is needed.
        let has_library = package.library.is_some();
        if has_library && !with_dataflows().any(|file| is_own(&file)) {
            continue;
        }
        let library_files = package.library.as_ref().map(|it| modules(&it.root).files).unwrap_or_default();
        for target in &package.programs {
            let own = modules(&target.root).files;
            let is_needed = if has_library {
                with_dataflows()
                    .any(|it| own.contains(&it.names.real) && !library_files.contains(&it.names.real))
            } else {
                files.iter().any(|it| own.contains(&it.names.real))
            };
            if !is_needed {
                continue;
            }
            if has_required_features(package, target, options) {
                libraries.push(as_library(workspace, package, target, own));
            } else {
                disabled.insert(package.name.clone());
            }
        }
    }
    (libraries, disabled)
}

/// Returns whether the features that `target` requires are active.
fn has_required_features(package: &Package, target: &CargoTarget, options: &LinkOptions) -> bool {
    let Some(metadata) = &package.metadata else { return false };
    let mut active: HashSet<&str> = HashSet::new();
    let mut waiting: Vec<&str> = options.features_of(&package.name).chain(["default"]).collect();
    while let Some(feature) = waiting.pop() {
        if active.insert(feature) {
            waiting.extend(metadata.features.get(feature).into_iter().flatten().map(String::as_str));
        }
    }
    target.required_features.iter().all(|feature| active.contains(feature.as_str()))
}

fn as_library(
    workspace: &Workspace,
    package: &Package,
    target: &CargoTarget,
    files: BTreeSet<PathBuf>,
) -> Package {
    let name = format!("{}-{}-as-library", package.name, target.name.replace(['/', '\\'], "-"));
    Package {
        id: package.id.clone(),
        name: package.name.clone(),
        folder: workspace.harness().join("programs").join(&name),
        real_folder: package.real_folder.clone(),
        features: package.features.clone(),
        library: Some(Library { files: Some(files), ..Library::new(&target.root) }),
        has_library: true,
        programs: Vec::new(),
        may_register: true,
        metadata: package.metadata.clone(),
        program: Some(LinkedProgram {
            package: name,
            target: target.clone(),
            original: package.folder.clone(),
        }),
    }
}

/// Writes the folder of `package`, if it compiles a program as a library.
pub(super) fn write(workspace: &Workspace, package: &Package) -> io::Result<()> {
    let (Some(program), Some(metadata)) = (&package.program, &package.metadata) else { return Ok(()) };
    fs::create_dir_all(&package.folder)?;
    link_files(workspace, &program.original, &package.folder)?;
    let manifest = manifest(package, program, metadata);
    write_if_changed(&package.folder.join("Cargo.toml"), &manifest.to_string())
}

/// Links every file of `original` into `folder`, except for manifests and results.
fn link_files(workspace: &Workspace, original: &Path, folder: &Path) -> io::Result<()> {
    let is_own = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        name != "Cargo.toml"
            && name != "Cargo.lock"
            && name != "target"
            && name != ".git"
            && path != workspace.target
    };
    for old in fs::read_dir(folder)? {
        let old = old?.path();
        if old.is_symlink() && fs::read_link(&old)?.symlink_metadata().is_err() {
            fs::remove_file(old)?;
        }
    }
    for entry in fs::read_dir(original)? {
        let path = entry?.path();
        let link = folder.join(path.file_name().unwrap_or_default());
        if !is_own(&path) || fs::read_link(&link).is_ok_and(|old| old == path) {
            continue;
        }
        if link.is_symlink() {
            fs::remove_file(&link)?;
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(&path, &link)?;
    }
    Ok(())
}

/// Returns the path by which the compiler finds `file` of the original package.
fn in_folder(package: &Package, program: &LinkedProgram, file: &Path) -> Value {
    let linked = file.strip_prefix(&program.original).ok().map(|below| package.folder.join(below));
    let path = linked.filter(|path| path.is_file()).unwrap_or_else(|| file.to_owned());
    Value::String(path.display().to_string())
}

fn manifest(package: &Package, program: &LinkedProgram, metadata: &cargo_metadata::Package) -> Table {
    let text = |text: &str| Value::String(text.to_owned());
    let mut head = Table::new();
    head.insert("name".into(), text(&program.package));
    head.insert("version".into(), Value::String(metadata.version.to_string()));
    head.insert("edition".into(), Value::String(metadata.edition.to_string()));
    head.insert("publish".into(), Value::Boolean(false));
    head.insert("authors".into(), Value::Array(metadata.authors.iter().map(|it| text(it)).collect()));
    for (name, value) in [
        ("description", &metadata.description),
        ("license", &metadata.license),
        ("repository", &metadata.repository),
        ("homepage", &metadata.homepage),
    ] {
        if let Some(value) = value {
            head.insert(name.into(), text(value));
        }
    }
    let script = metadata.targets.iter().find(|it| it.is_custom_build());
    let script = script.map(|it| in_folder(package, program, it.src_path.as_std_path()));
    head.insert("build".into(), script.unwrap_or(Value::Boolean(false)));

    let mut library = Table::new();
    library.insert("name".into(), Value::String(program.target.name.replace('-', "_")));
    library.insert("path".into(), in_folder(package, program, &program.target.root));

    let mut features = metadata.features.clone();
    let mut manifest = Table::new();
    let own = metadata.targets.iter().find(|it| it.is_lib() || it.is_rlib() || it.is_dylib());
    if let Some(own) = own {
        let key = own.name.replace('-', "_");
        for (feature, enabled) in &mut features {
            enabled.push(format!("{key}/{feature}"));
        }
        let mut dependency = Table::new();
        dependency.insert("package".into(), text(&metadata.name));
        dependency.insert("path".into(), Value::String(program.original.display().to_string()));
        dependency.insert("default-features".into(), Value::Boolean(false));
        table(&mut manifest, &["dependencies"]).insert(key, Value::Table(dependency));
    }
    for dependency in &metadata.dependencies {
        let kind = match dependency.kind {
            DependencyKind::Normal => "dependencies",
            DependencyKind::Build => "build-dependencies",
            _ => continue,
        };
        let platform = dependency.target.as_ref().map(ToString::to_string);
        let path = match &platform {
            Some(platform) => vec!["target", platform, kind],
            None => vec![kind],
        };
        let key = dependency.rename.as_ref().unwrap_or(&dependency.name).clone();
        table(&mut manifest, &path).insert(key, Value::Table(dependency_table(dependency)));
    }
    let features = features
        .into_iter()
        .map(|(name, enabled)| (name, Value::Array(enabled.into_iter().map(Value::String).collect())));
    manifest.insert("features".into(), Value::Table(features.collect()));
    manifest.insert("package".into(), Value::Table(head));
    manifest.insert("lib".into(), Value::Table(library));
    manifest
}

/// Returns the table at `path`, which is created where it is missing.
fn table<'a>(root: &'a mut Table, path: &[&str]) -> &'a mut Table {
    path.iter().fold(root, |table, name| {
        let entry = table.entry(*name).or_insert_with(|| Value::Table(Table::new()));
        entry.as_table_mut().expect("only tables are inserted along these paths")
    })
}

/// Returns the declaration of a dependency in a manifest.
fn dependency_table(dependency: &Dependency) -> Table {
    let mut table = Table::new();
    let text = |text: &str| Value::String(text.to_owned());
    table.insert("package".into(), text(&dependency.name));
    table.insert("version".into(), Value::String(dependency.req.to_string()));
    table.insert("optional".into(), Value::Boolean(dependency.optional));
    table.insert("default-features".into(), Value::Boolean(dependency.uses_default_features));
    table.insert("features".into(), Value::Array(dependency.features.iter().map(|it| text(it)).collect()));
    if let Some(path) = &dependency.path {
        table.insert("path".into(), text(path.as_str()));
    } else if let Some(source) = &dependency.source
        && let Origin::Git { url, reference } = parse_origin(&source.repr, "")
    {
        table.insert("git".into(), Value::String(url));
        if let Some((kind, name)) = reference {
            table.insert(kind, Value::String(name));
        }
    } else if let Some(index) = &dependency.registry {
        table.insert("registry-index".into(), text(index));
    }
    table
}

/// The name of the program that silences lints.
const WRAPPER: &str = "cap-lints.sh";

/// Prepares [`cap_lints`] for a harness that links `packages`.
pub(super) fn write_wrapper(folder: &Path, packages: &[Arc<Package>]) -> io::Result<()> {
    let wrapper = folder.join(WRAPPER);
    if !packages.iter().any(|it| it.program.is_some()) {
        return if wrapper.exists() { fs::remove_file(wrapper) } else { Ok(()) };
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        write_if_changed(&wrapper, "#!/bin/sh\nexec \"$@\" --cap-lints allow\n")?;
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// Silences the lints of programs that are compiled as libraries: with `#![deny(warnings)]`, the unused `main` would be an error.
///
/// Cargo calls the wrapper only for members of the harness's workspace, so that all other packages are compiled as usual.
pub(super) fn cap_lints(command: &mut Command, folder: &Path) {
    let wrapper = folder.join(WRAPPER);
    if wrapper.is_file() {
        command.env("RUSTC_WORKSPACE_WRAPPER", wrapper);
    }
}
