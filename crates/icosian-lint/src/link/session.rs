//! Runs the harness until all dataflows are checked.
//!
//! A dataflow may end the process or exceed the time limit while it is built. Then the harness starts again with the next one.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use icosian_rules::{HarnessRequest, LinkedDataflow, Transcript, TranscriptLine};

use super::failure::{LinkFailure, UNLINKED, unwritable};
use crate::Notice;

/// The default time limit of a dataflow.
pub(super) const TIME_LIMIT: Duration = Duration::from_mins(1);

/// The number of bytes that are kept of the error output, from its end.
const KEPT_BYTES: usize = 16 << 10;

/// A harness that was built.
pub(super) struct HarnessSession<'a> {
    pub(super) program: PathBuf,
    /// The folder of the request and the transcript.
    pub(super) folder: &'a Path,
    /// The folder in which the harness runs.
    pub(super) root: &'a Path,
    /// The manifest of the workspace, relative to the current folder.
    pub(super) manifest: &'a Path,
    pub(super) time_limit: Duration,
}

/// The end of the harness process.
enum End {
    /// The process exited, with this error output.
    Exit(ExitStatus, String),
    /// The process was killed, because it wrote nothing within the time limit.
    Timeout,
}

impl HarnessSession<'_> {
    /// Runs the harness until each dataflow is checked or has a failure.
    pub(super) fn run(&self, request: &HarnessRequest) -> Result<Transcript, LinkFailure> {
        let mut request = HarnessRequest { is_attended: true, ..request.clone() };
        let mut all = Transcript::default();
        loop {
            let (transcript, end) = self.run_once(&request)?;
            // A thread of an earlier dataflow may have ended the process. Alone, the dataflow shows whether it did.
            let may_be_other = !transcript.dataflows.is_empty() && matches!(end, End::Exit(..));
            all.dataflows.extend(transcript.dataflows);
            if transcript.is_whole {
                return Ok(Transcript { unknown: transcript.unknown, is_whole: true, ..all });
            }
            let failure = match &end {
                End::Exit(status, _) => format!("exits the process while it is built ({status})"),
                End::Timeout => {
                    format!("was not built within {}", humantime::format_duration(self.time_limit))
                }
            };
            let Some(begun) = transcript.begun else {
                if may_be_other {
                    request.skip = all.dataflows.len();
                    continue;
                }
                let (End::Exit(status, stderr), true) = (end, request.skip == 0) else {
                    return Err(self.failure("was linked, but the harness hangs", ""));
                };
                let text = format!("was linked, but the harness exits too early ({status})");
                return Err(self.failure(text, &stderr));
            };
            if !may_be_other {
                all.dataflows.push(LinkedDataflow { failure: Some(failure), ..begun });
            }
            request.skip = all.dataflows.len();
        }
    }

    fn run_once(&self, request: &HarnessRequest) -> Result<(Transcript, End), LinkFailure> {
        let [request_file, transcript_file] =
            ["request.json", "transcript.jsonl"].map(|name| self.folder.join(name));
        let text = serde_json::to_vec(request).map_err(io::Error::other);
        text.and_then(|text| fs::write(&request_file, text))
            .map_err(|error| unwritable(self.manifest, &error))?;
        // Without the transcript of an earlier run.
        File::create(&transcript_file).map_err(|error| unwritable(self.manifest, &error))?;
        let child = Command::new(&self.program)
            .args([&request_file, &transcript_file])
            .current_dir(self.root)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let end = child.and_then(|child| wait(child, &transcript_file, self.time_limit));
        let end = end.map_err(|error| {
            self.failure(format!("was linked, but the harness cannot be run: {error}"), "")
        })?;
        let stderr = if let End::Exit(_, stderr) = &end { stderr.as_str() } else { "" };
        let written = fs::read(&transcript_file).unwrap_or_default();
        match parse_transcript(&written) {
            Ok(transcript) => Ok((transcript, end)),
            // The error output has the reason.
            Err(_) if written.is_empty() => Ok((Transcript::default(), end)),
            Err(text) => Err(self.failure(text, stderr)),
        }
    }

    fn failure(&self, text: impl Into<String>, details: &str) -> LinkFailure {
        Notice::new(self.manifest, text.into()).with_consequence(UNLINKED).with_details(details).into()
    }
}

/// Waits until `child` ends. Kills it when `transcript` does not grow for `limit`.
fn wait(mut child: Child, transcript: &Path, limit: Duration) -> io::Result<End> {
    // The harness ends when its input closes, also when the linter is killed.
    let _input = child.stdin.take();
    let stderr = child.stderr.take().map(keep_last);
    let length = || fs::metadata(transcript).map_or(0, |it| it.len());
    let (mut written, mut since, mut pause) = (0, Instant::now(), Duration::from_millis(1));
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(End::Exit(status, stderr.map_or_else(String::new, finish)));
        }
        let now = length();
        if now != written {
            (written, since) = (now, Instant::now());
        } else if since.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            return Ok(End::Timeout);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

/// The last bytes of an output, and the thread that reads it.
type LastBytes = (thread::JoinHandle<()>, Arc<Mutex<Vec<u8>>>);

/// Reads `output` to its end in another thread, so that the program never blocks, and keeps its last bytes.
fn keep_last(mut output: impl Read + Send + 'static) -> LastBytes {
    let bytes = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&bytes);
    let thread = thread::spawn(move || {
        let mut part = [0; 4096];
        while let Ok(count @ 1..) = output.read(&mut part) {
            let Ok(mut kept) = kept.lock() else { return };
            kept.extend_from_slice(&part[..count]);
            let old = kept.len().saturating_sub(KEPT_BYTES);
            kept.drain(..old);
        }
    });
    (thread, bytes)
}

/// Returns the output of a program that has ended. Another process that the program started may keep the output open.
fn finish((thread, bytes): LastBytes) -> String {
    for _ in 0..100 {
        if thread.is_finished() {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    bytes.lock().map_or_else(|_| String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Parses a transcript. A last line without a line break is incomplete and ignored.
fn parse_transcript(text: &[u8]) -> Result<Transcript, String> {
    let mut transcript = Transcript::default();
    let lines = text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    let mut is_first = true;
    for line in lines {
        let line = serde_json::from_slice(line);
        let line: TranscriptLine =
            line.map_err(|error| format!("was linked, but the harness wrote no transcript: {error}"))?;
        match line {
            TranscriptLine::Version(Transcript::VERSION) => {}
            // The lines of another version are unknown.
            TranscriptLine::Version(found) => {
                let known = Transcript::VERSION;
                return Err(format!(
                    "depends on an `icosian` that writes transcripts of version {found}; this linter reads version {known}"
                ));
            }
            _ if is_first => return Err("was linked, but the harness wrote no transcript".to_owned()),
            line => transcript.push(line),
        }
        is_first = false;
    }
    Ok(transcript)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{HarnessSession, KEPT_BYTES, finish, keep_last, parse_transcript};
    use icosian_rules::HarnessRequest;

    #[test]
    fn invalid_transcript_is_an_error() {
        for (text, expect) in [
            ("hello\n", "wrote no transcript: expected value"),
            ("{}\n", "wrote no transcript: expected value"),
            ("{\"version\": 99}\n", "transcripts of version 99; this linter reads version 4"),
            ("{\"ended\": {\"unknown\": []}}\n", "wrote no transcript"),
            ("{\"version\": 4}\n{\"begun\": 3}\n", "wrote no transcript: invalid type"),
        ] {
            let error = parse_transcript(text.as_bytes()).unwrap_err();
            assert!(error.contains(expect), "{text}: {error}");
        }
    }

    #[test]
    fn incomplete_line_is_ignored() {
        let transcript = parse_transcript(b"{\"version\": 4}\n{\"ended\": {\"unkno").unwrap();
        assert!(!transcript.is_whole && transcript.dataflows.is_empty());
    }

    #[test]
    fn only_last_bytes_of_output_are_kept() {
        let kept = finish(keep_last(std::io::Cursor::new(b"x".repeat(100_000))));
        assert_eq!(kept.len(), KEPT_BYTES);
    }

    #[test]
    fn program_without_transcript_is_an_error() {
        let folder = std::env::temp_dir().join(format!("icosian-session-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let session = HarnessSession {
            program: std::env::current_exe().unwrap(),
            folder: &folder,
            root: &folder,
            manifest: "Cargo.toml".as_ref(),
            time_limit: Duration::from_mins(1),
        };
        // The test program filters its tests by the arguments, and runs none.
        let failure = session.run(&HarnessRequest::default()).unwrap_err();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(
            failure.notices[0].message(),
            "was linked, but the harness exits too early (exit status: 0)"
        );
    }
}
