use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use icosian_runs::page::RunPage;
use icosian_runs::text::{ItemDisplay, WaterfallOptions, render_header, render_summary, render_waterfall};
use icosian_runs::{LineFault, NodeFailure, RunFolder, RunLookupError, RunReport, SourceFiles, json};
use miette::MietteDiagnostic;

use super::record_path::{record_folder, source_root};
use super::view::{ViewFormat, note_faults, text_style, write_json};
use crate::Exit;
use crate::screen::{Screen, note};

/// The number of errors that are drawn without `--all`.
const MAX_ERRORS: usize = 5;

/// The options of `runs show`.
#[derive(Args, Debug)]
pub(crate) struct ShowOptions {
    /// Identifier, unique prefix of an identifier, path of a record file, or `latest`
    #[arg(value_name = "RUN", default_value = "latest")]
    wanted: String,
    /// Folder of records, or a single file [default: `ICOSIAN_RUNS`, or `target/icosian/runs` of the workspace]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Show all nodes and all errors, not only the most relevant ones
    #[arg(long)]
    all: bool,
    /// Show each item of an expansion
    #[arg(long)]
    items: bool,
    /// Write a self-contained HTML page to a file, or to the output with `-`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "items", "all"])]
    html: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: ViewFormat,
}

pub(super) fn run(
    options: &ShowOptions,
    screen: &mut Screen<'_>,
    errors: &mut Screen<'_>,
) -> io::Result<Exit> {
    let folder = match read(options) {
        Ok(folder) => folder,
        Err(error) => return errors.fail(&error),
    };
    let run = match folder.find(&wanted_id(options, &folder)) {
        Ok(run) => run,
        Err(error) => return errors.fail(&error),
    };
    let report = RunReport::new(run);
    let files = SourceFiles::below(&source_root(&run.path));
    let faults: Vec<LineFault> =
        folder.faults.iter().filter(|fault| fault.path == run.path).cloned().collect();
    if let Some(file) = &options.html {
        let page = RunPage::new(&report).with_sources(files).with_faults(&faults);
        let written = write_page(&page.to_string(), file, screen, errors)?;
        return Ok(written.max(note_faults(&faults)));
    }
    match options.format {
        ViewFormat::Json => write_json(&json::report(&report, &faults), screen)?,
        ViewFormat::Text => write_text(&report, &files, options, screen)?,
    }
    Ok(note_faults(&faults))
}

/// Reads the file that `RUN` names, or the folder of records.
fn read(options: &ShowOptions) -> Result<RunFolder, RunLookupError> {
    let path = Path::new(&options.wanted);
    if options.dir.is_none() && path.is_file() {
        return RunFolder::read(path);
    }
    let path = record_folder(options.dir.as_deref());
    if options.dir.is_none() && !path.exists() {
        return Err(RunLookupError::NoRuns { path });
    }
    RunFolder::read(&path)
}

/// Returns the identifier in the folder that was read. A file with several runs shows the newest.
fn wanted_id(options: &ShowOptions, folder: &RunFolder) -> String {
    if options.dir.is_some() || folder.path != Path::new(&options.wanted) {
        return options.wanted.clone();
    }
    if folder.runs.len() > 1 {
        note(format_args!(
            "note: the file contains {} runs, this is the newest; `--dir {} RUN` shows another",
            folder.runs.len(),
            folder.path.display()
        ));
    }
    "latest".to_owned()
}

/// Writes the page to a file, or to the screen for `-`.
fn write_page(page: &str, file: &Path, screen: &mut Screen<'_>, errors: &mut Screen<'_>) -> io::Result<Exit> {
    if file == Path::new("-") {
        write!(screen.out(), "{page}")?;
        return Ok(Exit::Clean);
    }
    if let Err(error) = fs::write(file, page) {
        let error =
            MietteDiagnostic::new(format!("the page cannot be written to `{}`: {error}", file.display()));
        let error =
            error.with_code("ICO1345 page-unwritten").with_help("create the folder, or name another file");
        return errors.fail(&error);
    }
    note(format_args!("wrote {}", file.display()));
    Ok(Exit::Clean)
}

fn write_text(
    report: &RunReport<'_>,
    files: &SourceFiles,
    options: &ShowOptions,
    screen: &mut Screen<'_>,
) -> io::Result<()> {
    let style = text_style(screen);
    let items = if options.items { ItemDisplay::Each } else { ItemDisplay::Statistics };
    let mut waterfall = WaterfallOptions::default().with_items(items);
    if options.all {
        waterfall = waterfall.with_all_rows();
    }
    writeln!(screen.out(), "{}", render_header(report, &style))?;
    let waterfall = render_waterfall(report, &waterfall, &style);
    if !waterfall.is_empty() {
        writeln!(screen.out(), "{waterfall}")?;
    }
    let shown = if options.all { usize::MAX } else { MAX_ERRORS };
    for execution in report.failures.iter().take(shown) {
        screen.draw(&NodeFailure::new(report.run, execution, files))?;
    }
    let left_out = report.failures.len().saturating_sub(shown);
    if left_out > 0 {
        writeln!(screen.out(), "{left_out} more errors; `--all` shows them\n")?;
    }
    write!(screen.out(), "{}", render_summary(report, &style))
}
