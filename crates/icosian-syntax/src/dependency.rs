//! The name of the dependency on `icosian` in the package that is compiled.
//!
//! Generated code names that dependency. A package may rename it: `ico = { package = "icosian", .. }`. The manifest
//! has the name, also where the entry is inherited from the workspace. `#[dataflow(crate = ..)]` takes precedence.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

/// The results for the manifest folders seen by this process. A language server compiles several packages in one.
static FOUND: Mutex<Option<HashMap<String, Option<String>>>> = Mutex::new(None);

/// Returns the name of the dependency if the package that is compiled has renamed it.
pub(crate) fn renamed() -> Option<String> {
    let folder = std::env::var("CARGO_MANIFEST_DIR").ok()?;
    // A panic elsewhere leaves the map as it was.
    let mut found = FOUND.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let found = found.get_or_insert_default();
    found.entry(folder).or_insert_with_key(|folder| of_package(Path::new(folder))).clone()
}

fn of_package(folder: &Path) -> Option<String> {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    of_manifest(&manifest, || {
        let above =
            folder.ancestors().filter_map(|folder| std::fs::read_to_string(folder.join("Cargo.toml")).ok());
        above
            .into_iter()
            .find(|manifest| manifest.lines().any(|line| line.trim_start().starts_with("[workspace")))
    })
}

/// Returns the name that `manifest` gives to `icosian`, if it is another one. `workspace` returns the manifest that entries
/// are inherited from.
fn of_manifest(manifest: &str, workspace: impl FnOnce() -> Option<String>) -> Option<String> {
    let own = dependencies(manifest);
    if own.iter().any(|(name, _)| name == "icosian") {
        return None;
    }
    let direct = own.iter().find(|(_, entry)| is_icosian(entry)).map(|(name, _)| name.clone());
    let inherited = || {
        let names: Vec<_> = own.iter().filter(|(_, entry)| entry.contains("workspace=true")).collect();
        if names.is_empty() {
            return None;
        }
        let shared = dependencies(&workspace()?);
        let is_meant = |name: &str| shared.iter().any(|(shared, entry)| shared == name && is_icosian(entry));
        names.into_iter().find(|(name, _)| is_meant(name)).map(|(name, _)| name.clone())
    };
    direct.or_else(inherited).map(|name| name.replace('-', "_"))
}

fn is_icosian(entry: &str) -> bool {
    entry.contains("package=\"icosian\"")
}

/// Returns the name and the entry, without white space, of each dependency that code and tests can name.
fn dependencies(manifest: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    // The section of dependencies that a line is in, and the dependency whose own table it is in.
    let (mut in_section, mut in_table) = (false, false);
    for line in manifest.lines() {
        let line: String = without_comment(line).replace('\'', "\"").split_whitespace().collect();
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_matches(|bracket| bracket == '[' || bracket == ']');
            let is_section = |name: &str| {
                let last = name.rsplit('.').next();
                last == Some("dependencies") || last == Some("dev-dependencies")
            };
            in_section = is_section(header);
            in_table = false;
            if let Some((section, name)) = header.rsplit_once('.')
                && !in_section
                && is_section(section)
            {
                in_table = true;
                found.push((name.trim_matches('"').to_owned(), String::new()));
            }
        } else if in_table && let Some((_, entry)) = found.last_mut() {
            entry.push_str(&line);
            entry.push(',');
        } else if in_section && let Some((key, value)) = line.split_once('=') {
            let (name, field) = key.split_once('.').unwrap_or((key, ""));
            let entry = if field.is_empty() { value.to_owned() } else { format!("{field}={value}") };
            found.push((name.trim_matches('"').to_owned(), entry));
        }
    }
    found
}

fn without_comment(line: &str) -> &str {
    let is_comment = |(at, _): &(usize, &str)| line[..*at].matches('"').count().is_multiple_of(2);
    line.match_indices('#').find(is_comment).map_or(line, |(at, _)| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(manifest: &str, expect: Option<&str>) {
        let workspace =
            "[workspace]\n[workspace.dependencies]\nshared-ico = { package = \"icosian\", version = \"1\" }";
        assert_eq!(of_manifest(manifest, || Some(workspace.to_owned())).as_deref(), expect);
    }

    #[test]
    fn renamed_dependencies_are_found() {
        check("[dependencies]\nico = { version = \"1\", package = \"icosian\" } # renamed", Some("ico"));
        check("[dependencies]\nmy-ico = { package='icosian' }", Some("my_ico"));
        check("[dev-dependencies.ico]\nversion = \"1\"\npackage = \"icosian\"", Some("ico"));
        check("[target.'cfg(unix)'.dependencies]\nico.package = \"icosian\"", Some("ico"));
        check("[dependencies]\nserde = \"1\"\nshared-ico.workspace = true", Some("shared_ico"));
        check("[dependencies]\nshared-ico = { workspace = true }", Some("shared_ico"));
    }

    #[test]
    fn other_dependencies_are_left_alone() {
        check("[dependencies]\nicosian = \"1\"\nico = { package = \"icosian\" }", None);
        check("[dependencies]\nicosian.workspace = true", None);
        check("[dependencies]\nico = { package = \"icosian-core\" }", None);
        check("[dependencies]\n# ico = { package = \"icosian\" }\nserde.workspace = true", None);
        check("[build-dependencies]\nico = { package = \"icosian\" }", None);
        check("[package]\nname = \"icosian\"", None);
        check("not a manifest", None);
    }
}
