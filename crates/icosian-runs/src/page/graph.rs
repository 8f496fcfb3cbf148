use std::fmt::{self, Write};

use icosian_draw::{GraphPicture, RunOverlay};
use icosian_schema::run::{NodeEnded, NodeStarted, NodeStatus, RunEnded, RunEvent};

use crate::recorded_run::{ExecutionStatus, NodeExecution};
use crate::run_report::RunReport;

/// The largest number of nodes in a picture. Larger pictures are slow to draw and hard to read.
const MAX_NODES: usize = 300;
/// The largest time of an execution in a picture, which adds the times of items.
const MAX_TIME: u64 = u64::MAX >> 24;

/// Returns whether the page has this section.
pub(super) fn exists(report: &RunReport<'_>) -> bool {
    !report.run.start.graph.nodes.is_empty()
}

/// Writes the graph with the outcomes and times of the nodes.
pub(super) fn write(report: &RunReport<'_>, out: &mut impl Write) -> fmt::Result {
    if !exists(report) {
        return Ok(());
    }
    let graph = &report.run.start.graph;
    out.write_str(
        "<section id=\"graph\" aria-labelledby=\"graph-title\"><h2 id=\"graph-title\">Graph</h2>\n",
    )?;
    if graph.nodes.len() > MAX_NODES {
        let count = graph.nodes.len();
        writeln!(
            out,
            "<p>The graph has {count} nodes, too many for a picture. The table lists the producers of each node.</p></section>"
        )
    } else {
        let overlay = RunOverlay::of_run(&report.run.id, &events(report));
        let picture = GraphPicture::new(graph.clone()).with_run(overlay).to_svg();
        out.write_str(
            "<div class=\"picture\" tabindex=\"0\" role=\"region\" aria-label=\"Graph, scrollable\">\n",
        )?;
        writeln!(out, "{picture}</div></section>")
    }
}

/// Returns the events from which the report was computed, for the picture.
fn events(report: &RunReport<'_>) -> Vec<RunEvent> {
    let run = &report.run.id;
    let executions = report.run.executions.iter().map(|it| event(run, it));
    let end =
        report.run.end.iter().map(|end| RunEvent::RunEnded(RunEnded { run: run.clone(), ..end.clone() }));
    executions.chain(end).collect()
}

fn event(run: &str, execution: &NodeExecution) -> RunEvent {
    let (run, node, items) = (run.to_owned(), execution.node.clone(), execution.items.clone());
    let outcome = match execution.status {
        ExecutionStatus::Succeeded => NodeStatus::Succeeded,
        ExecutionStatus::Failed => NodeStatus::Failed,
        ExecutionStatus::Cancelled => NodeStatus::Cancelled,
        ExecutionStatus::Skipped => NodeStatus::Skipped,
        ExecutionStatus::Unfinished => {
            return RunEvent::NodeStarted(NodeStarted { run, node, items, ..NodeStarted::default() });
        }
    };
    RunEvent::NodeEnded(Box::new(NodeEnded {
        run,
        node,
        items,
        queue_time: execution.queue_time.min(MAX_TIME),
        run_time: execution.run_time.min(MAX_TIME),
        outcome,
        attempts: execution.attempts,
        error: execution.error.clone(),
        ..NodeEnded::default()
    }))
}
