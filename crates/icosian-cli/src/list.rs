//! Lists the nodes and inputs of dataflows.

use std::io;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use icosian_core::decorator::BuiltIn;
use icosian_lint::{DescribedDataflow, escape_controls};
use icosian_schema::graph::{
    EdgeDescription, Execution, GraphDescription, NodeDescription, NodeKind, SourceLocation,
};
use serde_json::{Value, json};

use crate::Exit;
use crate::describing::{DescribeOptions, JSON_VERSION, write_errors};
use crate::screen::{ColourChoice, Screen};

/// The examples and exit statuses in the help.
pub(crate) const HELP: &str = "\
Examples:
  cargo icosian list                            all dataflows below this folder
  cargo icosian list shop --dataflow orders     one dataflow of the package `shop`
  cargo icosian list --inputs                   the values that callers have to pass
  cargo icosian list --format json

Exit status: 0 all dataflows were listed, 2 some dataflows could not be built.";

/// The options of `list`.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ListOptions {
    #[command(flatten)]
    describe: DescribeOptions,
    /// List only the inputs
    #[arg(long)]
    inputs: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: ListFormat,
    /// When to use colours
    #[arg(long, value_enum, default_value_t)]
    color: ColourChoice,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// Two lines for each node
    #[default]
    Text,
    /// One JSON object
    Json,
}

/// The parts of a dataflow to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListScope {
    NodesAndInputs,
    Inputs,
}

impl ListOptions {
    fn scope(&self) -> ListScope {
        if self.inputs { ListScope::Inputs } else { ListScope::NodesAndInputs }
    }

    pub(crate) fn colour(&self) -> ColourChoice {
        self.color
    }
}

pub(crate) fn run(
    options: &ListOptions,
    screen: &mut Screen<'_>,
    errors: &mut Screen<'_>,
) -> io::Result<Exit> {
    let found = match options.describe.describe() {
        Ok(found) => found,
        Err(error) => return errors.fail(&*error),
    };
    write_errors(&found.report, errors)?;
    match options.format {
        ListFormat::Text => {
            for (at, dataflow) in found.dataflows.iter().enumerate() {
                if at > 0 {
                    writeln!(screen.out())?;
                }
                write_dataflow(dataflow, options.scope(), screen)?;
            }
        }
        ListFormat::Json => {
            let dataflows: Vec<_> = found.dataflows.iter().map(|it| to_json(it, options.scope())).collect();
            let document = json!({ "version": JSON_VERSION, "dataflows": dataflows });
            writeln!(screen.out(), "{}", serde_json::to_string_pretty(&document)?)?;
        }
    }
    Ok(if found.report.is_complete() { Exit::Clean } else { Exit::Failed })
}

const HEADING: Style = Style::new().bold();
const TYPE: Style = AnsiColor::Cyan.on_default();
const DETAIL: Style = AnsiColor::Yellow.on_default();
const LOCATION: Style = Style::new().dimmed();

/// The parts of a line, each with its style.
struct Line(Vec<(Style, String)>);

impl Line {
    fn new(indent: usize) -> Self {
        Self(vec![(Style::new(), " ".repeat(indent))])
    }

    fn with(mut self, style: Style, text: impl Into<String>) -> Self {
        self.0.push((style, escape_controls(&text.into()).into_owned()));
        self
    }

    /// Writes the line, cut at the width of the terminal.
    fn write(self, screen: &mut Screen<'_>) -> io::Result<()> {
        let mut left = screen.width().unwrap_or(usize::MAX);
        let mut text = String::new();
        for (style, part) in self.0 {
            let length = part.chars().count();
            if length <= left {
                left -= length;
                text.push_str(&screen.paint(style, &part));
                continue;
            }
            let cut: String = part.chars().take(left.saturating_sub(1)).chain(['…']).collect();
            text.push_str(&screen.paint(style, &cut));
            break;
        }
        writeln!(screen.out(), "{}", text.trim_end())
    }
}

fn write_dataflow(dataflow: &DescribedDataflow, scope: ListScope, screen: &mut Screen<'_>) -> io::Result<()> {
    let graph = &dataflow.graph;
    let (inputs, nodes): (Vec<_>, Vec<_>) = graph.nodes.iter().partition(|node| is_input(node));
    let own_name = match dataflow.module.rsplit("::").next() {
        Some(last) if last == dataflow.name => String::new(),
        _ => format!(" ({})", dataflow.name),
    };
    Line::new(0)
        .with(HEADING, dataflow.module.as_str())
        .with(HEADING, own_name)
        .with(Style::new(), "  ")
        .with(LOCATION, place(&dataflow.root, &dataflow.location))
        .write(screen)?;
    let under: Vec<_> = dataflow.adapters.iter().map(|it| format!("`{it}`")).collect();
    let summary = format!(
        "{}, {}, under {}",
        count(nodes.len(), "node"),
        count(inputs.len(), "input"),
        under.join(" and ")
    );
    Line::new(0).with(LOCATION, summary).write(screen)?;
    if scope == ListScope::NodesAndInputs && !nodes.is_empty() {
        writeln!(screen.out())?;
        let places: Vec<_> = nodes
            .iter()
            .map(|node| node.location.as_ref().map_or_else(String::new, |it| place(&dataflow.root, it)))
            .collect();
        let width = places.iter().map(|it| it.chars().count()).max().unwrap_or(0);
        for (node, place) in nodes.iter().zip(&places) {
            write_node(node, screen)?;
            let documentation = first_sentence(&node.documentation);
            let padding = " ".repeat(width - place.chars().count() + 2);
            let line = Line::new(4).with(LOCATION, place.as_str()).with(Style::new(), padding);
            line.with(Style::new(), documentation).write(screen)?;
        }
    }
    if !inputs.is_empty() {
        writeln!(screen.out())?;
        Line::new(2).with(HEADING, "inputs").write(screen)?;
        let shown: Vec<_> = inputs.iter().map(|input| input_columns(input, graph)).collect();
        let width = shown.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0).min(40);
        for ((left, right), input) in shown.iter().zip(&inputs) {
            let padding = " ".repeat(width.saturating_sub(left.chars().count()) + 2);
            let written_type = left.strip_prefix(input.name.as_str()).unwrap_or_default();
            let line = Line::new(4).with(HEADING, input.name.as_str()).with(TYPE, written_type);
            line.with(Style::new(), padding).with(Style::new(), right.as_str()).write(screen)?;
        }
    }
    Ok(())
}

/// Writes the first line of a node: its name, type and properties.
fn write_node(node: &NodeDescription, screen: &mut Screen<'_>) -> io::Result<()> {
    let output = node.output.as_ref().map_or_else(String::new, |output| format!(": {output}"));
    let properties = properties(node);
    let line = Line::new(2).with(HEADING, node.name.as_str()).with(TYPE, output);
    let line = if properties.is_empty() { line } else { line.with(Style::new(), "  ") };
    line.with(DETAIL, properties.join(", ")).write(screen)
}

/// Returns the properties of a node, most important first: how it runs, its decorators, and its place in blocks and subdags.
fn properties(node: &NodeDescription) -> Vec<String> {
    let mut properties = Vec::new();
    match node.execution {
        Execution::Sync => {}
        Execution::Async => properties.push("async".to_owned()),
        Execution::Offloaded => properties.push("offloaded".to_owned()),
        Execution::Spawned => properties.push("spawned".to_owned()),
    }
    if let Some(expansion) = &node.expansion {
        properties.push(match expansion.concurrency {
            None => "expands".to_owned(),
            Some(limit) => format!("expands, {limit} items at a time"),
        });
    }
    if let Some(block) = node.blocks.last() {
        properties.push(format!("for each item of `{block}`"));
    }
    match (&node.function, node.kind) {
        (Some(function), _) => properties.push(format!("from `{function}`")),
        (None, NodeKind::Derived) => properties.push("derived".to_owned()),
        _ => {}
    }
    // The other properties show these decorators.
    let hidden = [BuiltIn::Offload, BuiltIn::Spawn, BuiltIn::Expand, BuiltIn::Tag].map(|it| it.spec().name());
    let shown = |decorator: &&String| !hidden.contains(&decorator.as_str());
    // The outermost decorator is the first in source.
    properties.extend(node.decorators.iter().rev().filter(shown).map(|it| format!("#[{it}]")));
    properties.extend(node.tags.iter().map(|(key, values)| format!("{key} = {}", values.join(", "))));
    properties
}

/// Returns an input's name with its type, and its readers.
fn input_columns(input: &NodeDescription, graph: &GraphDescription) -> (String, String) {
    let output = input.output.as_ref().map_or_else(String::new, |output| format!(": {output}"));
    let mut readers: Vec<&str> = Vec::new();
    for edge in readers_of(input, graph) {
        if !readers.contains(&edge.to.as_str()) {
            readers.push(&edge.to);
        }
    }
    let readers: Vec<_> = readers.iter().map(|reader| format!("`{reader}`")).collect();
    let mut text = Vec::new();
    match input.kind {
        NodeKind::Config => text.push("config".to_owned()),
        NodeKind::Shared => text.push("shared".to_owned()),
        _ => {}
    }
    if is_optional(input, graph) {
        text.push("optional".to_owned());
    }
    if !readers.is_empty() {
        text.push(format!("read by {}", readers.join(", ")));
    }
    (format!("{}{output}", input.name), text.join(", "))
}

fn readers_of<'a>(
    input: &'a NodeDescription,
    graph: &'a GraphDescription,
) -> impl Iterator<Item = &'a EdgeDescription> {
    graph.edges.iter().filter(|edge| edge.from == input.name)
}

/// Returns whether all readers of an input accept that it is missing.
fn is_optional(input: &NodeDescription, graph: &GraphDescription) -> bool {
    let mut readers = readers_of(input, graph).peekable();
    readers.peek().is_some() && readers.all(|edge| edge.is_optional)
}

fn is_input(node: &NodeDescription) -> bool {
    matches!(node.kind, NodeKind::Input | NodeKind::Config | NodeKind::Shared)
}

/// Returns `file:line:column`, which terminals open, relative to the current folder.
fn place(root: &Path, location: &SourceLocation) -> String {
    let file = root.join(&location.file);
    let here = std::env::current_dir().unwrap_or_default();
    let file = file.strip_prefix(&here).unwrap_or(&file).display().to_string();
    format!("{file}:{}:{}", location.line, location.column)
}

/// Returns the first sentence of a documentation, on one line.
fn first_sentence(documentation: &str) -> String {
    let paragraph = documentation.trim().split("\n\n").next().unwrap_or_default();
    let words: Vec<_> = paragraph.split_whitespace().collect();
    let is_end = |word: &&str| word.ends_with(['.', '!', '?']) && !matches!(*word, "e.g." | "i.e.");
    let end = words.iter().position(is_end).map_or(words.len(), |at| at + 1);
    words[..end].join(" ")
}

fn count(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn to_json(dataflow: &DescribedDataflow, scope: ListScope) -> Value {
    let graph = &dataflow.graph;
    let (inputs, nodes): (Vec<_>, Vec<_>) = graph.nodes.iter().partition(|node| is_input(node));
    let input = |input: &NodeDescription| {
        let readers: Vec<_> = readers_of(input, graph)
            .map(|edge| json!({ "node": edge.to, "parameter": edge.parameter, "type": edge.written_type, "optional": edge.is_optional }))
            .collect();
        json!({
            "name": input.name,
            "type": input.output,
            "kind": input.kind,
            "optional": is_optional(input, graph),
            "readers": readers,
        })
    };
    let inputs: Vec<_> = inputs.into_iter().map(input).collect();
    let mut object = json!({
        "name": dataflow.name,
        "module": dataflow.module,
        "location": dataflow.location,
        "adapters": dataflow.adapters,
        "inputs": inputs,
    });
    if scope == ListScope::NodesAndInputs {
        object["nodes"] = json!(nodes);
    }
    object
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn documentation_ends_with_its_first_sentence() {
        for (documentation, expected) in [
            ("Fetches the rates.\nFrom a server.", "Fetches the rates."),
            ("  The sum of\n all rows, e.g. of a table\n\nDetails.", "The sum of all rows, e.g. of a table"),
            ("Version 1.2 of the price. More.", "Version 1.2 of the price."),
            ("", ""),
        ] {
            assert_eq!(first_sentence(documentation), expected);
        }
    }
}
