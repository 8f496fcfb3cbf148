//! Analyses texts with the mock server, with the library and with the program.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use documents::mock_server::{MockLog, MockServer};
use documents::model::{Model, Sentiment};
use documents::pipeline::{self, MAX_BYTES};
use documents::report::DocumentReport;
use icosian::prelude::*;
use reqwest::Client;

fn texts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("texts")
}

/// Analyses a folder. Returns the report and the requests of the model.
async fn analyse(folder: PathBuf) -> Result<(DocumentReport, MockLog), ExecuteError> {
    let server = MockServer::start().await.unwrap();
    let model = Model::new(Client::builder().no_proxy().build().unwrap(), server.url());
    let driver = AsyncDriver::builder().with_dataflow(pipeline::dataflow()).build().unwrap();
    let report = driver.execute::<pipeline::report>(pipeline::ReportInputs { folder, model }).await?;
    Ok((report, server.log()))
}

#[tokio::test]
async fn each_file_has_a_summary_or_a_failure() {
    let start = Instant::now();
    let (report, log) = analyse(texts()).await.unwrap();
    let elapsed = start.elapsed();

    let names: Vec<_> = report.documents.iter().map(|document| &*document.file).collect();
    let expect = ["lighthouse", "map", "market", "orchard", "violin", "winter"].map(|it| format!("{it}.txt"));
    assert_eq!(names, expect);
    let orchard = &report.documents[3];
    assert_eq!(orchard.summary, "The children picked the first apples of the orchard in September.");
    assert_eq!(orchard.keywords, ["apples", "orchard", "afternoon"]);
    let sentiments: Vec<_> = report.documents.iter().map(|document| document.sentiment).collect();
    assert_eq!(
        sentiments,
        [
            Sentiment::Negative,
            Sentiment::Neutral,
            Sentiment::Neutral,
            Sentiment::Positive,
            Sentiment::Positive,
            Sentiment::Negative
        ]
    );
    let [failure] = &report.failures[..] else { panic!("one file is empty: {:?}", report.failures) };
    assert_eq!((&*failure.file, &*failure.node), ("unfinished.txt", "text"));
    assert_eq!(failure.causes, ["the file is empty"]);

    assert_eq!(log.requests, 6 * 3 + 1, "one request is repeated, and the empty file needs none");
    assert!(log.max_open >= 2, "the calls for a file run at the same time");
    // The first 8 of 19 requests are a burst, and the others start every 50 ms.
    assert!(elapsed >= Duration::from_millis(500), "{elapsed:?}");
}

#[tokio::test]
async fn unsuitable_files_use_no_budget() {
    let folder = std::env::temp_dir().join(format!("icosian-documents-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("long.txt"), "a".repeat(MAX_BYTES + 1)).unwrap();
    std::fs::write(folder.join("binary.txt"), [0xff]).unwrap();
    std::fs::write(folder.join("notes.md"), "This is no text file.").unwrap();
    let result = analyse(folder.clone()).await;
    std::fs::remove_dir_all(folder).unwrap();

    let (report, log) = result.unwrap();
    assert_eq!((report.documents.len(), log.requests), (0, 0));
    let causes: Vec<_> = report.failures.iter().map(|failure| &*failure.causes[0]).collect();
    assert_eq!(causes, ["the file cannot be read", "the file has 2001 bytes, and the model accepts 2000"]);
}

#[tokio::test]
async fn missing_folder_fails_the_run() {
    let error = analyse(texts().join("nothing-here")).await.unwrap_err();
    assert_eq!(error.to_string(), "node `file` failed");
}

#[test]
fn program_prints_the_report_of_the_readme() {
    let output = Command::new(env!("CARGO_BIN_EXE_documents")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(include_str!("../../README.md").contains(&report), "the README lacks this report:\n{report}");
}
