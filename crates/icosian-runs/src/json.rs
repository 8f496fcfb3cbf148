//! Runs as JSON, for programs.
//!
//! Durations and times within a run are microseconds. Fields may be added; a program ignores fields that it does not know.

use icosian_schema::run::{ErrorSummary, ValueSummary};
use serde_json::{Value, json};

use crate::node_row::NodeRow;
use crate::record_file::LineFault;
use crate::recorded_run::{ExecutionStatus, NodeExecution, RecordedRun};
use crate::run_report::RunReport;
use crate::text::node_count;
use crate::timestamp::format_rfc3339;

/// Returns a list of runs with their main properties.
///
/// # Examples
/// ```
/// use icosian_runs::{RecordFile, json};
///
/// let text = r#"{"event":"run_started","version":1,"run":"7f3a","name":"prices"}"#;
/// let file = RecordFile::parse("runs.jsonl", text.as_bytes());
/// assert_eq!(json::list(&file.runs)[0]["outcome"], "unfinished");
/// ```
#[must_use]
pub fn list<'a>(runs: impl IntoIterator<Item = &'a RecordedRun>) -> Value {
    runs.into_iter().map(summarize).collect()
}

fn summarize(run: &RecordedRun) -> Value {
    json!({
        "run": run.id,
        "name": run.start.name,
        "started_at": run.has_start.then(|| format_rfc3339(run.start.started_at)),
        "duration": run.duration(),
        "outcome": run.outcome().word(),
        "adapter": run.start.adapter,
        "nodes": node_count(run),
        "failed_node": run.failures().first().map(|it| it.label()),
        "file": run.path,
    })
}

/// Returns a run with its nodes, errors, critical path and values. `faults` are the unreadable lines of its file.
#[must_use]
pub fn report(report: &RunReport<'_>, faults: &[LineFault]) -> Value {
    let run = report.run;
    let outputs = report.outputs().into_iter().map(|(name, output)| {
        let summary = output.and_then(|it| it.output.as_ref()).map(value);
        (name.to_owned(), summary.unwrap_or_default())
    });
    let mut object = summarize(run);
    let more = json!({
        "version": run.start.version,
        "process_id": run.start.process_id,
        "outputs": outputs.collect::<serde_json::Map<_, _>>(),
        "inputs": run.start.inputs.iter().map(|(name, it)| (name.clone(), value(it))).collect::<serde_json::Map<_, _>>(),
        "nodes": report.rows.iter().map(node).collect::<Value>(),
        "errors": report.failures.iter().map(|it| failure(it)).collect::<Value>(),
        "critical_path": report.critical_path.iter().map(|it| it.label()).collect::<Value>(),
        "critical_time": report.critical_time(),
        "run_time": report.run_time,
        "parallelism": (report.parallelism() * 100.0).round() / 100.0,
        "unreadable_lines": faults.iter().map(|it| json!({ "line": it.line, "message": it.message })).collect::<Value>(),
    });
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

fn node(row: &NodeRow<'_>) -> Value {
    let mut object = json!({
        "node": row.name,
        "outcome": row.status.word(),
        "ready_at": row.ready_at,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "queue_time": row.queue_time,
        "run_time": row.run_time,
        "attempts": row.attempts,
        "is_critical": row.is_critical,
    });
    if let Some(items) = &row.items {
        object["items"] = json!({
            "count": items.count,
            "failed": items.failed,
            "skipped": items.skipped,
            "total": items.total,
            "median": items.median,
            "max": items.max,
            "executions": row.executions.iter().map(|it| execution(it)).collect::<Value>(),
        });
    } else {
        let execution = row.executions.first();
        object["recovered_from"] = json!(execution.and_then(|it| it.recovered_from.as_deref()));
        object["output"] = execution.and_then(|it| it.output.as_ref()).map(value).unwrap_or_default();
    }
    object
}

fn execution(execution: &NodeExecution) -> Value {
    json!({
        "items": execution.items,
        "outcome": execution.status.word(),
        "started_at": execution.started_at,
        "queue_time": execution.queue_time,
        "run_time": execution.run_time,
        "attempts": execution.attempts,
    })
}

fn failure(execution: &NodeExecution) -> Value {
    debug_assert_eq!(execution.status, ExecutionStatus::Failed);
    let ErrorSummary { message, code, causes, help, location } = execution.error.clone().unwrap_or_default();
    let location = location.map(|it| json!({ "file": it.file, "line": it.line, "column": it.column }));
    json!({
        "node": execution.node,
        "items": execution.items,
        "message": message,
        "code": code,
        "causes": causes,
        "help": help,
        "location": location,
    })
}

fn value(value: &ValueSummary) -> Value {
    json!({ "type": value.value_type, "length": value.length, "value": value.value })
}
