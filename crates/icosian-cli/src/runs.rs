//! `cargo icosian runs`: views of run records.

mod list;
mod record_path;
mod show;
mod view;

use std::io;

use clap::Subcommand;

use crate::Exit;
use crate::screen::Screen;
use list::RunListOptions;
use show::ShowOptions;

/// A view of run records.
#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    /// List runs, newest first
    Ls(RunListOptions),
    /// Show the waterfall, the errors and the slowest nodes of a run
    Show(ShowOptions),
}

pub(crate) fn run(
    command: &RunsCommand,
    screen: &mut Screen<'_>,
    errors: &mut Screen<'_>,
) -> io::Result<Exit> {
    match command {
        RunsCommand::Ls(options) => list::run(options, screen, errors),
        RunsCommand::Show(options) => show::run(options, screen, errors),
    }
}
