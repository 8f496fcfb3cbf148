//! Reads the [`SourceTree`] from disk. Only this module does I/O.

use std::fs;
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use super::source::SourceFile;
use super::workspace::{Area, Dependency, Member, Metadata, SourceTree};
use crate::task_error::TaskError;

/// Reads the workspace of the current folder.
///
/// # Errors
/// A manifest does not parse, a file cannot be read, or a member is outside of the four folders.
pub(super) fn workspace() -> Result<SourceTree, TaskError> {
    let metadata = MetadataCommand::new().no_deps().exec()?;
    let root = metadata.workspace_root.as_std_path();
    let manifest = text(&root.join("Cargo.toml"))?;
    let table: toml::Table = manifest.parse()?;
    let version = table.get("workspace").and_then(|it| it.get("package")?.get("version")?.as_str());
    let mut workspace = SourceTree {
        version: version.unwrap_or_default().to_owned(),
        entries: names(root)?,
        ignored: ignored(root),
        generated: crate::codegen::files(root)?,
        changelog: fs::read_to_string(root.join("CHANGELOG.md")).ok(),
        manifest,
        table,
        ..SourceTree::default()
    };
    for package in metadata.workspace_packages() {
        let dir = package.manifest_path.parent().ok_or("a manifest is in a folder")?.as_std_path();
        workspace.members.push(member(package, dir, root)?);
        sources(dir, root, &mut workspace)?;
    }
    for name in workspace.entries.iter().filter(|name| has_extension(name, "md")) {
        workspace.documents.push(SourceFile { path: name.clone(), text: text(&root.join(name))? });
    }
    workspace.members.sort_by(|a, b| a.name.cmp(&b.name));
    workspace.sources.sort_by(|a, b| a.path.cmp(&b.path));
    workspace.documents.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(workspace)
}

fn member(package: &Package, dir: &Path, root: &Path) -> Result<Member, TaskError> {
    let area = match relative(dir, root).split('/').next() {
        Some("crates") => Area::Crates,
        Some("examples") => Area::Examples,
        Some("benches") => Area::Benches,
        Some("docs") => Area::Docs,
        Some("xtask") => Area::Xtask,
        _ => {
            return Err(format!(
                "`{}` is in none of crates/, docs/, examples/, benches/, xtask/",
                package.name
            )
            .into());
        }
    };
    let readme = package.readme.as_ref().map(|path| (path.to_string(), dir.join(path).is_file()));
    Ok(Member {
        name: package.name.to_string(),
        area,
        table: text(package.manifest_path.as_std_path())?.parse()?,
        metadata: Metadata {
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

/// Adds the Rust and Markdown files below `dir`, without hidden folders and build output.
fn sources(dir: &Path, root: &Path, workspace: &mut SourceTree) -> Result<(), TaskError> {
    for name in names(dir)? {
        let path = dir.join(&name);
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" {
                sources(&path, root, workspace)?;
            }
            continue;
        }
        let relative = relative(&path, root);
        let is_document = has_extension(&name, "md") && !relative.contains("/tests/");
        if is_document || has_extension(&name, "rs") {
            let file = SourceFile { path: relative, text: text(&path)? };
            let files = if is_document { &mut workspace.documents } else { &mut workspace.sources };
            files.push(file);
        }
    }
    Ok(())
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

fn names(dir: &Path) -> Result<Vec<String>, TaskError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Returns the names in the root folder that `.gitignore` ignores: its lines of the form `/name`.
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

fn text(path: &Path) -> Result<String, TaskError> {
    fs::read_to_string(path).map_err(|error| format!("failed to read `{}`: {error}", path.display()).into())
}
