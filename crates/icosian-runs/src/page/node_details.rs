use std::collections::HashMap;
use std::fmt::{self, Write};

use icosian_schema::graph::{Execution, NodeDescription, NodeKind};

use crate::node_row::NodeRow;
use crate::page::markup::{Escaped, duration};
use crate::page::values::write_value;
use crate::recorded_run::{ExecutionStatus, NodeExecution};
use crate::run_report::RunReport;

/// The number of items in the lists of failed and slow items.
const ITEMS: usize = 10;
/// The number of names in a list of neighbours.
const NAMES: usize = 30;

/// The producers and consumers of each node.
pub(super) struct Neighbours<'a> {
    reads: HashMap<&'a str, Vec<&'a str>>,
    readers: HashMap<&'a str, Vec<&'a str>>,
    /// The positions of the nodes with a row.
    rows: HashMap<&'a str, usize>,
}

impl<'a> Neighbours<'a> {
    pub(super) fn new(report: &RunReport<'a>) -> Self {
        let rows = report.rows.iter().enumerate().map(|(at, row)| (row.name, at)).collect();
        let mut neighbours = Self { reads: HashMap::new(), readers: HashMap::new(), rows };
        for edge in &report.run.start.graph.edges {
            neighbours.reads.entry(&edge.to).or_default().push(&edge.from);
            neighbours.readers.entry(&edge.from).or_default().push(&edge.to);
        }
        neighbours
    }

    /// Returns links to nodes. Inputs and nodes that did not run have no row.
    fn links(&self, names: Option<&Vec<&'a str>>) -> String {
        let names = names.map(Vec::as_slice).unwrap_or_default();
        let link = |name: &&str| match self.rows.get(name) {
            Some(at) => format!("<a href=\"#n{at}\">{}</a>", Escaped(name)),
            None => format!("<code>{}</code>", Escaped(name)),
        };
        let mut text = names.iter().take(NAMES).map(link).collect::<Vec<_>>().join(", ");
        if names.len() > NAMES {
            text = format!("{text} and {} more", names.len() - NAMES);
        }
        text
    }
}

/// Writes the properties of a node as a list. Each text is escaped here.
pub(super) fn write_details(
    row: &NodeRow<'_>,
    neighbours: &Neighbours<'_>,
    out: &mut impl Write,
) -> fmt::Result {
    out.write_str("<dl>")?;
    let execution = row.executions.first().filter(|_| row.items.is_none());
    if let Some(failed) = row.first_failure() {
        entry(out, "Error", &describe_error(failed))?;
    }
    if let Some(replaced) = row.executions.iter().find_map(|it| it.recovered_from.as_deref()) {
        entry(out, "Replaced error", &Escaped(replaced).to_string())?;
    }
    if let Some(items) = &row.items {
        let numbers = format!(
            "{} in total, {} failed, {} skipped; median {}, longest {}",
            items.count,
            items.failed,
            items.skipped,
            duration(items.median),
            duration(items.max)
        );
        entry(out, "Items", &numbers)?;
        write_items(row, out)?;
    }
    if let Some(output) = execution.and_then(|it| it.output.as_ref()) {
        let mut text = String::new();
        write_value(output, &mut text)?;
        entry(out, "Output", &text)?;
    }
    if let Some(description) = row.description {
        write_description(description, out)?;
    }
    for (title, names) in
        [("Reads", neighbours.reads.get(row.name)), ("Read by", neighbours.readers.get(row.name))]
    {
        if names.is_some() {
            entry(out, title, &neighbours.links(names))?;
        }
    }
    let times = format!(
        "ready at {}, began at {}, ended at {}",
        duration(row.ready_at),
        duration(row.started_at),
        duration(row.ended_at)
    );
    if row.status != ExecutionStatus::Skipped {
        entry(out, "Times", &times)?;
    }
    out.write_str("</dl>")
}

fn entry(out: &mut impl Write, title: &str, markup: &str) -> fmt::Result {
    write!(out, "<div><dt>{title}</dt><dd>{markup}</dd></div>")
}

fn describe_error(execution: &NodeExecution) -> String {
    let Some(error) = &execution.error else { return "failed without an error in the record".to_owned() };
    let mut text = format!("<strong>{}</strong>", Escaped(&error.message));
    for cause in &error.causes {
        text = format!("{text}<br>caused by: {}", Escaped(cause));
    }
    if let Some(code) = &error.code {
        text = format!("{text}<br>code <code>{}</code>", Escaped(code));
    }
    text
}

fn write_items(row: &NodeRow<'_>, out: &mut impl Write) -> fmt::Result {
    let failed: Vec<_> = row.executions.iter().filter(|it| it.status == ExecutionStatus::Failed).collect();
    if !failed.is_empty() {
        entry(out, "Failed items", &list_items(&failed))?;
    }
    let mut slowest: Vec<_> = row.executions.iter().filter(|it| it.run_time > 0).collect();
    slowest.sort_by_key(|it| std::cmp::Reverse(it.run_time));
    slowest.truncate(ITEMS);
    entry(out, "Slowest items", &list_items(&slowest))
}

fn list_items(executions: &[&&NodeExecution]) -> String {
    let name = |it: &&&NodeExecution| {
        let error =
            it.error.as_ref().map(|error| format!(": {}", Escaped(&error.message))).unwrap_or_default();
        format!("<code>{}</code> {}{error}", Escaped(&it.items.join(", ")), duration(it.run_time))
    };
    let mut text = executions.iter().take(ITEMS).map(name).collect::<Vec<_>>().join("<br>");
    if executions.len() > ITEMS {
        text = format!("{text}<br>and {} more", executions.len() - ITEMS);
    }
    text
}

fn write_description(node: &NodeDescription, out: &mut impl Write) -> fmt::Result {
    if !node.documentation.is_empty() {
        entry(
            out,
            "Documentation",
            &format!("<span class=\"docs\">{}</span>", Escaped(node.documentation.trim())),
        )?;
    }
    let mut kind = match (node.kind, node.execution) {
        (NodeKind::Derived, _) => "added by a decorator".to_owned(),
        (_, Execution::Sync) => "sync function".to_owned(),
        (_, Execution::Async) => "async function".to_owned(),
        (_, Execution::Offloaded) => "sync function on a thread for blocking work".to_owned(),
        (_, Execution::Spawned) => "async function in a separate task".to_owned(),
    };
    if let Some(dataflow) = &node.dataflow {
        kind = format!("{kind} of <code>{}</code>", Escaped(dataflow));
    }
    entry(out, "Kind", &kind)?;
    if let Some(location) = &node.location {
        let text = format!("{}:{}:{}", location.file, location.line, location.column);
        entry(out, "Location", &format!("<code>{}</code>", Escaped(&text)))?;
    }
    if !node.decorators.is_empty() {
        entry(out, "Decorators", &format!("<code>{}</code>", Escaped(&node.decorators.join(", "))))?;
    }
    if !node.tags.is_empty() {
        let tags: Vec<_> =
            node.tags.iter().map(|(key, values)| format!("{key}: {}", values.join(", "))).collect();
        entry(out, "Tags", &Escaped(&tags.join("; ")).to_string())?;
    }
    Ok(())
}
