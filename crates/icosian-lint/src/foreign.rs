//! Packages that lie below a workspace without being part of it: vendored crates, templates and stray manifests.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use cargo_metadata::MetadataCommand;
use icosian_rules::Level;

use crate::file_analysis::FileAnalysis;

/// Returns the folders of foreign packages among `files`, as full paths.
///
/// A package that contains one of `requested`, a list of full paths, is never foreign. Cargo only reads packages with a finding or
/// an unreadable file.
pub(crate) fn find_foreign(files: &[FileAnalysis], requested: &[PathBuf]) -> BTreeSet<PathBuf> {
    let mut foreign = BTreeSet::new();
    let mut known: HashSet<PathBuf> = HashSet::new();
    let mut packages: HashMap<PathBuf, Option<PathBuf>> = HashMap::new();
    for file in files.iter().filter(|it| it.source.is_some() || it.error.is_some()) {
        let Ok(path) = std::path::absolute(&file.path) else { continue };
        let Some(folder) = path.parent() else { continue };
        let package = packages.entry(folder.to_owned()).or_insert_with(|| package_of(&path));
        let Some(package) = package.as_ref().filter(|it| !is_requested(it, requested) && is_nested(it))
        else {
            continue;
        };
        if is_vendored(package) {
            foreign.insert(package.clone());
            continue;
        }
        let has_finding = file.diagnoses.iter().any(|it| it.level() > Level::Allow);
        if !(has_finding || file.error.is_some()) || known.contains(package) || foreign.contains(package) {
            continue;
        }
        match members_around(package) {
            Ok(members) => known.extend(members),
            // A symbolic link may lead to a member.
            Err(error)
                if is_foreign(package, &error)
                    && real_folder(package).is_none_or(|it| members_around(&it).is_err()) =>
            {
                foreign.insert(package.clone());
            }
            Err(_) => {}
        }
        known.insert(package.clone());
    }
    foreign
}

/// Returns whether the file at `path` belongs to one of the `foreign` packages, a list of full paths.
pub(crate) fn is_foreign_file(path: &Path, foreign: &BTreeSet<PathBuf>) -> bool {
    // Most runs have no foreign packages.
    let package = || package_of(&std::path::absolute(path).ok()?);
    !foreign.is_empty() && package().is_some_and(|package| foreign.contains(&package))
}

/// Returns the folders of the members of the workspace around `package`, or cargo's error.
fn members_around(package: &Path) -> Result<Vec<PathBuf>, String> {
    let mut command = MetadataCommand::new();
    command.no_deps().manifest_path(package.join("Cargo.toml")).current_dir(package);
    let metadata = command.exec().map_err(|error| error.to_string())?;
    let members = metadata.workspace_packages().into_iter();
    Ok(members.filter_map(|it| Some(it.manifest_path.parent()?.as_std_path().to_owned())).collect())
}

/// Returns `folder` without symbolic links, if that is another path.
pub(crate) fn real_folder(folder: &Path) -> Option<PathBuf> {
    folder.canonicalize().ok().filter(|real| real != folder)
}

/// Returns whether cargo's `error` for the package in `folder` means that no workspace includes the package.
pub(crate) fn is_foreign(folder: &Path, error: &str) -> bool {
    is_vendored(folder)
        || is_nested(folder)
            && (error.contains("believes it's in a workspace when it's not") || is_template(folder))
}

/// Returns whether one of the paths in `requested` is in `package`.
pub(crate) fn is_requested(package: &Path, requested: &[PathBuf]) -> bool {
    let real = package.canonicalize();
    requested
        .iter()
        .any(|path| path.starts_with(package) || real.as_ref().is_ok_and(|real| path.starts_with(real)))
}

/// Returns the folder of the nearest manifest above `path`, a full path.
pub(crate) fn package_of(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|folder| folder.join("Cargo.toml").is_file()).map(Path::to_owned)
}

/// Returns whether `cargo vendor` wrote the package.
fn is_vendored(folder: &Path) -> bool {
    folder.join(".cargo-checksum.json").is_file()
}

/// Returns whether a folder around the package has a manifest too.
fn is_nested(folder: &Path) -> bool {
    folder.parent().is_some_and(|around| package_of(around).is_some())
}

/// Returns whether the manifest is a template: it is no TOML, or its package has a placeholder for a name.
fn is_template(folder: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(folder.join("Cargo.toml")) else { return false };
    let Ok(manifest) = text.parse::<toml::Table>() else { return true };
    let name = manifest.get("package").and_then(|package| package.get("name")).and_then(toml::Value::as_str);
    let is_valid = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
    name.is_some_and(|name| !name.chars().all(is_valid))
}
