//! `--watch` checks saved files again.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// The program, which runs until it is dropped.
struct Watching {
    program: Child,
    lines: Receiver<String>,
    /// Lines that no expectation has consumed yet.
    said: Vec<String>,
}

impl Watching {
    fn start(folder: &Path) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_cargo-icosian"))
            .args(["lint", "--watch", "--fast", "--format", "short"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program is built with the tests");
        let (sender, lines) = channel();
        let out = program.stdout.take().expect("it is piped");
        let besides = program.stderr.take().expect("it is piped");
        let other = sender.clone();
        std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).try_for_each(|it| sender.send(it))
        });
        std::thread::spawn(move || {
            BufReader::new(besides).lines().map_while(Result::ok).try_for_each(|it| other.send(it))
        });
        Self { program, lines, said: Vec::new() }
    }

    /// Waits for a line that contains `text`, without a time limit. The order between the two streams is undefined.
    fn expect(&mut self, text: &str) {
        loop {
            if let Some(at) = self.said.iter().position(|line| line.contains(text)) {
                self.said.remove(at);
                return;
            }
            let Ok(line) = self.lines.recv_timeout(Duration::from_mins(1)) else {
                panic!("no line contains `{text}`: {:?}", self.said);
            };
            self.said.push(line);
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.program.kill().ok();
        self.program.wait().ok();
    }
}

#[test]
fn saved_files_are_checked_again() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("watched");
    fs::create_dir_all(&folder).expect("cargo gives tests a folder to write in");
    let save = |text: &str| fs::write(folder.join("rates.rs"), text).expect("it can be written");
    save("#[node]\npub fn rate() -> ! { never() }\n");
    let mut watching = Watching::start(&folder);
    watching.expect("ICO0009 node-without-output");
    watching.expect("waiting for changes");
    save("#[node]\npub fn rate<T>() -> T { todo() }\n");
    watching.expect("ICO0011 generic-node");
    watching.expect("waiting for changes");
    fs::write(folder.join("icosian.toml"), "[levels]\ngeneric-node = \"warn\"\n").expect("it can be written");
    watching.expect("warn ICO0011");
    fs::remove_file(folder.join("icosian.toml")).expect("the test created it");
}
