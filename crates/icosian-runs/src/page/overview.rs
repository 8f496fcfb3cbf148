use std::fmt::{self, Write};

use crate::page::markup::{Escaped, duration, outcome_mark};
use crate::recorded_run::{ExecutionStatus, RunOutcome};
use crate::run_report::RunReport;
use crate::text::{counts, lost_events};
use crate::timestamp::{format_rfc3339, format_utc};

/// The number of slowest nodes.
const SLOWEST: usize = 5;

/// Returns the title of the page: the outcome first, because titles of tabs are cut.
pub(super) fn title(report: &RunReport<'_>) -> String {
    let (mark, word) = (outcome_mark(report.outcome), report.outcome.word());
    let failed = report.failures.first().filter(|_| report.outcome == RunOutcome::Failed);
    let failed = failed.map(|it| format!(" in {}", it.label())).unwrap_or_default();
    format!("{mark} {}: {word}{failed}", run_name(report))
}

fn run_name<'a>(report: &RunReport<'a>) -> &'a str {
    let name = report.run.start.name.as_str();
    if name.is_empty() { &report.run.id } else { name }
}

pub(super) fn write_header(report: &RunReport<'_>, out: &mut impl Write) -> fmt::Result {
    let start = &report.run.start;
    let (mark, word) = (outcome_mark(report.outcome), report.outcome.word());
    write!(
        out,
        "<header><h1>{}</h1><p class=\"outcome {word}\"><span aria-hidden=\"true\">{mark}</span> {word}</p>\n<p class=\"identity\">",
        Escaped(run_name(report))
    )?;
    write!(out, "<span>run <code>{}</code></span>", Escaped(&report.run.id))?;
    if report.run.has_start {
        let (machine, shown) = (format_rfc3339(start.started_at), format_utc(start.started_at));
        write!(out, "<span>started <time datetime=\"{machine}\">{shown} UTC</time></span>")?;
    } else {
        out.write_str("<span>start unknown: the record has no start of this run</span>")?;
    }
    if !start.adapter.is_empty() {
        write!(out, "<span>adapter {}, process {}</span>", Escaped(&start.adapter), start.process_id)?;
    }
    out.write_str("</p></header>\n")?;
    if report.outcome == RunOutcome::Unfinished {
        out.write_str("<p class=\"notice\">The record has no end: the process ended first, or the run still runs. Times are lower limits.</p>\n")?;
    }
    if let Some(note) = lost_events(report) {
        writeln!(out, "<p class=\"notice\">{note}.</p>")?;
    }
    Ok(())
}

/// Writes the duration, the number of nodes, the critical path, the parallelism and the slowest nodes.
pub(super) fn write_facts(report: &RunReport<'_>, out: &mut impl Write) -> fmt::Result {
    out.write_str("<section class=\"facts\" aria-label=\"Summary\"><dl>\n")?;
    let prefix = if report.outcome == RunOutcome::Unfinished { "≥ " } else { "" };
    fact(out, "Duration", &format!("{prefix}{}", duration(report.duration)), "")?;
    let nodes = counts(report);
    let (count, note) = nodes.split_once(": ").or_else(|| nodes.split_once(' ')).unwrap_or((&nodes, ""));
    fact(out, "Nodes", count, note)?;
    let share = u128::from(report.critical_time()) * 100 / u128::from(report.duration.max(1));
    fact(
        out,
        "Critical path",
        &duration(report.critical_time()),
        &format!("{share} % of the duration, {} nodes", report.critical_path.len()),
    )?;
    let run_time = format!("run times add up to {}", duration(report.run_time));
    fact(out, "Parallelism", &format!("{:.1}", report.parallelism()), &run_time)?;
    let retried: Vec<_> = report.run.executions.iter().filter(|it| it.attempts > 1).collect();
    if !retried.is_empty() {
        let recovered = retried.iter().filter(|it| it.status == ExecutionStatus::Succeeded).count();
        fact(out, "Retried", &retried.len().to_string(), &format!("{recovered} of them succeeded"))?;
    }
    out.write_str("</dl>\n")?;
    write_slowest(report, out)?;
    out.write_str("</section>\n")
}

fn fact(out: &mut impl Write, name: &str, value: &str, note: &str) -> fmt::Result {
    write!(out, "<div><dt>{name}</dt><dd><strong>{value}</strong>")?;
    if !note.is_empty() {
        write!(out, " <small>{note}</small>")?;
    }
    out.write_str("</dd></div>\n")
}

fn write_slowest(report: &RunReport<'_>, out: &mut impl Write) -> fmt::Result {
    let slowest = report.slowest(SLOWEST);
    let Some(longest) = slowest.first().map(|row| row.run_time.max(1)) else { return Ok(()) };
    out.write_str("<div class=\"slowest\"><h2>Slowest nodes</h2><ol>\n")?;
    for row in slowest {
        let position = report.rows.iter().position(|it| it.name == row.name).unwrap_or_default();
        let share = u128::from(row.run_time) * 100 / u128::from(longest);
        let critical = if row.is_critical { " critical" } else { "" };
        let items =
            row.items.map(|items| format!(" <small>in {} items</small>", items.count)).unwrap_or_default();
        writeln!(
            out,
            "<li class=\"{}{critical}\"><a href=\"#n{position}\">{}</a> <span class=\"amount\">{}{items}</span>\
             <span class=\"share\" style=\"width:{share}%\"></span></li>",
            row.status.word(),
            Escaped(row.name),
            duration(row.run_time)
        )?;
    }
    out.write_str("</ol></div>\n")
}
