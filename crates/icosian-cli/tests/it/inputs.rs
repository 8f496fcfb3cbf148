//! The files and packages that a run checks.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::shop::{run_in, write};

/// A dataflow that the adapter `sync` cannot run.
const ASYNC: &str = "#[icosian::dataflow]
pub mod flow {
    pub async fn later() -> u64 {
        std::future::ready(1).await
    }
}
";

fn manifest(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition.workspace = true\n\
         [dependencies]\nicosian = {{ path = \"CRATES/icosian\" }}\n"
    )
}

fn files<const N: usize>(files: [(&str, String); N]) -> impl Iterator<Item = (String, String)> {
    files.into_iter().map(|(name, text)| (name.to_owned(), text))
}

#[cfg(unix)]
fn link(target: &Path, name: PathBuf) {
    fs::create_dir_all(name.parent().expect("the file system works")).expect("the file system works");
    _ = fs::remove_file(&name);
    std::os::unix::fs::symlink(target, name).expect("the file system works");
}

#[cfg(unix)]
#[test]
fn linked_members_and_programs_are_checked() {
    let elsewhere = write(
        "elsewhere",
        files([
            ("real/Cargo.toml", manifest("linked")),
            ("real/src/lib.rs", ASYNC.to_owned()),
            ("common/shared.rs", format!("{ASYNC}\nmod beside;\n")),
        ]),
    );
    let program = "#![deny(warnings)]
mod flows;

use crate::flows::flow;

const TEXT: &str = include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/text.txt\"));

fn main() {
    drop((flow::dataflow(), TEXT));
}
";
    let members = "[workspace]\nresolver = \"3\"\nmembers = [\"linked\", \"shared\", \"program\"]\n\
                   [workspace.package]\nedition = \"2024\"\n";
    let folder = write(
        "inputs",
        files([
            ("Cargo.toml", members.to_owned()),
            ("shared/Cargo.toml", manifest("shared")),
            ("shared/src/beside.rs", "\n".to_owned()),
            ("program/Cargo.toml", manifest("program")),
            ("program/src/main.rs", program.to_owned()),
            ("program/src/flows.rs", ASYNC.to_owned()),
            ("program/text.txt", String::new()),
        ]),
    );
    link(&elsewhere.join("real"), folder.join("linked"));
    link(&elsewhere.join("common/shared.rs"), folder.join("shared/src/lib.rs"));
    // Links that form a cycle.
    link(&folder, folder.join("shared/around"));
    link(&folder.join("program"), folder.join("shared/program"));
    link(&folder.join("shared"), folder.join("program/shared"));

    let ended = run_in(&folder, &["lint", "--adapter", "sync", "--format", "short"], &[]);
    let found: Vec<_> = ended.said.lines().filter_map(|line| line.split_once(": ")).collect();
    let place = |file: &str| format!("{file}:3:18");
    let places = ["linked/src/lib.rs", "program/src/flows.rs", "shared/src/lib.rs"].map(place);
    assert_eq!(
        found.iter().map(|(place, _)| *place).collect::<Vec<_>>(),
        places,
        "{} {}",
        ended.said,
        ended.besides
    );
    assert!(found.iter().all(|(_, text)| text.contains("ICO0101")), "{}", ended.said);
    assert_eq!(ended.code, Some(1));
}

#[test]
fn foreign_packages_are_skipped_with_a_note() {
    let wrong = "#[node]\npub fn wrong() -> ! { never() }\n";
    let stray = "[package]\nname = \"stray\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    let root = "[workspace]\nresolver = \"3\"\nmembers = [\"own\"]\nexclude = [\"vendor\"]\n\
                [workspace.package]\nedition = \"2024\"\n";
    let folder = write(
        "foreign",
        files([
            ("Cargo.toml", root.to_owned()),
            ("own/Cargo.toml", manifest("own")),
            ("own/src/lib.rs", ASYNC.to_owned()),
            ("stray/Cargo.toml", stray.to_owned()),
            ("stray/src/lib.rs", wrong.to_owned()),
            ("silent/Cargo.toml", stray.replace("stray", "silent")),
            ("silent/src/lib.rs", ASYNC.to_owned()),
            ("templates/app/Cargo.toml", stray.replace("stray", "{{project-name}}")),
            ("templates/app/src/lib.rs", "#[dataflow] pub mod {{name}} {}\n".to_owned()),
            ("vendor/other/Cargo.toml", stray.replace("stray", "other")),
            ("vendor/other/.cargo-checksum.json", "{}".to_owned()),
            ("vendor/other/src/lib.rs", wrong.to_owned()),
        ]),
    );
    let note = "note: skipped packages that belong to no workspace: `silent`, `stray`, `templates/app`, `vendor/other`\n";
    let ended = run_in(&folder, &["lint"], &[]);
    assert!(ended.said.starts_with(note), "{} {}", ended.said, ended.besides);
    assert_eq!(ended.code, Some(0));

    // Without cargo, a package without findings cannot be distinguished from a member.
    let ended = run_in(&folder, &["lint", "--fast"], &[]);
    assert!(ended.said.starts_with(&note.replace("`silent`, ", "")), "{}", ended.said);
    assert_eq!(ended.code, Some(0));

    let ended = run_in(&folder, &["lint", "--fast", "stray", "--format", "short"], &[]);
    assert!(ended.said.contains("ICO0009") && ended.code == Some(1), "{}", ended.said);
}

#[test]
fn run_that_checks_nothing_fails() {
    let folder = write(
        "nothing",
        files([
            ("Cargo.toml", manifest("nothing").replace(".workspace = true", " = \"2024\"") + "[workspace]\n"),
            ("src/lib.rs", "//! The word dataflow alone.\n".to_owned()),
            ("tests/flow.rs", ASYNC.to_owned()),
            ("empty/readme.md", String::new()),
        ]),
    );
    for (path, text) in [
        ("src", "src: has no dataflows and no nodes; nothing was checked"),
        ("empty", "empty: has no Rust files; nothing was checked"),
        ("missing", "missing: does not exist; it was not read"),
        ("tests", "tests: has no dataflow that could be linked; only its source was checked"),
    ] {
        let ended = run_in(&folder, &["lint", path], &[]);
        assert!(ended.said.starts_with(&format!("error: {text}\n")), "{}", ended.said);
        assert_eq!(ended.code, Some(2));
        let code = if path == "missing" { 2 } else { 0 };
        assert_eq!(run_in(&folder, &["lint", path, "--allow-empty"], &[]).code, Some(code));
    }
}

#[test]
fn failed_build_names_the_package() {
    let folder = write(
        "scripted",
        files([
            (
                "Cargo.toml",
                "[workspace]\nresolver = \"3\"\nmembers = [\"fails\", \"works\"]\n[workspace.package]\nedition = \"2024\"\n"
                    .to_owned(),
            ),
            ("fails/Cargo.toml", manifest("fails")),
            ("fails/build.rs", "fn main() {\n    std::process::exit(3);\n}\n".to_owned()),
            ("fails/src/lib.rs", ASYNC.to_owned()),
            ("works/Cargo.toml", manifest("works")),
            ("works/src/lib.rs", ASYNC.to_owned()),
        ]),
    );
    let ended = run_in(&folder, &["lint", "--adapter", "sync", "--format", "short"], &[]);
    assert!(ended.said.contains("fails/Cargo.toml: package `fails` does not compile"), "{}", ended.said);
    assert!(ended.said.contains("works/src/lib.rs:3:18: deny ICO0101"), "{}", ended.said);
    assert_eq!(ended.code, Some(2));
}

/// Returns the packages of this workspace's lock file that come from a registry: name, version and checksum.
fn locked() -> Vec<(String, String, String)> {
    let lock = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock"))
        .expect("the file system works");
    let packages = lock.split("[[package]]").skip(1).filter_map(|package| {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key))?;
            Some(line.trim_matches([' ', '=', '"']).to_owned())
        };
        Some((value("name")?, value("version")?, value("checksum")?))
    });
    packages.collect()
}

/// Returns all features that the manifests of this workspace request.
fn requested_features() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let members = fs::read_dir(root.join("crates"))
        .expect("the file system works")
        .map(|it| it.expect("the file system works").path());
    let manifests =
        members.chain([root.clone()]).filter_map(|it| fs::read_to_string(it.join("Cargo.toml")).ok());
    let mut features = BTreeSet::new();
    for manifest in manifests {
        for list in manifest.split("features = [").skip(1) {
            let list = list.split(']').next().unwrap_or_default();
            features.extend(list.split(',').map(|it| it.trim_matches([' ', '"', '\n']).to_owned()));
        }
    }
    features.retain(|it| !it.is_empty() && it.chars().all(|it| it.is_alphanumeric() || "-_".contains(it)));
    features
}

#[test]
fn missing_vendored_dependency_is_explained() {
    let features = requested_features().iter().fold(String::new(), |text, it| text + it + " = []\n");
    // Resolution needs manifests only. `inventory` is a dependency of the harness alone.
    let stubs =
        locked().into_iter().filter(|(name, ..)| name != "inventory").flat_map(|(name, version, sum)| {
            let folder = format!("vendor/{name}-{version}");
            let manifest =
                format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n[features]\n{features}");
            [
                (format!("{folder}/Cargo.toml"), manifest),
                (format!("{folder}/src/lib.rs"), String::new()),
                (
                    format!("{folder}/.cargo-checksum.json"),
                    format!("{{\"files\":{{}},\"package\":\"{sum}\"}}"),
                ),
            ]
        });
    let own = manifest("vendored").replace(".workspace = true", " = \"2024\"") + "[workspace]\n";
    let config =
        "[source.crates-io]\nreplace-with = \"vendored\"\n[source.vendored]\ndirectory = \"vendor\"\n";
    let own = files([
        ("Cargo.toml", own),
        ("src/lib.rs", ASYNC.to_owned()),
        (".cargo/config.toml", config.to_owned()),
    ]);
    let folder = write("vendored", own.chain(stubs));
    let ended = run_in(&folder, &["lint"], &[]);
    assert!(ended.said.contains("no matching package"), "{} {}", ended.said, ended.besides);
    assert!(ended.besides.contains("`inventory`"), "{}", ended.besides);
    assert!(ended.said.contains("add `icosian-check` with the feature `harness`"), "{}", ended.said);
    assert_eq!(ended.code, Some(2));
}
