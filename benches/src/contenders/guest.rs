//! Guests: programs in other languages that run the same graphs.
//!
//! A guest communicates over standard input and output:
//!
//! 1. It reads the graph: a line with the number of nodes, a line for each node with the numbers of its dependencies, and a
//!    line with the numbers of the sinks.
//! 2. It prepares the graph and prints the line `ready`.
//! 3. For each further line, which is a number of runs, it executes the runs and prints a line with the wrapping sum of
//!    their results and the elapsed nanoseconds.
//! 4. It exits at the end of its input.
//!
//! A guest that fans out reads one line instead of a graph: the number of items.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use super::{Measurement, Runner};
use crate::graphs::Graph;

/// An external program that runs graphs.
///
/// # Examples
/// ```
/// use std::path::Path;
///
/// use icosian_benches::contenders::guest::Guest;
///
/// let [sync, asynchronous] = Guest::hamilton(Path::new("python3"));
/// assert_eq!((sync.name, asynchronous.is_async), ("hamilton", true));
/// ```
#[derive(Debug, Clone)]
pub struct Guest {
    /// The name in reports.
    pub name: &'static str,
    /// Set if its nodes are async functions.
    pub is_async: bool,
    /// The largest number of nodes that it runs in reasonable time.
    pub largest: usize,
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Guest {
    /// Returns Hamilton's sync and async drivers. `python` is an interpreter with Hamilton.
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

    /// Returns Hamilton's executors of dynamic graphs: two threads, and one. `python` is an interpreter with Hamilton.
    ///
    /// # Examples
    /// ```
    /// use std::path::Path;
    ///
    /// use icosian_benches::contenders::guest::Guest;
    ///
    /// assert_eq!(Guest::hamilton_fan_out(Path::new("python3"))[0].name, "hamilton_threads");
    /// ```
    #[must_use]
    pub fn hamilton_fan_out(python: &Path) -> [Self; 2] {
        let guest = |name, executor: &str| Self {
            name,
            is_async: false,
            largest: 1_000,
            program: python.to_owned(),
            arguments: vec![
                concat!(env!("CARGO_MANIFEST_DIR"), "/hamilton/fan_out.py").into(),
                executor.into(),
            ],
        };
        [guest("hamilton_threads", "threads"), guest("hamilton_sequential", "sequential")]
    }

    /// Returns Taskflow on two threads. Its nodes mix their sums `mixes` times.
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

    /// Starts the program, sends it the graph, and returns a runner.
    ///
    /// # Panics
    /// Panics if the program cannot be started or is not ready. The runner panics if the program exits or prints an invalid
    /// line.
    ///
    /// # Examples
    /// ```no_run
    /// use std::path::Path;
    ///
    /// use icosian_benches::contenders::guest::Guest;
    /// use icosian_benches::graphs;
    ///
    /// let [mut hamilton, _] = Guest::hamilton(Path::new("python3")).map(|guest| guest.runner(&graphs::chain(3)));
    /// assert_eq!(hamilton(1).sum, 3);
    /// ```
    #[must_use]
    pub fn runner(&self, graph: &Graph) -> Runner {
        self.runner_of(&to_lines(graph))
    }

    /// Starts a program that fans out, sends it the number of items, and returns a runner.
    ///
    /// # Panics
    /// As [`runner`](Self::runner).
    #[must_use]
    pub fn item_runner(&self, items: u64) -> Runner {
        self.runner_of(&format!("{items}\n"))
    }

    /// Starts the program and sends it `lines`.
    fn runner_of(&self, lines: &str) -> Runner {
        let mut process = Process::start(self);
        assert_eq!(process.request(lines), "ready", "`{}` is not ready", self.name);
        Box::new(move |times| {
            let line = process.request(&format!("{times}\n"));
            let measurement = line.split_once(' ').and_then(|(sum, nanos)| {
                Some(Measurement {
                    sum: sum.parse().ok()?,
                    elapsed: Duration::from_nanos(nanos.parse().ok()?),
                })
            });
            measurement.unwrap_or_else(|| panic!("`{}` printed `{line}`", process.name))
        })
    }
}

fn to_lines(graph: &Graph) -> String {
    let mut lines = format!("{}\n", graph.len());
    let mut push = |numbers: &[u32]| {
        let numbers: Vec<_> = numbers.iter().map(u32::to_string).collect();
        writeln!(lines, "{}", numbers.join(" ")).expect("writing to a string does not fail");
    };
    for node in 0..graph.len() {
        push(graph.reads(node));
    }
    push(graph.sinks());
    lines
}

/// A guest's process. Dropping it closes the input and waits for the exit.
struct Process {
    name: &'static str,
    child: Child,
    /// Is `None` only during the drop.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(guest: &Guest) -> Self {
        let mut command = Command::new(&guest.program);
        command.args(&guest.arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let spawned = command.spawn();
        let mut child = spawned
            .unwrap_or_else(|error| panic!("`{}` cannot be started: {error}", guest.program.display()));
        let output = BufReader::new(child.stdout.take().expect("the output is piped"));
        Self { name: guest.name, input: child.stdin.take(), child, output }
    }

    /// Writes `request` to the input and reads a line of the output.
    fn request(&mut self, request: &str) -> String {
        let input = self.input.as_mut().expect("the process is not being dropped");
        let written = input.write_all(request.as_bytes()).and_then(|()| input.flush());
        let mut line = String::new();
        if let Err(error) = written.and_then(|()| self.output.read_line(&mut line)) {
            panic!("`{}` exited: {error}", self.name);
        }
        line.trim_end().to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.input.take());
        // `drop` cannot report an error.
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::{Guest, to_lines};
    use crate::graphs::Graph;

    #[test]
    fn graph_is_written_as_lines() {
        let graph = Graph::new("fork", &[vec![], vec![0], vec![0, 1], vec![0]]);
        assert_eq!(to_lines(&graph), "4\n\n0\n0 1\n0\n2 3\n");
    }

    #[cfg(unix)]
    fn shell(script: &str) -> Guest {
        let arguments = vec!["-c".into(), script.into()];
        Guest { name: "shell", is_async: false, largest: 1, program: "sh".into(), arguments }
    }

    #[cfg(unix)]
    #[test]
    fn guest_executes_runs() {
        let script =
            "read n; read reads; read sinks; echo ready; while read times; do echo $n$sinks $times; done";
        let mut runner = shell(script).runner(&Graph::new("one", &[vec![]]));
        let measurement = runner(12);
        assert_eq!((measurement.sum, measurement.elapsed.as_nanos()), (10, 12));
    }

    #[cfg(unix)]
    #[test]
    fn guest_reads_the_number_of_items() {
        let script = "read items; echo ready; while read times; do echo $items $times; done";
        assert_eq!(shell(script).item_runner(30)(1).sum, 30);
    }

    #[cfg(unix)]
    #[test]
    #[should_panic(expected = "`shell` is not ready")]
    fn guest_that_exits_early_is_reported() {
        drop(shell("read n; read reads; read sinks; exit 1").runner(&Graph::new("one", &[vec![]])));
    }
}
