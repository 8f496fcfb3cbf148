//! Compares the graphs of two git revisions.

mod checkout;
mod git;

use std::io;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use icosian_draw::{ChangeKind, GraphDiff, GraphPart, diff as compare};
use icosian_lint::{DescribedDataflow, Descriptions};
use icosian_schema::graph::GraphDescription;
use serde_json::{Value, json};

use crate::Exit;
use crate::describing::{CommandError, DescribeOptions, JSON_VERSION, ambiguous, write_errors};
use crate::graph::{GraphFormat, write};
use crate::screen::{ColourChoice, Screen};
use checkout::Checkouts;
use git::{Repository, RevisionRange, Version};

/// The examples and exit statuses in the help.
pub(crate) const HELP: &str = "\
Examples:
  cargo icosian diff HEAD                     the last commit and the files on disk
  cargo icosian diff main..HEAD shop          the package `shop` of two revisions
  cargo icosian diff main...HEAD              since HEAD left `main`
  cargo icosian diff v1.0..v1.1 --dataflow orders -o orders.svg

Revisions are written to a temporary folder; your files and the index of git do not change.
Documentation and locations are not compared. Without differences, no picture is written.

Exit status: 0 no differences, 1 differences, 2 an error, such as a revision that does not compile.";

/// The options of `diff`.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct DiffOptions {
    /// `OLD..NEW`, or `OLD` to compare with the files on disk
    #[arg(value_name = "REV..REV")]
    revisions: String,
    #[command(flatten)]
    describe: DescribeOptions,
    /// Output format [default: the format of the file's extension, or else `text`]
    #[arg(long, value_enum)]
    format: Option<DiffFormat>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_enum, default_value_t)]
    color: ColourChoice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// A line for each change
    Text,
    /// One JSON object
    Json,
    /// A picture of both versions, in which changes are marked
    Svg,
    /// A page with the picture
    Html,
    /// A Mermaid flowchart
    Mermaid,
    /// The language of Graphviz
    Dot,
}

impl From<GraphFormat> for DiffFormat {
    fn from(format: GraphFormat) -> Self {
        match format {
            GraphFormat::Svg => Self::Svg,
            GraphFormat::Dot => Self::Dot,
            GraphFormat::Mermaid => Self::Mermaid,
            GraphFormat::Html => Self::Html,
            GraphFormat::Json => Self::Json,
        }
    }
}

impl DiffOptions {
    pub(crate) fn colour(&self) -> ColourChoice {
        self.color
    }

    fn format(&self) -> Result<DiffFormat, CommandError> {
        match (self.format, &self.output) {
            (Some(format), _) => Ok(format),
            (None, Some(file)) => GraphFormat::of(file).map(DiffFormat::from),
            (None, None) => Ok(DiffFormat::Text),
        }
    }
}

/// A dataflow that differs between the versions.
struct ChangedDataflow {
    module: String,
    kind: ChangeKind,
    diff: GraphDiff,
    /// The new version, or else the old one.
    described: DescribedDataflow,
}

pub(crate) fn run(
    options: &DiffOptions,
    screen: &mut Screen<'_>,
    errors: &mut Screen<'_>,
) -> io::Result<Exit> {
    let range = match prepare(options) {
        Ok(range) => range,
        Err(error) => return errors.fail(&*error),
    };
    let (format, repository, range) = range;
    let mut descriptions = Vec::new();
    let checkouts = match Checkouts::new(&repository) {
        Ok(checkouts) => checkouts,
        Err(error) => return errors.fail(&*error),
    };
    for version in [&range.old, &range.new] {
        let described = match describe(options, version, &repository, &checkouts) {
            Ok(described) => described,
            Err(error) => return errors.fail(&*error),
        };
        if !described.report.is_complete() {
            write_errors(&described.report, errors)?;
            writeln!(errors.out(), "error: {} cannot be described", version.label())?;
            return Ok(Exit::Failed);
        }
        descriptions.push(described);
    }
    drop(checkouts);
    let (Some(new), Some(old)) = (descriptions.pop(), descriptions.pop()) else { return Ok(Exit::Failed) };
    let changed = changes(old, new);
    let exit = if changed.is_empty() { Exit::Clean } else { Exit::Found };
    if changed.is_empty() && format != DiffFormat::Json {
        writeln!(errors.out(), "no differences")?;
    }
    let text = match format {
        DiffFormat::Text if options.output.is_none() => {
            write_text(&changed, screen)?;
            return Ok(exit);
        }
        DiffFormat::Text => text(&changed),
        DiffFormat::Json => to_json(&changed, &range)?,
        // A picture of nothing is not a valid file of its format.
        _ if changed.is_empty() => return Ok(exit),
        picture => match draw(picture, &changed) {
            Ok(text) => text,
            Err(error) => return errors.fail(&*error),
        },
    };
    match write(&text, options.output.as_deref(), screen)? {
        Ok(()) => Ok(exit),
        Err(error) => errors.fail(&*error),
    }
}

fn prepare(options: &DiffOptions) -> Result<(DiffFormat, Repository, RevisionRange), CommandError> {
    let format = options.format()?;
    let repository = Repository::find()?;
    let range = repository.resolve(&options.revisions)?;
    Ok((format, repository, range))
}

/// Describes the dataflows of one version. A folder that does not exist in a revision has none.
fn describe(
    options: &DiffOptions,
    version: &Version,
    repository: &Repository,
    checkouts: &Checkouts,
) -> Result<Descriptions, CommandError> {
    let Version::Commit { id, .. } = version else {
        return options.describe.describe_in(Path::new("."), None);
    };
    let describe = options.describe.within(repository.root(), repository.prefix())?;
    let folder = checkouts.check_out(id)?.join(repository.prefix());
    if !folder.exists() || describe.is_missing_in(&folder) {
        return Ok(Descriptions::default());
    }
    describe.describe_in(&folder, checkouts.target())
}

/// Compares the dataflows by the paths of their modules.
fn changes(old: Descriptions, new: Descriptions) -> Vec<ChangedDataflow> {
    let empty = GraphDescription::default();
    let mut changed = Vec::new();
    let (mut old, new) = (undocumented(old), undocumented(new));
    for described in new {
        let earlier = old.iter().position(|it| it.module == described.module).map(|at| old.remove(at));
        let kind = if earlier.is_some() { ChangeKind::Changed } else { ChangeKind::Added };
        let before = earlier.as_ref().map_or(&empty, |it| &it.graph);
        let diff = compare(before, &described.graph);
        if kind == ChangeKind::Added || !diff.is_empty() {
            changed.push(ChangedDataflow { module: described.module.clone(), kind, diff, described });
        }
    }
    changed.extend(old.into_iter().map(|described| ChangedDataflow {
        module: described.module.clone(),
        kind: ChangeKind::Removed,
        diff: compare(&described.graph, &empty),
        described,
    }));
    changed.sort_by(|left, right| left.module.cmp(&right.module));
    changed
}

/// Returns the dataflows without their documentation.
fn undocumented(descriptions: Descriptions) -> Vec<DescribedDataflow> {
    let mut dataflows = descriptions.dataflows;
    for node in dataflows.iter_mut().flat_map(|it| &mut it.graph.nodes) {
        node.documentation.clear();
    }
    dataflows
}

fn style(kind: ChangeKind) -> Style {
    match kind {
        ChangeKind::Added => AnsiColor::Green.on_default(),
        ChangeKind::Removed => AnsiColor::Red.on_default(),
        ChangeKind::Changed => AnsiColor::Yellow.on_default(),
    }
}

fn write_text(changed: &[ChangedDataflow], screen: &mut Screen<'_>) -> io::Result<()> {
    for (at, dataflow) in changed.iter().enumerate() {
        if at > 0 {
            writeln!(screen.out())?;
        }
        let heading = screen.paint(Style::new().bold(), &heading(dataflow));
        writeln!(screen.out(), "{heading}")?;
        for change in dataflow.diff.changes() {
            let line = screen.paint(style(change.kind()), &change.to_string());
            writeln!(screen.out(), "  {line}")?;
        }
    }
    Ok(())
}

fn heading(dataflow: &ChangedDataflow) -> String {
    let kind = match dataflow.kind {
        ChangeKind::Added => " (added)",
        ChangeKind::Removed => " (removed)",
        ChangeKind::Changed => "",
    };
    format!("{}{kind}", dataflow.module)
}

fn text(changed: &[ChangedDataflow]) -> String {
    let mut text = String::new();
    for dataflow in changed {
        text.extend([heading(dataflow).as_str(), "\n"]);
        for change in dataflow.diff.changes() {
            text.extend(["  ", change.to_string().as_str(), "\n"]);
        }
    }
    text
}

fn draw(format: DiffFormat, changed: &[ChangedDataflow]) -> Result<String, CommandError> {
    let [dataflow] = changed else {
        let described: Vec<_> = changed.iter().map(|it| it.described.clone()).collect();
        return Err(ambiguous("a picture shows one dataflow, and several differ", &described));
    };
    let picture = dataflow.diff.draw().with_title(heading(dataflow));
    Ok(match format {
        DiffFormat::Svg => picture.to_svg(),
        DiffFormat::Html => picture.to_html(),
        DiffFormat::Dot => picture.to_dot(),
        DiffFormat::Mermaid => picture.to_mermaid(),
        DiffFormat::Text | DiffFormat::Json => String::new(),
    })
}

fn to_json(changed: &[ChangedDataflow], range: &RevisionRange) -> io::Result<String> {
    let word = |kind: ChangeKind| match kind {
        ChangeKind::Added => "added",
        ChangeKind::Removed => "removed",
        ChangeKind::Changed => "changed",
    };
    let change = |change: &icosian_draw::GraphChange| {
        let fields: Vec<Value> = change
            .fields()
            .iter()
            .map(|it| json!({ "field": it.field, "old": it.old, "new": it.new }))
            .collect();
        let part = match change.part() {
            GraphPart::Node { name } => json!({ "node": name }),
            GraphPart::Edge { from, to, parameter } => {
                json!({ "edge": { "from": from, "to": to, "parameter": parameter } })
            }
        };
        json!({ "kind": word(change.kind()), "part": part, "fields": fields })
    };
    let dataflows: Vec<_> = changed
        .iter()
        .map(|it| {
            let changes: Vec<_> = it.diff.changes().iter().map(change).collect();
            json!({ "module": it.module, "kind": word(it.kind), "changes": changes })
        })
        .collect();
    let document = json!({
        "version": JSON_VERSION,
        "old": range.old.to_json(),
        "new": range.new.to_json(),
        "dataflows": dataflows,
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
