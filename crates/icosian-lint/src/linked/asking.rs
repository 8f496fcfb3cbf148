//! The program that links is asked, and asked again where a dataflow takes it away or never lets it go on.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use icosian_rules::{LinkedDataflow, Request, Transcript, TranscriptLine};

use super::harness::{Failed, UNLINKED};
use crate::Notice;

/// How long a dataflow may be built when nobody says.
pub(super) const TIME_LIMIT: Duration = Duration::from_mins(1);

/// How much is kept of what the program says on the side, its end.
const SAID: usize = 16 << 10;

/// The program, and where it finds what it is asked.
pub(super) struct Program<'a> {
    pub(super) path: PathBuf,
    /// Where the request and the transcript are written.
    pub(super) folder: &'a Path,
    /// Where it runs.
    pub(super) root: &'a Path,
    /// The manifest of the workspace, as it is named from here.
    pub(super) shown: &'a Path,
    pub(super) time_limit: Duration,
}

/// How the program came to its end.
enum Ended {
    /// By itself, with what it said on the side.
    Itself(ExitStatus, String),
    /// It was ended, because it wrote nothing for too long.
    TakenAway,
}

impl Program<'_> {
    /// Asks until all dataflows are judged, or are known to be such that nobody can judge them.
    pub(super) fn ask(&self, request: &Request) -> Result<Transcript, Failed> {
        let mut request = Request { is_attended: true, ..request.clone() };
        let mut all = Transcript::default();
        loop {
            let (transcript, ended) = self.ask_once(&request)?;
            // What ends the program may have been begun by one that was built before.
            let may_be_other = !transcript.dataflows.is_empty() && matches!(ended, Ended::Itself(..));
            all.dataflows.extend(transcript.dataflows);
            if transcript.is_whole {
                return Ok(Transcript { unknown: transcript.unknown, is_whole: true, ..all });
            }
            let why = match &ended {
                Ended::Itself(status, _) => format!("ends the program that builds it ({status})"),
                Ended::TakenAway => {
                    format!("is not built within {}", humantime::format_duration(self.time_limit))
                }
            };
            let Some(begun) = transcript.begun else {
                if may_be_other {
                    request.skip = all.dataflows.len();
                    continue;
                }
                let (Ended::Itself(status, said), true) = (ended, request.skip == 0) else {
                    return Err(self.broken("was linked, but what it gave stands still", ""));
                };
                let text = format!("was linked, but what it gave does not run to its end ({status})");
                return Err(self.broken(text, &said));
            };
            if !may_be_other {
                all.dataflows.push(LinkedDataflow { failure: Some(why), ..begun });
            }
            request.skip = all.dataflows.len();
        }
    }

    fn ask_once(&self, request: &Request) -> Result<(Transcript, Ended), Failed> {
        let [asked, answered] = ["request.json", "transcript.jsonl"].map(|name| self.folder.join(name));
        let text = serde_json::to_vec(request).map_err(io::Error::other);
        text.and_then(|text| fs::write(&asked, text)).map_err(|error| unwritten(self.shown, &error))?;
        // An old one would be taken for the new one.
        File::create(&answered).map_err(|error| unwritten(self.shown, &error))?;
        let child = Command::new(&self.path)
            .args([&asked, &answered])
            .current_dir(self.root)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let ended = child.and_then(|child| attend(child, &answered, self.time_limit));
        let ended = ended.map_err(|error| {
            self.broken(format!("was linked, but what it gave cannot be run: {error}"), "")
        })?;
        let said = if let Ended::Itself(_, said) = &ended { said.as_str() } else { "" };
        let answer = fs::read(&answered).unwrap_or_default();
        match read(&answer) {
            Ok(transcript) => Ok((transcript, ended)),
            // It said itself why it wrote nothing.
            Err(_) if answer.is_empty() => Ok((Transcript::default(), ended)),
            Err(text) => Err(self.broken(text, said)),
        }
    }

    fn broken(&self, text: impl Into<String>, details: &str) -> Failed {
        Notice::new(self.shown, text.into()).with_consequence(UNLINKED).with_details(details).into()
    }
}

pub(super) fn unwritten(root: &Path, error: &io::Error) -> Failed {
    let text = format!("has a target folder in which nothing can be written: {error}");
    Notice::new(root, text).with_consequence(UNLINKED).into()
}

/// Waits until `child` ends; takes it away when `answered` grows no more for `limit`.
fn attend(mut child: Child, answered: &Path, limit: Duration) -> io::Result<Ended> {
    // As long as this is open the program knows that somebody waits.
    let _attention = child.stdin.take();
    let said = child.stderr.take().map(listen);
    let length = || fs::metadata(answered).map_or(0, |it| it.len());
    let (mut written, mut since, mut pause) = (0, Instant::now(), Duration::from_millis(1));
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Ended::Itself(status, said.map_or_else(String::new, heard)));
        }
        let now = length();
        if now != written {
            (written, since) = (now, Instant::now());
        } else if since.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            return Ok(Ended::TakenAway);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

type Said = (thread::JoinHandle<()>, Arc<Mutex<Vec<u8>>>);

/// Takes what a program says on the side, so that it never waits for somebody to listen.
fn listen(mut from: impl Read + Send + 'static) -> Said {
    let said = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&said);
    let thread = thread::spawn(move || {
        let mut part = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut part) {
            let Ok(mut kept) = kept.lock() else { return };
            kept.extend_from_slice(&part[..count]);
            let old = kept.len().saturating_sub(SAID);
            kept.drain(..old);
        }
    });
    (thread, said)
}

/// Returns what was said by a program that has ended. One that it has begun may hold the line.
fn heard((thread, said): Said) -> String {
    for _ in 0..100 {
        if thread.is_finished() {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    said.lock().map_or_else(|_| String::new(), |said| String::from_utf8_lossy(&said).into_owned())
}

/// Reads what the program wrote; a last line without an end is none.
fn read(text: &[u8]) -> Result<Transcript, String> {
    let mut transcript = Transcript::default();
    let lines = text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    let mut is_first = true;
    for line in lines {
        let line = serde_json::from_slice(line);
        let line: TranscriptLine =
            line.map_err(|error| format!("was linked, but what it gave wrote no transcript: {error}"))?;
        match line {
            TranscriptLine::Version(Transcript::VERSION) => {}
            // What else another version has nobody knows.
            TranscriptLine::Version(found) => {
                let known = Transcript::VERSION;
                return Err(format!(
                    "takes an `icosian` that writes transcripts of version {found}, and this linter reads version {known}"
                ));
            }
            _ if is_first => return Err("was linked, but what it gave wrote no transcript".to_owned()),
            line => transcript.push(line),
        }
        is_first = false;
    }
    Ok(transcript)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Program, heard, listen, read};
    use icosian_rules::Request;

    #[test]
    fn what_is_no_transcript_is_told() {
        for (text, expect) in [
            ("hello\n", "wrote no transcript: expected value"),
            ("{}\n", "wrote no transcript: expected value"),
            ("{\"version\": 99}\n", "transcripts of version 99, and this linter reads version 3"),
            ("{\"ended\": {\"unknown\": []}}\n", "wrote no transcript"),
            ("{\"version\": 3}\n{\"begun\": 3}\n", "wrote no transcript: invalid type"),
        ] {
            let told = read(text.as_bytes()).unwrap_err();
            assert!(told.contains(expect), "{text}: {told}");
        }
    }

    #[test]
    fn a_line_that_was_not_finished_is_none() {
        let transcript = read(b"{\"version\": 3}\n{\"ended\": {\"unkno").unwrap();
        assert!(!transcript.is_whole && transcript.dataflows.is_empty());
    }

    #[test]
    fn only_the_end_is_kept_of_much() {
        let said = heard(listen(std::io::Cursor::new(b"x".repeat(100_000))));
        assert_eq!(said.len(), super::SAID);
    }

    /// A program that is none of the linter's: it stands still, or ends.
    #[test]
    fn programs_that_write_nothing_are_told() {
        let folder = std::env::temp_dir().join(format!("icosian-asking-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let program = Program {
            path: std::env::current_exe().unwrap(),
            folder: &folder,
            root: &folder,
            shown: "Cargo.toml".as_ref(),
            time_limit: Duration::from_mins(1),
        };
        // This program takes its words for names of tests, of which it has none.
        let failed = program.ask(&Request::default()).unwrap_err();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(
            failed.notices[0].message(),
            "was linked, but what it gave does not run to its end (exit status: 0)"
        );
    }
}
