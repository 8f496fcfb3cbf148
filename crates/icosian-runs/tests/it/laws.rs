//! Laws for all records.

use icosian_runs::page::RunPage;
use icosian_runs::text::{
    Charset, ItemDisplay, TextStyle, WaterfallOptions, render_header, render_list, render_summary,
    render_waterfall,
};
use icosian_runs::{RecordFile, RunReport};
use icosian_schema::graph::{EdgeDescription, GraphDescription, NodeDescription};
use icosian_schema::run::{
    NodeEnded, NodeStarted, NodeStatus, RunEnded, RunEvent, RunStarted, RunStatus, VERSION,
};
use proptest::prelude::*;

use unicode_width::UnicodeWidthStr;

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-f]", "[a-z_]{1,60}", "\\PC{0,12}", Just("数据处理节点的名字".to_owned())]
}

fn time() -> impl Strategy<Value = u64> {
    prop_oneof![0_u64..2_000_000, Just(0), any::<u64>()]
}

fn status() -> impl Strategy<Value = NodeStatus> {
    prop_oneof![
        Just(NodeStatus::Succeeded),
        Just(NodeStatus::Failed),
        Just(NodeStatus::Cancelled),
        Just(NodeStatus::Skipped)
    ]
}

fn event() -> impl Strategy<Value = RunEvent> {
    let items = prop_oneof![Just(Vec::new()), prop::collection::vec("[a-c]\\[[0-3]\\]", 1..3)];
    let numbers = (time(), time(), time(), prop_oneof![0_u64..4, any::<u64>()]);
    let kind = prop_oneof![3 => Just(0), 4 => Just(1), 1 => Just(2)];
    (kind, name(), items, numbers, status()).prop_map(
        |(kind, node, items, (at, queue_time, run_time, attempts), outcome)| {
            let run = "r".to_owned();
            match kind {
                0 => RunEvent::NodeStarted(NodeStarted { run, node, items, at, queue_time }),
                1 => RunEvent::NodeEnded(Box::new(NodeEnded {
                    run,
                    node,
                    items,
                    at,
                    queue_time,
                    run_time,
                    outcome,
                    attempts,
                    ..NodeEnded::default()
                })),
                _ => RunEvent::RunEnded(RunEnded {
                    run,
                    at,
                    outcome: RunStatus::Failed,
                    ..RunEnded::default()
                }),
            }
        },
    )
}

fn record() -> impl Strategy<Value = RecordFile> {
    let edges = prop::collection::vec(("[a-f]", "[a-f]"), 0..8);
    let nodes = prop::collection::vec(name(), 0..6);
    (name(), nodes, edges, prop::collection::vec(event(), 0..30)).prop_map(|(name, nodes, edges, events)| {
        let nodes = nodes.into_iter().map(NodeDescription::new).collect();
        let edges = edges.into_iter().map(|(from, to)| EdgeDescription::new(from, to)).collect();
        let start = RunStarted {
            version: VERSION,
            run: "r".to_owned(),
            outputs: vec![name.clone()],
            name,
            graph: GraphDescription { nodes, edges },
            ..RunStarted::default()
        };
        let events = std::iter::once(RunEvent::RunStarted(Box::new(start))).chain(events);
        let lines: Vec<_> = events
            .map(|event| serde_json::to_string(&event).expect("events contain only text and numbers"))
            .collect();
        RecordFile::parse("runs.jsonl", lines.join("\n").as_bytes())
    })
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_terminal(file in record(), width in 40_usize..200, ascii: bool, each: bool) {
        prop_assert_eq!(&file.faults, &[]);
        let charset = if ascii { Charset::Ascii } else { Charset::Unicode };
        let style = TextStyle::default().with_width(width).with_charset(charset);
        let items = if each { ItemDisplay::Each } else { ItemDisplay::Statistics };
        let report = RunReport::new(&file.runs[0]);
        let text = [
            render_header(&report, &style),
            render_waterfall(&report, &WaterfallOptions::default().with_items(items), &style),
            render_summary(&report, &style),
            render_list(&file.runs, &style),
        ];
        for line in text.iter().flat_map(|text| text.lines()) {
            prop_assert!(line.width() <= width, "{} > {width}: {line:?}", line.width());
        }
    }

    #[test]
    fn each_node_has_one_row(file in record()) {
        let report = RunReport::new(&file.runs[0]);
        let mut names: Vec<_> = report.rows.iter().map(|row| row.name).collect();
        names.sort_unstable();
        let mut expected: Vec<_> = file.runs[0].executions.iter().map(|it| it.node.as_str()).collect();
        expected.sort_unstable();
        expected.dedup();
        prop_assert_eq!(names, expected);
        let executions: usize = report.rows.iter().map(|row| row.executions.len()).sum();
        prop_assert_eq!(executions, file.runs[0].executions.len());
        let lines = render_waterfall(&report, &WaterfallOptions::default().with_all_rows(), &TextStyle::default());
        let with_items = report.rows.iter().filter(|row| row.items.is_some()).count();
        let expected = if report.rows.is_empty() { 0 } else { report.rows.len() + with_items + 2 };
        prop_assert_eq!(lines.lines().count(), expected);
    }

    #[test]
    fn bars_end_within_the_timeline(file in record()) {
        let report = RunReport::new(&file.runs[0]);
        for row in &report.rows {
            prop_assert!(row.ready_at <= row.started_at && row.ended_at <= report.span);
        }
    }

    #[test]
    fn pages_contain_each_node_once(file in record()) {
        let report = RunReport::new(&file.runs[0]);
        let page = RunPage::new(&report).to_string();
        prop_assert_eq!(page.matches("<tbody ").count(), report.rows.len());
        prop_assert_eq!(page.matches("<script").count(), 1);
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let file = RecordFile::parse("runs.jsonl", &bytes);
        prop_assert!(file.faults.len() <= bytes.split(|it| *it == b'\n').count());
    }
}
