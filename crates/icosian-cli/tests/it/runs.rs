//! `cargo icosian runs` on folders of records.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use insta::assert_snapshot;

const SOURCE: &str = "/// The rates of today.
pub fn rates(url: &str) -> Result<Vec<f64>, ureq::Error> {
    fetch(url)
}
";

/// A run that fails in `rates`, a run that succeeds, and a run without an end.
const FAILED: &str = r#"{"event":"run_started","version":1,"run":"7f3a01","name":"prices","started_at":1790000300000000,"process_id":7,"adapter":"tokio","outputs":["report"],"inputs":{"url":{"value_type":"String","value":"\"https://example.org\"","length":19}},"graph":{"nodes":[{"name":"rates"},{"name":"report"}],"edges":[{"from":"rates","to":"report"}]}}
{"event":"node_started","run":"7f3a01","node":"rates","items":[],"at":300,"queue_time":280}
{"event":"node_ended","run":"7f3a01","node":"rates","items":[],"at":912300,"queue_time":280,"run_time":912000,"outcome":"failed","attempts":3,"error":{"message":"the service does not respond","code":"ICO1101","causes":["timed out"],"help":"add `#[fallback]`","location":{"file":"src/rates.rs","line":2,"column":8}}}
{"event":"node_ended","run":"7f3a01","node":"report","items":[],"at":912310,"outcome":"skipped"}
{"event":"run_ended","run":"7f3a01","at":912400,"outcome":"failed"}
"#;
const SUCCEEDED: &str = r#"{"event":"run_started","version":1,"run":"7f3b02","name":"prices","started_at":1790000200000000,"adapter":"sync"}
{"event":"node_ended","run":"7f3b02","node":"rates","at":1200,"run_time":1200,"outcome":"succeeded","attempts":1}
{"event":"run_ended","run":"7f3b02","at":1250,"outcome":"succeeded"}
"#;
const CRASHED: &str = r#"{"event":"run_started","version":1,"run":"9c0003","name":"crawl","started_at":1790000100000000,"adapter":"tokio"}
{"event":"node_started","run":"9c0003","node":"page","at":100}
{"event":"node_en"#;

/// A workspace with records in the default folder.
fn workspace(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("runs").join(name);
    _ = fs::remove_dir_all(&folder);
    for (file, text) in [
        ("Cargo.lock", ""),
        ("src/rates.rs", SOURCE),
        ("target/icosian/runs/7f3a01.jsonl", FAILED),
        ("target/icosian/runs/7f3b02.jsonl", SUCCEEDED),
        ("target/icosian/runs/9c0003.jsonl", CRASHED),
    ] {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().expect("the path has a folder")).expect("the file system works");
        fs::write(path, text).expect("the file system works");
    }
    // An error mentions source files that are newer than the run.
    let source = fs::File::options().append(true).open(folder.join("src/rates.rs")).expect("it was written");
    source.set_modified(std::time::UNIX_EPOCH).expect("the file system works");
    folder
}

/// Runs the program in a folder. Returns the exit status, the output and the error output.
fn runs(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let ended = Command::new(env!("CARGO_BIN_EXE_cargo-icosian"))
        .args(["icosian", "runs"])
        .args(arguments)
        .current_dir(folder)
        .env("COLUMNS", "90")
        .env_remove("ICOSIAN_RUNS")
        .env_remove("LC_ALL")
        .env_remove("LC_CTYPE")
        .env_remove("LANG")
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
    (ended.status.code(), text(ended.stdout), text(ended.stderr))
}

#[test]
fn runs_are_listed() {
    let folder = workspace("list");
    let (code, text, notes) = runs(&folder, &["ls"]);
    assert_eq!(code, Some(0), "an incomplete last line is no error");
    assert_snapshot!(format!("{text}\n{notes}"));
    let (_, text, _) = runs(&folder.join("src"), &["ls", "--failed", "--limit", "1"]);
    assert_snapshot!("failed_runs_are_listed", text);
    let (_, json, _) = runs(&folder, &["ls", "--failed", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(2));
    assert_eq!(json[0]["failed_node"], "rates");
}

#[test]
fn failed_run_is_shown_with_its_source() {
    let (code, text, _) = runs(&workspace("show"), &["show", "7f3a"]);
    assert_eq!(code, Some(0));
    assert_snapshot!(text);
}

#[test]
fn latest_run_and_files_are_shown() {
    let folder = workspace("latest");
    let (_, latest, _) = runs(&folder, &["show"]);
    assert!(latest.starts_with("run 7f3a01"), "{latest}");
    let (_, file, notes) = runs(&folder, &["show", "target/icosian/runs/9c0003.jsonl"]);
    assert!(file.starts_with("run 9c0003"), "{file}");
    assert!(notes.contains("9c0003.jsonl:3: the last line is incomplete"), "{notes}");
    let (_, json, _) = runs(&folder, &["show", "7f3b02", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(json["nodes"][0]["run_time"], 1_200);
}

#[test]
fn page_is_written() {
    let folder = workspace("page");
    let (code, text, notes) = runs(&folder, &["show", "7f3a01", "--html", "run.html"]);
    assert_eq!((code, text.as_str()), (Some(0), ""));
    assert_eq!(notes, "wrote run.html\n");
    let written = fs::read_to_string(folder.join("run.html")).expect("the page was written");
    assert!(written.contains("the service does not respond") && written.contains("pub fn rates"));
    let (_, printed, _) = runs(&folder, &["show", "7f3a01", "--html", "-"]);
    assert_eq!(printed, written);
}

#[test]
fn errors_have_codes_and_help() {
    let folder = workspace("errors");
    let records = folder.join("target/icosian/runs");
    fs::write(records.join("new.jsonl"), "{\"event\":\"run_started\",\"version\":9,\"run\":\"new\"}\n")
        .expect("it is written");
    let requests: [&[&str]; 6] = [
        &["show", "7f"],
        &["show", "7f3c02"],
        &["show", "new"],
        &["show", "--dir", "missing"],
        &["show", "--dir", "src"],
        &["show", "7f3a01", "--html", "missing/run.html"],
    ];
    let mut text = String::new();
    for request in requests {
        let (code, output, shown) = runs(&folder, request);
        assert_eq!((code, output.as_str()), (Some(2), ""), "{request:?}");
        text = format!("{text}=== {}\n{shown}", request.join(" "));
    }
    assert_snapshot!(text);
}

#[test]
fn missing_default_folder_is_an_empty_list() {
    let folder = workspace("empty");
    fs::remove_dir_all(folder.join("target")).expect("it exists");
    let (code, text, _) = runs(&folder, &["ls"]);
    assert_eq!((code, text.as_str()), (Some(0), "no runs in target/icosian/runs\n"));
    let (code, text, _) = runs(&folder, &["ls", "--format", "json"]);
    assert_eq!((code, text.as_str()), (Some(0), "[]\n"));
    assert_eq!(runs(&folder, &["show"]).0, Some(2));
}

#[test]
fn corrupt_lines_change_the_exit_status() {
    let folder = workspace("corrupt");
    let path = folder.join("target/icosian/runs/7f3b02.jsonl");
    fs::write(path, SUCCEEDED.replacen('\n', "\n?\n", 1)).expect("it is written");
    let (code, text, notes) = runs(&folder, &["show", "7f3b02"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("✓ succeeded"), "{text}");
    assert!(notes.contains("7f3b02.jsonl:2: the line is not an event: expected value"), "{notes}");
}
