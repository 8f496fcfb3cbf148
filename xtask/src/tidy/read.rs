//! Reads the [`House`] from disk: the one place of tidy that touches it.

use std::fs;
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use super::house::{Card, Dependency, House, Member, Room};
use super::source::Source;
use crate::Failure;

/// Reads the workspace of the current folder.
///
/// # Errors
/// When a manifest does not parse, a file cannot be read, or a member lives in none of the four rooms.
pub(super) fn house() -> Result<House, Failure> {
    let metadata = MetadataCommand::new().no_deps().exec()?;
    let root = metadata.workspace_root.as_std_path();
    let manifest = text(&root.join("Cargo.toml"))?;
    let table: toml::Table = manifest.parse()?;
    let version = table.get("workspace").and_then(|it| it.get("package")?.get("version")?.as_str());
    let mut house = House {
        version: version.unwrap_or_default().to_owned(),
        entries: names(root)?,
        ignored: ignored(root),
        generated: crate::codegen::files(root)?,
        changelog: fs::read_to_string(root.join("CHANGELOG.md")).ok(),
        manifest,
        table,
        ..House::default()
    };
    for package in metadata.workspace_packages() {
        let dir = package.manifest_path.parent().ok_or("a manifest lives in a folder")?.as_std_path();
        house.members.push(member(package, dir, root)?);
        sources(dir, root, &mut house.sources)?;
    }
    house.members.sort_by(|a, b| a.name.cmp(&b.name));
    house.sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(house)
}

fn member(package: &Package, dir: &Path, root: &Path) -> Result<Member, Failure> {
    let lives_in = match relative(dir, root).split('/').next() {
        Some("crates") => Room::Crates,
        Some("examples") => Room::Examples,
        Some("benches") => Room::Benches,
        Some("xtask") => Room::Xtask,
        _ => {
            return Err(
                format!("`{}` is in none of crates/, examples/, benches/, xtask/", package.name).into()
            );
        }
    };
    let readme = package.readme.as_ref().map(|path| (path.to_string(), dir.join(path).is_file()));
    Ok(Member {
        name: package.name.to_string(),
        room: lives_in,
        table: text(package.manifest_path.as_std_path())?.parse()?,
        card: Card {
            description: package.description.clone(),
            license: package.license.clone(),
            repository: package.repository.clone(),
            rust_version: package.rust_version.as_ref().map(ToString::to_string),
            readme,
            keywords: package.keywords.clone(),
            categories: package.categories.clone(),
        },
        published: package.publish.as_ref().is_none_or(|registries| !registries.is_empty()),
        dependencies: package.dependencies.iter().map(dependency).collect(),
    })
}

fn dependency(read: &cargo_metadata::Dependency) -> Dependency {
    Dependency {
        name: read.name.clone(),
        dev: read.kind == DependencyKind::Development,
        features: read.features.clone(),
    }
}

/// Adds the Rust files below `dir`, hidden folders and build output aside.
fn sources(dir: &Path, root: &Path, into: &mut Vec<Source>) -> Result<(), Failure> {
    for name in names(dir)? {
        let path = dir.join(&name);
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" {
                sources(&path, root, into)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(Source { path: relative(&path, root), text: text(&path)? });
        }
    }
    Ok(())
}

fn names(dir: &Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The names that `.gitignore` keeps out of the root folder: its lines of the form `/name`.
fn ignored(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.strip_prefix('/'))
        .map(|name| name.trim_end_matches('/').to_owned())
        .collect()
}

fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| format!("failed to read `{}`: {error}", path.display()).into())
}
