//! Draws the graph of a dataflow, or prints it as data.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use icosian_draw::{GraphPicture, NodeSelection, SelectionError};
use icosian_lint::DescribedDataflow;
use miette::MietteDiagnostic;
use serde_json::json;

use crate::Exit;
use crate::describing::{CommandError, DescribeOptions, JSON_VERSION, ambiguous, write_errors};
use crate::screen::Screen;

/// The examples and exit statuses in the help.
pub(crate) const HELP: &str = "\
Examples:
  cargo icosian graph -o shop.svg                             the only dataflow below this folder
  cargo icosian graph shop --dataflow orders -o orders.html   a page with search, zoom and the docs of the nodes
  cargo icosian graph --format dot | dot -Tpdf -o shop.pdf    for Graphviz
  cargo icosian graph --upstream total --only                 `total` and everything that it needs, as Mermaid
  cargo icosian graph --path rates..total -o shop.svg         highlight the nodes between `rates` and `total`
  cargo icosian graph --format json                           all dataflows below this folder, as data

Exit status: 0 the graph was written, 2 a dataflow could not be built, or an option is wrong.";

/// The options of `graph`.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct GraphOptions {
    #[command(flatten)]
    describe: DescribeOptions,
    /// Output format [default: the format of the file's extension, or else `mermaid`]
    #[arg(long, value_enum)]
    format: Option<GraphFormat>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    selection: SelectionOptions,
    /// Draw only the highlighted nodes
    #[arg(long, requires = "SelectionOptions")]
    only: bool,
}

/// The nodes that a picture highlights.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SelectionOptions {
    /// Highlight a node and everything that it depends on; can be repeated
    #[arg(long, value_name = "NODE")]
    upstream: Vec<String>,
    /// Highlight a node and everything that depends on it; can be repeated
    #[arg(long, value_name = "NODE")]
    downstream: Vec<String>,
    /// Highlight the nodes on all paths from A to B; can be repeated
    #[arg(long, value_name = "A..B", value_parser = parse_path)]
    path: Vec<(String, String)>,
}

/// A format of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// A picture, with icosian's own layout
    Svg,
    /// The language of Graphviz
    Dot,
    /// A Mermaid flowchart, for Markdown
    Mermaid,
    /// A page with search, zoom and descriptions of the nodes
    Html,
    /// One JSON object with all selected dataflows
    Json,
}

impl GraphFormat {
    /// Returns the format of a file, by its extension.
    pub(crate) fn of(file: &Path) -> Result<Self, CommandError> {
        let extension = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match extension.as_str() {
            "svg" => Ok(Self::Svg),
            "dot" | "gv" => Ok(Self::Dot),
            "mmd" | "mermaid" => Ok(Self::Mermaid),
            "html" | "htm" => Ok(Self::Html),
            "json" => Ok(Self::Json),
            _ => {
                let error = MietteDiagnostic::new(format!("`{}` has no known format", file.display()));
                let error = error.with_code("ICO1321 unknown-graph-format");
                let help = "use the extension `svg`, `dot`, `mmd`, `html` or `json`, or pass `--format`";
                Err(Box::new(error.with_help(help)))
            }
        }
    }

    /// Writes a picture. JSON is not a picture.
    pub(crate) fn draw(self, picture: &GraphPicture) -> Option<String> {
        match self {
            Self::Svg => Some(picture.to_svg()),
            Self::Dot => Some(picture.to_dot()),
            Self::Mermaid => Some(picture.to_mermaid()),
            Self::Html => Some(picture.to_html()),
            Self::Json => None,
        }
    }
}

impl SelectionOptions {
    /// Returns the selected nodes, if any option selects some.
    fn selection(&self) -> Option<NodeSelection> {
        let upstream = self.upstream.iter().map(NodeSelection::upstream_of);
        let downstream = self.downstream.iter().map(NodeSelection::downstream_of);
        let paths = self.path.iter().map(|(from, to)| NodeSelection::path(from, to));
        upstream.chain(downstream).chain(paths).reduce(NodeSelection::and)
    }
}

impl GraphOptions {
    fn select(&self, picture: GraphPicture) -> Result<GraphPicture, SelectionError> {
        match self.selection.selection() {
            None => Ok(picture),
            Some(selection) if self.only => picture.only(&selection),
            Some(selection) => picture.highlight(&selection),
        }
    }
}

fn parse_path(text: &str) -> Result<(String, String), String> {
    match text.split_once("..") {
        Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok((from.to_owned(), to.to_owned())),
        _ => Err("write two nodes, such as `rates..total`".to_owned()),
    }
}

pub(crate) fn run(
    options: &GraphOptions,
    screen: &mut Screen<'_>,
    errors: &mut Screen<'_>,
) -> io::Result<Exit> {
    match draw(options, errors)? {
        Ok((text, exit)) => match write(&text, options.output.as_deref(), screen)? {
            Ok(()) => Ok(exit),
            Err(error) => errors.fail(&*error),
        },
        Err(error) => errors.fail(&*error),
    }
}

/// Returns the text of the picture, and the exit status.
fn draw(options: &GraphOptions, errors: &mut Screen<'_>) -> io::Result<Result<(String, Exit), CommandError>> {
    let format = match (options.format, &options.output) {
        (Some(format), _) => Ok(format),
        (None, Some(file)) => GraphFormat::of(file),
        (None, None) => Ok(GraphFormat::Mermaid),
    };
    // An unknown format is reported before the harness is built.
    let format = match format {
        Ok(format) => format,
        Err(error) => return Ok(Err(error)),
    };
    if format == GraphFormat::Json && options.selection.selection().is_some() {
        return Ok(Err(no_selection()));
    }
    let found = match options.describe.describe() {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    write_errors(&found.report, errors)?;
    let exit = if found.report.is_complete() { Exit::Clean } else { Exit::Failed };
    if format == GraphFormat::Json {
        return Ok(Ok((to_json(&found.dataflows)?, exit)));
    }
    let dataflow = match &found.dataflows[..] {
        [] => return Ok(Ok((String::new(), exit))),
        [one] => one,
        several => return Ok(Err(ambiguous("a picture shows one dataflow, and there are several", several))),
    };
    let picture = GraphPicture::new(dataflow.graph.clone()).with_title(dataflow.name.as_str());
    Ok(match options.select(picture) {
        Ok(picture) => Ok((format.draw(&picture).unwrap_or_default(), exit)),
        Err(error) => Err(Box::new(error)),
    })
}

fn no_selection() -> CommandError {
    let error = MietteDiagnostic::new("`--format json` prints whole graphs and highlights no nodes");
    let error = error.with_code("ICO1322 selection-without-picture");
    Box::new(error.with_help("omit `--upstream`, `--downstream` and `--path`, or choose another format"))
}

/// Returns the dataflows as one JSON object.
fn to_json(dataflows: &[DescribedDataflow]) -> io::Result<String> {
    let document = json!({ "version": JSON_VERSION, "dataflows": dataflows });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// Writes `text` to a file or to the screen. An empty text is not written.
pub(crate) fn write(
    text: &str,
    file: Option<&Path>,
    screen: &mut Screen<'_>,
) -> io::Result<Result<(), CommandError>> {
    let Some(file) = file.filter(|_| !text.is_empty()) else {
        return write!(screen.out(), "{text}").map(Ok);
    };
    Ok(std::fs::write(file, text).map_err(|error| {
        let error = MietteDiagnostic::new(format!("`{}` cannot be written: {error}", file.display()));
        let error = error.with_code("ICO1317 output-unwritten");
        Box::new(error.with_help("check the folder and its permissions")) as CommandError
    }))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{GraphFormat, parse_path};

    #[test]
    fn extension_of_the_file_selects_the_format() {
        assert_eq!(GraphFormat::of(Path::new("a/shop.svg")).unwrap(), GraphFormat::Svg);
        assert_eq!(GraphFormat::of(Path::new("shop.HTML")).unwrap(), GraphFormat::Html);
        for unknown in ["shop.png", "shop"] {
            let error = GraphFormat::of(Path::new(unknown)).unwrap_err();
            assert_eq!(error.to_string(), format!("`{unknown}` has no known format"));
        }
    }

    #[test]
    fn path_has_two_nodes() {
        assert_eq!(parse_path("a..b"), Ok(("a".to_owned(), "b".to_owned())));
        for text in ["a", "a..", "..b", "a.b"] {
            assert!(parse_path(text).is_err(), "{text}");
        }
    }
}
