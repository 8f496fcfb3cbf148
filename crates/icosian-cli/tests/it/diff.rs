//! Differences between git revisions: `diff`.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::shop::{CRATES, Ended, run_in};

const MANIFEST: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
                        [dependencies]\nicosian = { path = \"CRATES/icosian\" }\n";

const OLD: &str = r"#[icosian::dataflow]
pub mod orders {
    pub fn rate(currency: &str) -> Result<f64, std::num::ParseFloatError> {
        currency.parse()
    }
    pub fn label(currency: &str) -> String {
        currency.to_owned()
    }
    /// The price.
    pub fn price(rate: f64, amount: f64) -> f64 {
        rate * amount
    }
}
";

const NEW: &str = r#"#[icosian::dataflow]
pub mod orders {
    #[retry(attempts = 2)]
    pub async fn rate(currency: &str) -> Result<f64, std::num::ParseFloatError> {
        std::future::ready(currency.parse()).await
    }
    /// The price, in another sentence.
    pub fn price(rate: f64, amount: f64) -> f64 {
        rate * amount
    }
    #[tag(owner = "sales")]
    pub fn total(price: f64) -> f32 {
        price as f32
    }
}

#[icosian::dataflow]
pub mod returns {
    pub fn refund(price: f64) -> f64 {
        price
    }
}
"#;

const BROKEN: &str =
    "#[icosian::dataflow]\npub mod orders {\n    pub fn rate() -> f64 {\n        \"\"\n    }\n}\n";

fn git(folder: &Path, arguments: &[&str]) -> String {
    let identity =
        ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").current_dir(folder).args(identity).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A repository with the tags `old`, `new` and `broken`. Its package is in the folder `shop`.
fn repository(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("icosian-diff-{name}-{}", std::process::id()));
    let package = folder.join("shop");
    fs::create_dir_all(package.join("src")).unwrap();
    git(&folder, &["init", "--quiet"]);
    // The lock file on disk is used for all versions; cargo removes unused packages from it.
    fs::write(folder.join(".gitignore"), "Cargo.lock\n").unwrap();
    fs::write(package.join("Cargo.toml"), MANIFEST.replace("CRATES", CRATES)).unwrap();
    let lock = fs::read_to_string(Path::new(CRATES).join("../Cargo.lock")).unwrap();
    fs::write(package.join("Cargo.lock"), lock).unwrap();
    for (tag, text) in [("old", OLD), ("broken", BROKEN), ("new", NEW)] {
        fs::write(package.join("src/lib.rs"), text).unwrap();
        git(&folder, &["add", "--all"]);
        git(&folder, &["commit", "--quiet", "--message", tag]);
        git(&folder, &["tag", tag]);
    }
    package.canonicalize().unwrap()
}

fn diff(package: &Path, words: &[&str]) -> Ended {
    let words: Vec<_> = ["diff"].iter().chain(words).copied().collect();
    run_in(package, &words, &[])
}

#[test]
fn changes_between_revisions_are_listed() {
    let package = repository("list");
    let ended = diff(&package, &["old..new"]);
    insta::assert_snapshot!(ended.said);
    assert_eq!(ended.code, Some(1), "{}", ended.besides);

    let json = diff(&package, &["old..new", "--dataflow", "orders", "--format", "json"]);
    let document: Value = serde_json::from_str(&json.said).unwrap();
    assert_eq!(document["old"]["commit"], git(&package, &["rev-parse", "old"]));
    let [orders] = &document["dataflows"].as_array().unwrap()[..] else { panic!("{document}") };
    assert_eq!((&orders["module"], &orders["kind"]), (&"shop::orders".into(), &"changed".into()));
    assert_eq!(json.code, Some(1), "{}", json.besides);

    let picture = diff(&package, &["old..new", "--dataflow", "orders", "--format", "mermaid"]);
    assert!(picture.said.contains("flowchart") && picture.said.contains("total"), "{}", picture.said);
    let several = diff(&package, &["old..new", "--format", "svg"]);
    assert_eq!((several.code, several.said.as_str()), (Some(2), ""));
    assert!(several.besides.contains("--dataflow shop::returns"), "{}", several.besides);
    fs::remove_dir_all(package.parent().unwrap()).unwrap();
}

#[test]
fn files_on_disk_are_compared_and_not_changed() {
    let package = repository("disk");
    // A staged change, a change on disk and a new file.
    fs::write(package.join("src/lib.rs"), format!("{NEW}\n// staged\n")).unwrap();
    git(&package, &["add", "--all"]);
    fs::write(package.join("src/lib.rs"), NEW.replace("f32", "f64")).unwrap();
    fs::write(package.join("notes.txt"), "mine").unwrap();
    let status = || git(&package, &["status", "--porcelain=v1", "--untracked-files=all"]);
    let before = status();

    let ended = diff(&package, &["HEAD"]);
    assert_eq!(ended.said, "shop::orders\n  ~ node `total`: output `f32` -> `f64`\n", "{}", ended.besides);
    assert_eq!(ended.code, Some(1));
    let same = diff(&package, &["new..HEAD"]);
    assert_eq!((same.code, same.said.as_str()), (Some(0), ""), "{}", same.besides);
    assert!(same.besides.ends_with("no differences\n"), "{}", same.besides);
    let same = diff(&package, &["new..HEAD", "-o", "target/same.svg"]);
    assert_eq!((same.code, same.said.as_str()), (Some(0), ""), "{}", same.besides);
    assert!(same.besides.ends_with("no differences\n") && !package.join("target/same.svg").exists());

    assert_eq!(status(), before);
    assert_eq!(git(&package, &["worktree", "list"]).lines().count(), 1);
    fs::remove_dir_all(package.parent().unwrap()).unwrap();
}

#[test]
fn revisions_that_cannot_be_described_are_errors() {
    let package = repository("errors");
    let broken = diff(&package, &["broken..new"]);
    assert_eq!((broken.code, broken.said.as_str()), (Some(2), ""));
    assert!(broken.besides.contains("error: revision `broken`"), "{}", broken.besides);
    assert!(broken.besides.contains("mismatched types"), "{}", broken.besides);

    let unknown = diff(&package, &["brokn..new"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.besides.contains("unknown revision `brokn`"), "{}", unknown.besides);
    assert!(unknown.besides.contains("write `broken`"), "{}", unknown.besides);
    let option = diff(&package, &["--", "--all"]);
    assert!(option.besides.contains("unknown revision `--all`"), "{}", option.besides);

    let outside = run_in(&std::env::temp_dir(), &["diff", "HEAD"], &[]);
    assert_eq!(outside.code, Some(2));
    assert!(outside.besides.starts_with("ICO1323 no-repository"), "{}", outside.besides);
    fs::remove_dir_all(package.parent().unwrap()).unwrap();
}
