//! Draws the graph of a dataflow, or prints it as data.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use icosian_lint::DescribedDataflow;
use miette::MietteDiagnostic;
use serde_json::json;

use crate::Exit;
use crate::describing::{CommandError, DescribeOptions, JSON_VERSION, write_errors};
use crate::screen::Screen;

/// The examples and exit statuses in the help.
pub(crate) const HELP: &str = "\
Examples:
  cargo icosian graph --format json             all dataflows below this folder
  cargo icosian graph shop --dataflow orders --format json -o orders.json

Exit status: 0 the graph was written, 2 a dataflow could not be built or the request is wrong.";

/// The options of `graph`.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct GraphOptions {
    #[command(flatten)]
    describe: DescribeOptions,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: GraphFormat,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum GraphFormat {
    /// One JSON object with all selected dataflows
    #[default]
    Json,
}

pub(crate) fn run(
    options: &GraphOptions,
    screen: &mut Screen<'_>,
    errors: &mut Screen<'_>,
) -> io::Result<Exit> {
    let found = match options.describe.describe() {
        Ok(found) => found,
        Err(error) => return errors.fail(&*error),
    };
    write_errors(&found.report, errors)?;
    let text = match options.format {
        GraphFormat::Json => to_json(&found.dataflows)?,
    };
    if let Err(error) = write(&text, options.output.as_deref(), screen)? {
        return errors.fail(&*error);
    }
    Ok(if found.report.is_complete() { Exit::Clean } else { Exit::Failed })
}

/// Returns the dataflows as one JSON object.
pub(crate) fn to_json(dataflows: &[DescribedDataflow]) -> io::Result<String> {
    let document = json!({ "version": JSON_VERSION, "dataflows": dataflows });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// Writes `text` to a file or to the screen.
pub(crate) fn write(
    text: &str,
    file: Option<&Path>,
    screen: &mut Screen<'_>,
) -> io::Result<Result<(), CommandError>> {
    let Some(file) = file else {
        return write!(screen.out(), "{text}").map(Ok);
    };
    Ok(std::fs::write(file, text).map_err(|error| {
        let error = MietteDiagnostic::new(format!("`{}` cannot be written: {error}", file.display()));
        let error = error.with_code("ICO1317 output-unwritten");
        Box::new(error.with_help("check the folder and its permissions")) as CommandError
    }))
}
