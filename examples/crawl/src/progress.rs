//! A hook that prints the progress of a crawl.

use std::fmt;
use std::io::{self, Write};
use std::sync::Mutex;

use icosian::prelude::*;
use icosian::{BoxError, RunEnd, RunInfo};

/// The number of items between two lines, if the output is not a terminal.
const LINE_INTERVAL: usize = 10;

/// Prints the number of pages that ended, and how many of them failed.
///
/// A hook may be called from several threads, so the numbers are behind a mutex. It belongs to one execution.
pub struct Progress<W> {
    total: usize,
    style: ProgressStyle,
    state: Mutex<ProgressState<W>>,
}

/// The way in which progress is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgressStyle {
    /// One line, which is rewritten after each item.
    Terminal,
    /// A new line after every ten items, and after the last one.
    Log,
}

struct ProgressState<W> {
    output: W,
    done: usize,
    failed: usize,
    retries: usize,
}

impl<W: Write + Send + 'static> Progress<W> {
    /// Returns the progress of `total` items, written to `output`.
    pub fn new(total: usize, style: ProgressStyle, output: W) -> Self {
        Self { total, style, state: Mutex::new(ProgressState { output, done: 0, failed: 0, retries: 0 }) }
    }

    /// Changes the state. No panic can leave it invalid, so a poisoned lock is used as it is.
    fn update(&self, change: impl FnOnce(&mut ProgressState<W>) -> io::Result<()>) -> Result<(), BoxError> {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(change(&mut state)?)
    }
}

impl<W: Write + Send + 'static> Hook for Progress<W> {
    fn after_node(&self, _: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let retries = end.attempts().saturating_sub(1);
        self.update(|state| {
            state.retries += retries;
            Ok(())
        })
    }

    fn after_item(&self, item: &ItemEnd<'_>) -> Result<(), BoxError> {
        self.update(|state| {
            state.done += 1;
            state.failed += usize::from(item.error().is_some());
            let ProgressState { output, done, failed, retries } = state;
            let line = format!("{done} of {} pages, {failed} failed, {retries} retried", self.total);
            match self.style {
                ProgressStyle::Terminal => {
                    write!(output, "\r{line}")?;
                    output.flush()
                }
                ProgressStyle::Log if *done % LINE_INTERVAL == 0 || *done == self.total => {
                    writeln!(output, "{line}")
                }
                ProgressStyle::Log => Ok(()),
            }
        })
    }

    /// Ends the line of a terminal, so that the report starts on the next line.
    fn after_run(&self, _: &RunInfo<'_>, _: RunEnd) -> Result<(), BoxError> {
        match self.style {
            ProgressStyle::Terminal => self.update(|state| writeln!(state.output)),
            ProgressStyle::Log => Ok(()),
        }
    }
}

impl<W> fmt::Debug for Progress<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress")
            .field("total", &self.total)
            .field("style", &self.style)
            .finish_non_exhaustive()
    }
}
