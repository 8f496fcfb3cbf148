//! The program of the linked check.
//!
//! `cargo icosian lint` builds a program that links the linted crates and calls [`main`]. The program reads a `Request`,
//! checks the dataflows of the crates, and writes a [`Transcript`](icosian_rules::Transcript).

mod answer;
mod config_values;
mod dataflow_check;
mod error;
mod merge;
mod named_adapter;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use icosian_rules::{HarnessRequest, TranscriptLine};

pub use answer::answer;
pub use error::HarnessError;

/// Runs the check with the process's command line, whose arguments are the paths of the request and the transcript.
///
/// # Errors
/// [`HarnessError`] if there is no complete transcript.
pub fn main() -> Result<(), HarnessError> {
    run(std::env::args_os())
}

/// Runs the check with this command line, as [`main`] does.
///
/// # Errors
/// [`HarnessError`] if there is no complete transcript.
pub fn run<T: Into<OsString>>(line: impl IntoIterator<Item = T>) -> Result<(), HarnessError> {
    let mut paths = line.into_iter().skip(1).map(|argument| PathBuf::from(argument.into()));
    let (Some(request), Some(transcript)) = (paths.next(), paths.next()) else {
        return Err(HarnessError::NoRequest);
    };
    let request = read_request(request)?;
    let unreachable = |source| HarnessError::Unreachable { path: transcript.clone(), source };
    // The file is opened before decorators run, because they may change the current folder.
    let mut file = File::create(&transcript).map_err(unreachable)?;
    let write = move |line: TranscriptLine| {
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        file.write_all(&text)
    };
    if !request.is_attended {
        return answer(&request, write).map_err(unreachable);
    }

    // A dataflow may never be built completely, so it is built on a second thread. The process ends with this thread.
    let (ended, end) = mpsc::channel();
    let abandoned = ended.clone();
    let work = move || {
        // A panic payload may panic in `drop`.
        let answered = catch_unwind(AssertUnwindSafe(|| answer(&request, write))).unwrap_or_else(|panic| {
            std::mem::forget(panic);
            Err(io::Error::other("it panics"))
        });
        _ = ended.send(Some(answered));
    };
    thread::Builder::new().stack_size(STACK_SIZE).spawn(work).map_err(unreachable)?;
    thread::spawn(move || {
        // The content of standard input is ignored. Its end means that the caller has ended.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        abandoned.send(None)
    });
    match end.recv() {
        Ok(Some(answered)) => answered.map_err(unreachable),
        Ok(None) | Err(_) => Err(HarnessError::Abandoned),
    }
}

/// The stack size of the thread that builds dataflows: the usual size of a main thread.
const STACK_SIZE: usize = 8 << 20;

fn read_request(path: PathBuf) -> Result<HarnessRequest, HarnessError> {
    #[derive(serde::Deserialize)]
    struct Version {
        version: u32,
    }

    let text = std::fs::read(&path).map_err(|source| HarnessError::Unreachable { path, source })?;
    let invalid = |source| HarnessError::InvalidRequest { source };
    // The other fields of another version are unknown.
    let Version { version } = serde_json::from_slice(&text).map_err(invalid)?;
    if version != HarnessRequest::VERSION {
        return Err(HarnessError::VersionMismatch { found: version });
    }
    serde_json::from_slice(&text).map_err(invalid)
}
