//! Records that a crash, another version or another program damaged.

use std::fs;
use std::path::PathBuf;

use icosian_runs::text::{TextStyle, render_list, render_run};
use icosian_runs::{ExecutionStatus, RecordFile, RunFolder, RunLookupError, RunOutcome, RunReport};

use crate::samples;

fn parse(text: impl AsRef<[u8]>) -> RecordFile {
    RecordFile::parse("runs.jsonl", text.as_ref())
}

fn folder(runs: &[(&str, &str)]) -> RunFolder {
    let mut folder = RunFolder::default();
    for (name, text) in runs {
        folder.add(RecordFile::parse(*name, text.as_bytes()));
    }
    folder
}

fn start(id: &str, started_at: u64) -> String {
    format!("{{\"event\":\"run_started\",\"version\":1,\"run\":\"{id}\",\"started_at\":{started_at}}}\n")
}

#[test]
fn crash_keeps_all_complete_lines() {
    let file = parse(samples::crash());
    let run = &file.runs[0];
    assert_eq!((run.outcome(), run.duration()), (RunOutcome::Unfinished, 3_000));
    assert_eq!(run.executions[1].status, ExecutionStatus::Unfinished);
    assert_eq!(file.faults.len(), 1);
    assert_eq!(file.faults[0].to_string(), "runs.jsonl:5: the last line is incomplete");
}

#[test]
fn corrupt_lines_do_not_hide_other_lines() {
    let sound = samples::small();
    let lines: Vec<_> = sound.lines().collect();
    let mut text = lines[..4].join("\n").into_bytes();
    text.extend(b"\nno json\n\xff\xfe\n\n{\"event\":\"node_paused\",\"run\":\"01k9-3f7a\"}\n[1]\r\n");
    text.extend(lines[4..].join("\r\n").bytes());
    text.push(b'\n');
    let file = parse(text);
    assert_eq!(file.runs, parse(&sound).runs);
    let faults: Vec<_> = file.faults.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(faults.join("\n"));
}

#[test]
fn other_versions_are_errors() {
    let text = "{\"event\":\"run_started\",\"version\":2,\"run\":\"new\",\"graph\":\"compressed\"}\n";
    let folder = folder(&[("a.jsonl", text), ("b.jsonl", &start("old", 5))]);
    let error = folder.find("new").unwrap_err();
    assert!(matches!(error, RunLookupError::Version { version: 2, expected: 1, .. }), "{error}");
    assert_eq!(error.to_string(), "run `new` in `a.jsonl` has version 2 of the format");
    assert!(folder.find("old").is_ok());
    assert!(folder.faults.is_empty());
}

#[test]
fn run_without_its_start_is_kept() {
    let sound = samples::small();
    let (_, tail) = sound.split_once('\n').unwrap();
    let file = parse(tail);
    let run = &file.runs[0];
    assert_eq!((run.id.as_str(), run.executions.len(), run.has_start), ("01k9-3f7a", 7, false));
    assert!(run.check_version().is_ok());
    assert!(
        render_run(&RunReport::new(run), &TextStyle::default())
            .contains("the record has no start of this run")
    );
    assert!(render_list(&file.runs, &TextStyle::default()).contains("unknown"));
}

#[test]
fn runs_are_found_by_prefix() {
    let folder = folder(&[
        ("a.jsonl", &start("7f3a", 1)),
        ("b.jsonl", &start("7f3b", 3)),
        ("c.jsonl", &start("9c", 2)),
    ]);
    assert_eq!(folder.find("9").unwrap().id, "9c");
    assert_eq!(folder.find("latest").unwrap().id, "7f3b");
    assert_eq!(folder.find("7f3a").unwrap().id, "7f3a");
    let error = folder.find("7f").unwrap_err();
    assert_eq!(error.to_string(), "`7f` matches 2 runs: `7f3b in b.jsonl`, `7f3a in a.jsonl`");
    let error = folder.find("7f3c").unwrap_err();
    assert!(matches!(error, RunLookupError::UnknownRun { meant: Some(_), .. }), "{error:?}");
    assert!(matches!(folder.find(""), Err(RunLookupError::UnknownRun { meant: None, .. })));
    assert!(matches!(RunFolder::default().find("latest"), Err(RunLookupError::NoRuns { .. })));
}

#[test]
fn exact_identifier_wins_over_longer_ones() {
    let folder = folder(&[("a.jsonl", &start("7", 1)), ("b.jsonl", &start("7f", 2))]);
    assert_eq!(folder.find("7").unwrap().id, "7");
}

#[test]
fn repeated_identifiers_are_separate_runs() {
    let end = "{\"event\":\"run_ended\",\"run\":\"7\",\"at\":4,\"outcome\":\"failed\"}\n";
    let twice = format!("{}{end}{}", start("7", 1), start("7", 9));
    let folder = folder(&[("a.jsonl", &twice)]);
    let outcomes: Vec<_> = folder.runs.iter().map(icosian_runs::RecordedRun::outcome).collect();
    assert_eq!(outcomes, [RunOutcome::Unfinished, RunOutcome::Failed]);
    assert!(matches!(folder.find("7"), Err(RunLookupError::AmbiguousRun { .. })));
}

#[test]
fn interleaved_runs_are_separated() {
    let (left, right) = (samples::small(), samples::failing());
    let mut mixed = String::new();
    let (mut left, mut right) = (left.lines(), right.lines());
    loop {
        let pair = [left.next(), right.next()];
        if pair == [None, None] {
            break;
        }
        pair.into_iter().flatten().for_each(|line| mixed.extend([line, "\n"]));
    }
    let file = parse(mixed);
    let alone = [parse(samples::small()).runs, parse(samples::failing()).runs].concat();
    assert_eq!(file.runs, alone);
}

#[test]
fn odd_clocks_do_not_panic() {
    let text = format!(
        "{}{}\n{}\n{}\n{}\n",
        start("1", u64::MAX),
        r#"{"event":"node_started","run":"1","node":"a","at":18446744073709551615,"queue_time":18446744073709551615}"#,
        r#"{"event":"node_ended","run":"1","node":"a","at":3,"queue_time":9,"run_time":18446744073709551615,"outcome":"succeeded"}"#,
        r#"{"event":"node_ended","run":"1","node":"b","at":3,"queue_time":90,"run_time":18446744073709551615,"outcome":"failed"}"#,
        r#"{"event":"run_ended","run":"1","at":1,"outcome":"failed"}"#,
    );
    let file = parse(text);
    assert_eq!(file.faults, []);
    for execution in &file.runs[0].executions {
        assert!(execution.ready_at <= execution.started_at && execution.started_at <= execution.ended_at);
    }
    let text = render_run(&RunReport::new(&file.runs[0]), &TextStyle::default().with_width(60));
    assert!(text.contains("9999-12-31 23:59:59 UTC"), "{text}");
}

#[test]
fn run_without_nodes_has_a_header() {
    let text = render_run(&RunReport::new(&parse(start("7", 0)).runs[0]), &TextStyle::default());
    insta::assert_snapshot!(text);
}

#[test]
fn names_cannot_control_the_terminal() {
    let text = format!(
        "{}{}\n",
        start("\\u001b[2J7", 0),
        r#"{"event":"node_ended","run":"\u001b[2J7","node":"a\nb\u202e","at":3,"run_time":3,"outcome":"failed","error":{"message":"\u001b]0;x\u0007"}}"#
    );
    let file = parse(text);
    let report = RunReport::new(&file.runs[0]);
    let text = render_run(&report, &TextStyle::default()) + &render_list(&file.runs, &TextStyle::default());
    assert!(!text.contains(|it: char| it.is_control() && it != '\n' || it == '\u{202e}'), "{text:?}");
}

#[test]
fn folders_are_read_and_sorted() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("folders_are_read_and_sorted");
    fs::create_dir_all(folder.join("below.jsonl")).unwrap();
    for (name, text) in
        [("a.jsonl", start("old", 1)), ("b.jsonl", start("new", 2)), ("c.txt", "no record".to_owned())]
    {
        fs::write(folder.join(name), text).unwrap();
    }
    let read = RunFolder::read(&folder).unwrap();
    assert_eq!(read.runs.iter().map(|run| run.id.as_str()).collect::<Vec<_>>(), ["new", "old"]);
    assert_eq!(RunFolder::read(&folder.join("a.jsonl")).unwrap().runs.len(), 1);
    assert!(matches!(RunFolder::read(&folder.join("missing")), Err(RunLookupError::Unreadable { .. })));
}
