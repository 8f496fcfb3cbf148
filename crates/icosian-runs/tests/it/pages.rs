//! The HTML pages of generated records. `xtask/browser/run_pages.mjs` tests them in a browser.

use std::path::Path;

use icosian_runs::page::RunPage;
use icosian_runs::{RecordFile, RunReport, SourceFiles};
use icosian_schema::run::ErrorSummary;

use crate::samples;

fn page(text: &str) -> String {
    let file = RecordFile::parse("sample.jsonl", text.as_bytes());
    RunPage::new(&RunReport::new(&file.runs[0])).with_faults(&file.faults).to_string()
}

/// Returns the elements of the body, without script and picture.
fn body(page: &str) -> String {
    let (_, body) = page.split_once("</head>").expect("the page has a head");
    let (body, _) = body.split_once("<script>").expect("the page has a script");
    let (before, picture) = body.split_once("<svg xmlns").expect("the page has a picture");
    let (_, after) = picture.split_once("</svg>").expect("the element ends");
    format!("{before}<svg/>{after}")
}

#[test]
fn page_of_a_crash() {
    insta::assert_snapshot!(body(&page(&samples::crash())));
}

#[test]
fn content_of_a_record_is_escaped() {
    let page = page(&samples::hostile());
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert!(!page.contains("<img") && !page.contains("onerror=\""));
    assert!(page.contains("&lt;/script&gt;"));
}

#[test]
fn each_node_has_a_lane_and_a_row() {
    for (record, count) in [(samples::small(), 7), (samples::failing(), 60), (samples::expansion(), 4)] {
        let page = page(&record);
        assert_eq!(page.matches("<tbody ").count(), count);
        assert_eq!(page.matches("<li class=\"lane ").count(), count);
    }
}

#[test]
fn page_refers_to_no_other_file() {
    let page = page(&samples::small()).replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    for reference in [" src=", "<link", "@import", "url(", "http:", "https:"] {
        assert!(!page.contains(reference), "{reference}");
    }
}

#[test]
fn many_executions_are_one_shape() {
    let mut sample = samples::Sample::new("1", "wide", icosian_schema::graph::GraphDescription::default());
    for index in 0..3_000 {
        let timing = samples::Timing { ready: index, queue: 1, run: 40 };
        sample.node("page", &[format!("url[{index}]")], timing, |_| {});
    }
    let page = page(&sample.ended(4_000, icosian_schema::run::RunStatus::Succeeded));
    assert_eq!(page.matches("<path class=\"run\"").count(), 1);
    assert!(page.len() < 200_000, "{}", page.len());
}

#[test]
fn only_rust_files_below_the_root_are_shown() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let excerpt = |file: &str| {
        let mut location = samples::location();
        file.clone_into(&mut location.file);
        let mut sample = samples::Sample::new("1", "a", icosian_schema::graph::GraphDescription::default());
        sample.node("a", &[], samples::Timing { ready: 0, queue: 0, run: 1 }, |ended| {
            ended.outcome = icosian_schema::run::NodeStatus::Failed;
            ended.error = Some(ErrorSummary { location: Some(location), ..ErrorSummary::default() });
        });
        let text = sample.ended(2, icosian_schema::run::RunStatus::Failed);
        let file = RecordFile::parse("sample.jsonl", text.as_bytes());
        let report = RunReport::new(&file.runs[0]);
        RunPage::new(&report).with_sources(SourceFiles::below(&root.join("crates"))).to_string()
    };
    assert!(excerpt("icosian-runs/tests/it/fixtures/orders.rs").contains("pub async fn validate"));
    for file in [
        "icosian-runs/README.md",
        "../xtask/src/main.rs",
        "icosian-runs/../../xtask/src/main.rs",
        "missing.rs",
    ] {
        assert!(!excerpt(file).contains("class=\"source\""), "{file}");
    }
}
