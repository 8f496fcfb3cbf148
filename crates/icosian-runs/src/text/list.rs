use crate::recorded_run::{RecordedRun, RunOutcome};
use crate::text::TextStyle;
use crate::text::style::{BOLD, DIM, outcome_style};
use crate::text::table::{Alignment, TableColumn, arrange, join};
use crate::timestamp::format_utc;

const OUTCOME: usize = 4;

const COLUMNS: [TableColumn; 7] = [
    TableColumn { title: "run", alignment: Alignment::Left, min_width: 12, expendable: 0 },
    TableColumn { title: "start (UTC)", alignment: Alignment::Left, min_width: 19, expendable: 3 },
    TableColumn { title: "name", alignment: Alignment::Left, min_width: 8, expendable: 2 },
    TableColumn { title: "duration", alignment: Alignment::Right, min_width: 10, expendable: 1 },
    TableColumn { title: "outcome", alignment: Alignment::Left, min_width: 12, expendable: 0 },
    TableColumn { title: "nodes", alignment: Alignment::Right, min_width: 5, expendable: 4 },
    TableColumn { title: "failed node", alignment: Alignment::Left, min_width: 8, expendable: 1 },
];

/// Renders a table with a line for each run.
///
/// # Examples
/// ```
/// use icosian_runs::RecordFile;
/// use icosian_runs::text::{TextStyle, render_list};
///
/// let text = r#"{"event":"run_started","version":1,"run":"7f3a","name":"prices"}"#;
/// let file = RecordFile::parse("runs.jsonl", text.as_bytes());
/// let table = render_list(file.runs.iter(), &TextStyle::default());
/// assert!(table.lines().nth(1).unwrap().starts_with("7f3a  1970-01-01 00:00:00  prices"));
/// ```
#[must_use]
pub fn render_list<'a>(runs: impl IntoIterator<Item = &'a RecordedRun>, style: &TextStyle) -> String {
    let runs: Vec<_> = runs.into_iter().collect();
    let rows: Vec<Vec<String>> = runs.iter().map(|run| cells(run, style)).collect();
    let mut text = String::new();
    for (at, cells) in arrange(&COLUMNS, &rows, style).into_iter().enumerate() {
        let run = at.checked_sub(1).map(|at| runs[at]);
        let painted = cells.into_iter().map(|(column, cell)| match run {
            None => style.paint(BOLD, &cell),
            Some(run) if column == OUTCOME => style.paint(outcome_style(run.outcome()), &cell),
            Some(_) if column == 1 => style.paint(DIM, &cell),
            Some(_) => cell,
        });
        text.push_str(&join(painted));
        text.push('\n');
    }
    text
}

fn cells(run: &RecordedRun, style: &TextStyle) -> Vec<String> {
    let outcome = run.outcome();
    let started = if run.has_start { format_utc(run.start.started_at) } else { "unknown".to_owned() };
    let at_least = if outcome == RunOutcome::Unfinished { style.select("≥ ", "> ") } else { "" };
    let failed = run.failures();
    let failed = match failed.as_slice() {
        [] => String::new(),
        [failed] => failed.label(),
        [first, others @ ..] => format!("{} (+{})", first.label(), others.len()),
    };
    vec![
        run.id.clone(),
        started,
        run.start.name.clone(),
        format!("{at_least}{}", style.duration(run.duration())),
        format!("{} {}", style.outcome_mark(outcome), outcome.word()),
        node_count(run).to_string(),
        failed,
    ]
}

/// Returns the number of nodes with an event.
pub(crate) fn node_count(run: &RecordedRun) -> usize {
    let nodes: std::collections::HashSet<_> = run.executions.iter().map(|it| it.node.as_str()).collect();
    nodes.len()
}
