//! Snapshots of the views of generated records.

use icosian_runs::text::{
    Charset, ItemDisplay, TextStyle, WaterfallOptions, render_list, render_run, render_waterfall,
};
use icosian_runs::{RecordFile, RunReport, json};
use insta::assert_snapshot;

use crate::samples;

fn file(text: &str) -> RecordFile {
    let file = RecordFile::parse("target/icosian/runs/sample.jsonl", text.as_bytes());
    assert_eq!(file.runs.len(), 1);
    file
}

/// Renders a run at 60, 100 and 160 columns.
fn at_widths(text: &str) -> String {
    let file = file(text);
    let report = RunReport::new(&file.runs[0]);
    let render = |width| {
        let style = TextStyle::default().with_width(width);
        format!("=== {width} columns\n{}", render_run(&report, &style))
    };
    [60, 100, 160].map(render).join("\n")
}

#[test]
fn run_of_seven_nodes() {
    assert_snapshot!(at_widths(&samples::small()));
}

#[test]
fn run_of_sixty_nodes_with_a_failure() {
    assert_snapshot!(at_widths(&samples::failing()));
}

#[test]
fn run_with_an_expansion() {
    assert_snapshot!(at_widths(&samples::expansion()));
}

#[test]
fn run_without_an_end() {
    assert_snapshot!(at_widths(&samples::crash()));
}

#[test]
fn lost_events_are_noted() {
    let text = samples::small().replace("\"lost_events\":0", "\"lost_events\":12");
    let file = file(&text);
    let shown = render_run(&RunReport::new(&file.runs[0]), &TextStyle::default().with_width(120));
    let note = "the recorder dropped 12 events, so nodes that ended can be missing or look unfinished";
    assert!(shown.contains(note), "{shown}");
}

#[test]
fn ascii_has_no_other_characters() {
    let file = file(&samples::small());
    let style = TextStyle::default().with_width(80).with_charset(Charset::Ascii);
    let text = render_run(&RunReport::new(&file.runs[0]), &style);
    assert!(text.is_ascii(), "{text}");
    assert_snapshot!(text);
}

#[test]
fn items_have_a_line_each() {
    let file = file(&samples::expansion());
    let report = RunReport::new(&file.runs[0]);
    let options = WaterfallOptions::default().with_items(ItemDisplay::Each);
    let text = render_waterfall(&report, &options, &TextStyle::default());
    assert_eq!(text.lines().filter(|line| line.contains("url[")).count(), 1_000);
    let lines: Vec<_> =
        text.lines().filter(|line| line.contains("url[50]") || line.contains("url[137]")).collect();
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn forty_rows_include_the_failure_and_the_critical_path() {
    let text = samples::layered("1000", 170, Some((80, 3)));
    let file = file(&text);
    let report = RunReport::new(&file.runs[0]);
    assert_eq!(report.rows.len(), 1_020);
    let shown = report.relevant_rows(40);
    assert_eq!(shown.len(), 40);
    assert!(shown.iter().any(|row| row.name == "enrich_81"));
    let text = render_waterfall(&report, &WaterfallOptions::default(), &TextStyle::default());
    assert!(text.contains("980 more nodes; `--all` shows them"), "{text}");
    let all = render_waterfall(&report, &WaterfallOptions::default().with_all_rows(), &TextStyle::default());
    assert!(!all.contains("more nodes"));
    assert_eq!(all.lines().count(), 1_022);
}

#[test]
fn list_of_runs() {
    let files = [samples::small(), samples::failing(), samples::expansion(), samples::crash()];
    let runs: Vec<_> =
        files.iter().flat_map(|text| RecordFile::parse("sample.jsonl", text.as_bytes()).runs).collect();
    let render = |width| render_list(&runs, &TextStyle::default().with_width(width));
    assert_snapshot!([60, 100, 160].map(render).join("\n"));
    assert_snapshot!("list_as_json", serde_json::to_string_pretty(&json::list(&runs)).unwrap());
}

#[test]
fn run_as_json() {
    let file = file(&samples::small());
    let report = json::report(&RunReport::new(&file.runs[0]), &file.faults);
    assert_snapshot!(serde_json::to_string_pretty(&report).unwrap());
}

#[test]
fn failure_as_json() {
    let file = file(&samples::failing());
    let report = json::report(&RunReport::new(&file.runs[0]), &file.faults);
    assert_eq!(report["nodes"].as_array().unwrap().len(), 60);
    assert_snapshot!(serde_json::to_string_pretty(&report["errors"]).unwrap());
}
