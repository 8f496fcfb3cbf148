use std::fmt::{self, Write};

use crate::node_row::NodeRow;
use crate::page::markup::{Escaped, duration, mark, percent};
use crate::recorded_run::{ExecutionStatus, NodeExecution};
use crate::run_report::RunReport;
use crate::text::{round_step, shorten_zeros};

/// The width of a lane in the units of its picture.
const UNITS: f64 = 10_000.0;
/// The smallest width of a bar, about two pixels.
const MIN_BAR: f64 = 20.0;
/// The largest number of tracks for executions that overlap.
const MAX_TRACKS: usize = 24;
/// The largest number of executions with a separate title. More executions of a node are drawn as one shape.
const MAX_TITLES: usize = 2_000;
/// The last position of a label on the axis, in percent. Later labels would be cut.
const LAST_TICK: f64 = 92.0;
/// The number of steps of the axis.
const STEPS: u64 = 8;

pub(super) fn write(report: &RunReport<'_>, out: &mut impl Write) -> fmt::Result {
    if report.rows.is_empty() {
        return Ok(());
    }
    let step = round_step(report.span / STEPS);
    write!(
        out,
        "<section id=\"timeline\" aria-labelledby=\"timeline-title\"><h2 id=\"timeline-title\">Timeline</h2>\n\
         <div class=\"toolbar needs-script\" role=\"group\" aria-label=\"Zoom\">\
         <button type=\"button\" id=\"zoom-in\">Zoom in <kbd>+</kbd></button> \
         <button type=\"button\" id=\"zoom-out\">Zoom out <kbd>-</kbd></button> \
         <button type=\"button\" id=\"zoom-fit\">Fit <kbd>0</kbd></button> \
         <label>Show <select id=\"lane-filter\"><option value=\"all\">all nodes</option><option value=\"critical\">critical path</option>\
         <option value=\"failed\">failed and unfinished</option></select></label></div>\n\
         <p class=\"legend\" aria-hidden=\"true\"><span><i class=\"key queue\"></i>queue</span><span><i class=\"key run\"></i>run</span>\
         <span><i class=\"key critical\"></i>critical path</span><span><i class=\"key failed\"></i>failed</span>\
         <span><i class=\"key unfinished\"></i>cancelled or unfinished</span></p>\n\
         <div class=\"scroll\" id=\"lanes\" tabindex=\"0\" role=\"region\" aria-label=\"Timeline, scrollable\">\n\
         <div class=\"lanes\" data-span=\"{}\" style=\"--step:{}%\">\n<div class=\"axis\" aria-hidden=\"true\"><span></span><div class=\"ticks\">",
        report.span,
        percent(step, report.span)
    )?;
    let mut time = 0_u64;
    while percent(time, report.span) < LAST_TICK {
        let label = shorten_zeros(&duration(time));
        write!(out, "<span style=\"left:{}%\">{label}</span>", percent(time, report.span))?;
        let Some(next) = time.checked_add(step) else { break };
        time = next;
    }
    out.write_str("</div></div>\n<ol>\n")?;
    for (at, row) in report.rows.iter().enumerate() {
        write_lane(at, row, report, out)?;
    }
    out.write_str("</ol></div></div></section>\n")
}

fn write_lane(at: usize, row: &NodeRow<'_>, report: &RunReport<'_>, out: &mut impl Write) -> fmt::Result {
    let span = report.span;
    let critical = if row.is_critical { " critical" } else { "" };
    let status = row.status.word();
    let time = if row.status == ExecutionStatus::Skipped {
        "skipped".to_owned()
    } else {
        duration(row.ended_at - row.started_at)
    };
    write!(
        out,
        "<li class=\"lane {status}{critical}\"><span class=\"who\"><a href=\"#n{at}\"><span class=\"mark\" aria-hidden=\"true\">{}</span>{}</a>\
         <span class=\"took\">{time}</span></span>",
        mark(row.status),
        Escaped(row.name),
    )?;
    let ran: Vec<_> =
        row.executions.iter().copied().filter(|it| it.status != ExecutionStatus::Skipped).collect();
    let tracks = assign_tracks(&ran);
    let count = tracks.iter().max().map_or(1, |last| last + 1);
    let height = if count == 1 { 16 } else { (count * 6).clamp(16, 120) };
    write!(
        out,
        "<svg class=\"bars\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {UNITS} {}\" preserveAspectRatio=\"none\" style=\"height:{height}px\">",
        describe(row),
        count * 10
    )?;
    if ran.len() <= MAX_TITLES {
        for (execution, track) in ran.iter().zip(&tracks) {
            let is_critical =
                row.is_critical && report.critical_path.iter().any(|it| std::ptr::eq(*it, *execution));
            let critical = if is_critical { " critical" } else { "" };
            write_bar(execution, critical, *track, span, out)?;
        }
    } else {
        write_shape(&ran, &tracks, span, out)?;
    }
    out.write_str("</svg></li>\n")
}

/// Returns the queue time, the run time and the outcome as an attribute.
fn describe(row: &NodeRow<'_>) -> String {
    let status = row.status.word();
    match (&row.items, row.status) {
        (Some(items), _) => {
            format!(
                "{} items, {} failed, median {}, longest {}",
                items.count,
                items.failed,
                duration(items.median),
                duration(items.max)
            )
        }
        (None, ExecutionStatus::Skipped) => status.to_owned(),
        (None, _) => format!(
            "{status}, began at {}, queue {}, run {}",
            duration(row.started_at),
            duration(row.queue_time),
            duration(row.run_time)
        ),
    }
}

/// Returns a track for each execution, so that executions of one track do not overlap as long as the tracks suffice.
fn assign_tracks(executions: &[&NodeExecution]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..executions.len()).collect();
    order.sort_by_key(|at| executions[*at].ready_at);
    let mut tracks = vec![0; executions.len()];
    let mut free_at: Vec<u64> = Vec::new();
    for at in order {
        let execution = executions[at];
        let free = free_at.iter().position(|time| *time <= execution.ready_at);
        let track = free.unwrap_or_else(|| {
            if free_at.len() < MAX_TRACKS {
                free_at.push(0);
                free_at.len() - 1
            } else {
                at % MAX_TRACKS
            }
        });
        free_at[track] = free_at[track].max(execution.ended_at);
        tracks[at] = track;
    }
    tracks
}

/// The positions of an execution in the units of a lane.
struct Extent {
    ready: f64,
    start: f64,
    width: f64,
}

impl Extent {
    fn new(execution: &NodeExecution, span: u64) -> Self {
        let at = |time| percent(time, span) * UNITS / 100.0;
        let start = at(execution.started_at).min(UNITS - MIN_BAR);
        let width = (at(execution.ended_at) - start).max(MIN_BAR);
        Self { ready: at(execution.ready_at).min(start), start, width }
    }
}

fn write_bar(
    execution: &NodeExecution,
    critical: &str,
    track: usize,
    span: u64,
    out: &mut impl Write,
) -> fmt::Result {
    let Extent { ready, start, width } = Extent::new(execution, span);
    let y = track * 10 + 1;
    write!(out, "<g class=\"{}{critical}\"><title>", execution.status.word())?;
    let label = execution.label();
    let (queue, run) = (duration(execution.queue_time), duration(execution.run_time));
    write!(out, "{}: {}, queue {queue}, run {run}</title>", Escaped(&label), execution.status.word())?;
    if start - ready >= 1.0 {
        write!(
            out,
            "<rect class=\"queue\" x=\"{ready:.0}\" y=\"{y}\" width=\"{:.0}\" height=\"8\"/>",
            start - ready
        )?;
    }
    write!(out, "<rect class=\"run\" x=\"{start:.0}\" y=\"{y}\" width=\"{width:.0}\" height=\"8\"/></g>")
}

/// Writes many executions as one shape for each outcome.
fn write_shape(
    executions: &[&NodeExecution],
    tracks: &[usize],
    span: u64,
    out: &mut impl Write,
) -> fmt::Result {
    for status in ExecutionStatus::ALL {
        let mut shape = String::new();
        for (execution, track) in executions.iter().zip(tracks).filter(|(it, _)| it.status == status) {
            let Extent { start, width, .. } = Extent::new(execution, span);
            write!(shape, "M{start:.0} {}h{width:.0}v8h-{width:.0}z", track * 10 + 1)?;
        }
        if !shape.is_empty() {
            write!(out, "<g class=\"{}\"><path class=\"run\" d=\"{shape}\"/></g>", status.word())?;
        }
    }
    Ok(())
}
