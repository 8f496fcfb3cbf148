//! Projects of `cargo icosian new`. `cargo xtask ci --only templates` builds them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::shop::{CRATES, run_in};

/// An empty folder outside of any workspace and repository.
fn empty_folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("icosian-new-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

/// Returns the paths of the files in a folder, sorted, without those of git.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != ".git") {
                open.push(path);
            } else if path.is_file() {
                found.push(path.strip_prefix(folder).unwrap().display().to_string());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn each_kind_of_project_is_created() {
    let folder = empty_folder("kinds");
    let mut text = Vec::new();
    for (name, option) in [
        ("hello", None),
        ("shop", Some("--service")),
        ("words", Some("--batch")),
        ("articles", Some("--llm")),
    ] {
        let words: Vec<_> = ["new", name].into_iter().chain(option).collect();
        let ended = run_in(&folder, &words, &[]);
        assert_eq!((ended.code, ended.besides.as_str()), (Some(0), ""), "{}", ended.said);
        assert!(folder.join(name).join(".git").is_dir(), "{name} is a repository");
        let manifest = fs::read_to_string(folder.join(name).join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{manifest}");
        assert!(manifest.contains("icosian = { version = \"0.1.0\""), "{manifest}");
        text.push(format!("{}\n{}\n", ended.said, files(&folder.join(name)).join("\n")));
    }
    fs::remove_dir_all(folder).unwrap();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn project_depends_on_a_clone_of_icosian() {
    let folder = empty_folder("clone");
    let clone = Path::new(CRATES).join("..");
    for path in [clone.to_str().unwrap(), &format!("{CRATES}/icosian")] {
        let ended = run_in(&folder, &["new", "shop", "--batch", "--icosian-path", path], &[]);
        assert_eq!(ended.code, Some(0), "{}", ended.besides);
        let manifest = fs::read_to_string(folder.join("shop/Cargo.toml")).unwrap();
        let icosian = Path::new(CRATES).join("icosian").canonicalize().unwrap();
        let expected =
            format!("icosian = {{ path = {:?}, features = [\"rayon\"] }}", icosian.display().to_string());
        assert!(manifest.contains(&expected), "{manifest}");
        fs::remove_dir_all(folder.join("shop")).unwrap();
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn wrong_names_create_nothing() {
    let folder = empty_folder("names");
    fs::create_dir(folder.join("taken")).unwrap();
    fs::write(folder.join("taken/notes.txt"), "mine").unwrap();
    let tried: [&[&str]; 8] = [
        &["new", "match"],
        &["new", "2fast"],
        &["new", "my shop"],
        &["new", "test"],
        &["new", "tokio"],
        &["new", "pricing", "--service"],
        &["new", "taken"],
        &["new", "shop", "--icosian-path", "taken"],
    ];
    for words in tried {
        let ended = run_in(&folder, words, &[]);
        assert_eq!((ended.code, ended.said.as_str()), (Some(2), ""), "{words:?}");
        assert!(ended.besides.starts_with("ICO13"), "{words:?}: {}", ended.besides);
        assert_eq!(files(&folder), ["taken/notes.txt"], "{words:?}");
    }
    assert_eq!(fs::read_to_string(folder.join("taken/notes.txt")).unwrap(), "mine");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn project_in_a_repository_is_no_repository() {
    let folder = empty_folder("inside");
    fs::create_dir_all(folder.join("repository/.git")).unwrap();
    let status =
        std::process::Command::new("git").args(["init", "--quiet"]).arg(folder.join("repository")).status();
    assert!(status.unwrap().success());
    let ended = run_in(&folder.join("repository"), &["new", "shop"], &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.besides);
    let created = folder.join("repository/shop");
    assert!(!created.join(".git").exists() && created.join(".gitignore").is_file());
    fs::remove_dir_all(folder).unwrap();
}
