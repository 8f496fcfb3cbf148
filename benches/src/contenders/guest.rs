//! Programs in other languages that run the same graphs.
//!
//! A guest reads the graph from its standard input: how many nodes there are, then a line for each node with the numbers of
//! those that it reads, then a line with the sinks. It makes itself ready and answers `ready`. Then each line that it reads is
//! a number of runs, which it answers with the wrapping sum of their results and the nanoseconds that they took. It ends with
//! its input.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use super::{Lap, Round};
use crate::graphs::Graph;

/// A program to run graphs with.
///
/// # Examples
/// ```
/// use std::path::Path;
///
/// use icosian_benches::contenders::guest::Guest;
///
/// let [sync, tasks] = Guest::hamilton(Path::new("python3"));
/// assert_eq!((sync.name, tasks.is_async), ("hamilton", true));
/// ```
#[derive(Debug, Clone)]
pub struct Guest {
    /// What it is called in reports.
    pub name: &'static str,
    /// Whether its nodes are async functions.
    pub is_async: bool,
    /// The largest graph that it runs in reasonable time.
    pub largest: usize,
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Guest {
    /// Returns Hamilton's two drivers, run by a Python that has it.
    ///
    /// # Examples
    /// See [`Guest`].
    #[must_use]
    pub fn hamilton(python: &Path) -> [Self; 2] {
        let guest = |name, is_async, driver: &str| Self {
            name,
            is_async,
            largest: 1_000,
            program: python.to_owned(),
            arguments: vec![concat!(env!("CARGO_MANIFEST_DIR"), "/hamilton/graph.py").into(), driver.into()],
        };
        [guest("hamilton", false, "sync"), guest("hamilton_async", true, "async")]
    }

    /// Returns Taskflow on two threads, whose nodes mix their sums `mixes` times.
    ///
    /// # Examples
    /// ```
    /// use std::path::Path;
    ///
    /// use icosian_benches::contenders::guest::Guest;
    ///
    /// assert_eq!(Guest::taskflow(Path::new("target/taskflow/graph"), 0).name, "taskflow");
    /// ```
    #[must_use]
    pub fn taskflow(program: &Path, mixes: u32) -> Self {
        Self {
            name: "taskflow",
            is_async: false,
            largest: 1_000_000,
            program: program.to_owned(),
            arguments: vec![mixes.to_string().into()],
        }
    }

    /// Returns rounds of a graph, which the program has read when this returns.
    ///
    /// # Panics
    /// When the program cannot be started. A round panics when it ends, or answers something else than it should.
    ///
    /// # Examples
    /// ```no_run
    /// use std::path::Path;
    ///
    /// use icosian_benches::contenders::guest::Guest;
    /// use icosian_benches::graphs;
    ///
    /// let [mut hamilton, _] = Guest::hamilton(Path::new("python3")).map(|guest| guest.round(&graphs::chain(3)));
    /// assert_eq!(hamilton(1).sum, 3);
    /// ```
    #[must_use]
    pub fn round(&self, graph: &Graph) -> Round {
        let mut running = Running::start(self);
        assert_eq!(running.ask(&lines(graph)), "ready", "`{}` is not ready", self.name);
        Box::new(move |times| {
            let answer = running.ask(&format!("{times}\n"));
            let lap = answer.split_once(' ').and_then(|(sum, nanos)| {
                Some(Lap { sum: sum.parse().ok()?, took: Duration::from_nanos(nanos.parse().ok()?) })
            });
            lap.unwrap_or_else(|| panic!("`{}` answers `{answer}`", running.name))
        })
    }
}

fn lines(graph: &Graph) -> String {
    let mut lines = format!("{}\n", graph.len());
    let mut line = |numbers: &[u32]| {
        let numbers: Vec<_> = numbers.iter().map(u32::to_string).collect();
        writeln!(lines, "{}", numbers.join(" ")).expect("a string has room");
    };
    for node in 0..graph.len() {
        line(graph.reads(node));
    }
    line(graph.sinks());
    lines
}

/// A guest's process, which ends with this.
struct Running {
    name: &'static str,
    process: Child,
    /// `None` only while it ends.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Running {
    fn start(guest: &Guest) -> Self {
        let mut command = Command::new(&guest.program);
        command.args(&guest.arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let started = command.spawn();
        let mut process =
            started.unwrap_or_else(|why| panic!("`{}` does not start: {why}", guest.program.display()));
        let answers = BufReader::new(process.stdout.take().expect("it is piped"));
        Self { name: guest.name, questions: process.stdin.take(), process, answers }
    }

    fn ask(&mut self, question: &str) -> String {
        let questions = self.questions.as_mut().expect("it has not ended");
        let asked = questions.write_all(question.as_bytes()).and_then(|()| questions.flush());
        let mut answer = String::new();
        if let Err(why) = asked.and_then(|()| self.answers.read_line(&mut answer)) {
            panic!("`{}` ended: {why}", self.name);
        }
        answer.trim_end().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.questions.take());
        // Nothing is left to be done about a guest that cannot be waited for.
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::{Guest, lines};
    use crate::graphs::Graph;

    #[test]
    fn a_graph_is_written_as_lines() {
        let graph = Graph::new("fork", &[vec![], vec![0], vec![0, 1], vec![0]]);
        assert_eq!(lines(&graph), "4\n\n0\n0 1\n0\n2 3\n");
    }

    #[cfg(unix)]
    fn shell(script: &str) -> Guest {
        let arguments = vec!["-c".into(), script.into()];
        Guest { name: "shell", is_async: false, largest: 1, program: "sh".into(), arguments }
    }

    #[cfg(unix)]
    #[test]
    fn a_guest_is_asked_and_answers() {
        let script =
            "read n; read reads; read sinks; echo ready; while read times; do echo $n$sinks $times; done";
        let mut round = shell(script).round(&Graph::new("one", &[vec![]]));
        let lap = round(12);
        assert_eq!((lap.sum, lap.took.as_nanos()), (10, 12));
    }

    #[cfg(unix)]
    #[test]
    #[should_panic(expected = "`shell` is not ready")]
    fn a_guest_that_ends_is_told() {
        drop(shell("read n; read reads; read sinks; exit 1").round(&Graph::new("one", &[vec![]])));
    }
}
