use icosian_schema::run::ValueSummary;
use unicode_width::UnicodeWidthStr;

use crate::recorded_run::{ExecutionStatus, RunOutcome};
use crate::run_report::RunReport;
use crate::text::TextStyle;
use crate::text::style::{BOLD, DIM, outcome_style};
use crate::timestamp::format_utc;

/// The width of the labels.
const LABEL: usize = 10;
/// The number of inputs and of outputs with a line.
const VALUES: usize = 8;

/// Renders the identifier, start, duration, outcome, adapter, outputs and inputs of a run.
#[must_use]
pub fn render_header(report: &RunReport<'_>, style: &TextStyle) -> String {
    let start = &report.run.start;
    let outcome = format!("{} {}", style.outcome_mark(report.outcome), report.outcome.word());
    let mut title = report.run.id.clone();
    if !start.name.is_empty() {
        title = format!("{title} {} {}", style.select("·", "-"), start.name);
    }
    let title = style.shorten(&title, style.width().saturating_sub(outcome.width() + 6));
    let mut lines = vec![format!(
        "{} {}  {}",
        style.paint(BOLD, "run"),
        style.paint(BOLD, &title),
        style.paint(outcome_style(report.outcome), &outcome)
    )];
    let mut line = |label: &str, value: &str| {
        let value = style.cut(value, style.width() - LABEL);
        lines.push(format!("{}{value}", style.paint(DIM, &format!("{label:<LABEL$}"))));
    };
    if report.run.has_start {
        line("start", &format!("{} UTC", format_utc(start.started_at)));
    } else {
        line("start", "unknown: the record has no start of this run");
    }
    let duration = style.duration(report.duration);
    match report.outcome {
        RunOutcome::Unfinished => {
            line("duration", &format!("at least {duration}: the process ended first, or the run still runs"));
        }
        _ => line("duration", &duration),
    }
    if !start.adapter.is_empty() {
        line("adapter", &format!("{}, process {}", start.adapter, start.process_id));
    }
    line("nodes", &counts(report));
    if let Some(note) = lost_events(report) {
        line("note", &note);
    }
    let outputs = report.outputs().into_iter().map(|(name, it)| (name, it.and_then(|it| it.output.as_ref())));
    let inputs = start.inputs.iter().map(|(name, value)| (name.as_str(), Some(value)));
    for (label, values) in [("outputs", list_values(outputs)), ("inputs", list_values(inputs))] {
        for (at, value) in values.iter().enumerate() {
            line(if at == 0 { label } else { "" }, value);
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Returns a line for each value, for the first values.
fn list_values<'a>(values: impl Iterator<Item = (&'a str, Option<&'a ValueSummary>)>) -> Vec<String> {
    let line = |(name, value): (&str, Option<&ValueSummary>)| match value {
        Some(value) => format!("{name}: {}", summarize(value)),
        None => name.to_owned(),
    };
    let mut lines: Vec<String> = values.map(line).collect();
    let more = lines.len().saturating_sub(VALUES);
    if more > 0 {
        lines.truncate(VALUES);
        lines.push(format!("and {more} more"));
    }
    lines
}

/// Returns the note about events that the recorder dropped.
pub(crate) fn lost_events(report: &RunReport<'_>) -> Option<String> {
    let lost = report.run.end.as_ref().map_or(0, |end| end.lost_events);
    let note = || {
        format!("the recorder dropped {lost} events, so nodes that ended can be missing or look unfinished")
    };
    (lost > 0).then(note)
}

/// Returns the number of nodes, by outcome if there are several.
pub(crate) fn counts(report: &RunReport<'_>) -> String {
    let counts = ExecutionStatus::ALL.map(|status| (report.count(status), status.word()));
    let present: Vec<_> = counts.into_iter().filter(|(count, _)| *count > 0).collect();
    match present.as_slice() {
        [] => "none ran".to_owned(),
        [(count, word)] => format!("{count} {word}"),
        several => {
            let parts: Vec<_> = several.iter().map(|(count, word)| format!("{count} {word}")).collect();
            format!("{}: {}", report.rows.len(), parts.join(", "))
        }
    }
}

/// Returns the type, length and value in one line.
pub(crate) fn summarize(value: &ValueSummary) -> String {
    let mut text = value.value_type.clone();
    if let Some(length) = value.length {
        text = format!("{text}, length {length}");
    }
    if let Some(value) = &value.value {
        text = format!("{text} = {value}");
    }
    text
}
