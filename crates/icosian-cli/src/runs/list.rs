use std::io;
use std::path::PathBuf;

use clap::Args;
use icosian_runs::text::render_list;
use icosian_runs::{RunFolder, RunOutcome, json};

use super::record_path::record_folder;
use super::view::{ViewFormat, note_faults, text_style, write_json};
use crate::Exit;
use crate::screen::{Screen, note};

/// The options of `runs ls`.
#[derive(Args, Debug)]
pub(crate) struct RunListOptions {
    /// Folder of records, or a single file [default: `ICOSIAN_RUNS`, or `target/icosian/runs` of the workspace]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// List only runs that failed or did not end
    #[arg(long)]
    failed: bool,
    /// Maximum number of runs
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: ViewFormat,
}

pub(super) fn run(
    options: &RunListOptions,
    screen: &mut Screen<'_>,
    errors: &mut Screen<'_>,
) -> io::Result<Exit> {
    let path = record_folder(options.dir.as_deref());
    let folder = if options.dir.is_none() && !path.exists() {
        // No run was recorded yet.
        RunFolder::empty(&path)
    } else {
        match RunFolder::read(&path) {
            Ok(folder) => folder,
            Err(error) => return errors.fail(&error),
        }
    };
    let is_wanted =
        |outcome| !options.failed || matches!(outcome, RunOutcome::Failed | RunOutcome::Unfinished);
    let found: Vec<_> = folder.runs.iter().filter(|run| is_wanted(run.outcome())).collect();
    let shown = found.iter().take(options.limit).copied();
    match options.format {
        ViewFormat::Json => write_json(&json::list(shown), screen)?,
        ViewFormat::Text if found.is_empty() => {
            let kind = if options.failed && !folder.runs.is_empty() { "failed runs" } else { "runs" };
            writeln!(screen.out(), "no {kind} in {}", path.display())?;
        }
        ViewFormat::Text => {
            let text = render_list(shown, &text_style(screen));
            write!(screen.out(), "{text}")?;
        }
    }
    let left_out = found.len().saturating_sub(options.limit);
    if left_out > 0 && options.format == ViewFormat::Text {
        writeln!(screen.out(), "{left_out} more; `--limit {}` lists all", found.len())?;
    }
    for error in folder.runs.iter().filter_map(|run| run.check_version().err()) {
        note(format_args!("warning: {error}"));
    }
    Ok(note_faults(&folder.faults))
}
