//! Measures all contenders and prints Markdown tables.
//!
//! - `--json` prints one JSON object per line instead.
//! - `--quick` skips large graphs.
//! - `--decorators` measures only the cost of decorators, `--compiled` only compiled outputs, `--fan-out` only expansions.
//! - `--hamilton PYTHON` and `--taskflow PROGRAM` add external programs, which `cargo xtask bench-report` installs.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program prints to its terminal"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use icosian::Asyncness;
use icosian_benches::contenders::busy::MIXES;
use icosian_benches::contenders::expansions::ItemWork;
use icosian_benches::contenders::guest::Guest;
use icosian_benches::decorated::CASES;
use icosian_benches::graphs::{self, SHAPES};
use icosian_benches::report::Row;
use icosian_benches::report::comparisons::{self, Workers};
use icosian_benches::report::costs::Cost;
use icosian_benches::report::glance::Glance;
use icosian_benches::stopwatch::Effort;

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a command-line flag")]
struct Options {
    quick: bool,
    json: bool,
    decorators: bool,
    compiled: bool,
    fan_out: bool,
    hamilton: Option<PathBuf>,
    taskflow: Option<PathBuf>,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            let mut path = || {
                let path = arguments.next().map(PathBuf::from);
                path.map(Some).ok_or_else(|| format!("`{argument}` needs the path of a program"))
            };
            match argument.as_str() {
                "--quick" => options.quick = true,
                "--json" => options.json = true,
                "--decorators" => options.decorators = true,
                "--compiled" => options.compiled = true,
                "--fan-out" => options.fan_out = true,
                "--hamilton" => options.hamilton = path()?,
                "--taskflow" => options.taskflow = path()?,
                _ => {
                    let known = "`--quick`, `--json`, `--decorators`, `--compiled`, `--fan-out`, `--hamilton PYTHON` and \
                                 `--taskflow PROGRAM`";
                    return Err(format!("unknown option `{argument}`, expected {known}"));
                }
            }
        }
        Ok(options)
    }

    /// Prints rows as JSON at once, or adds them to the tables that are printed at the end.
    fn add(&self, rows: Vec<Row>, report: &mut Vec<Row>) {
        if self.json {
            for row in &rows {
                println!("{}", row.json());
            }
        }
        report.extend(rows);
    }

    /// Returns the guests for nodes that only add.
    fn guests(&self) -> Vec<Guest> {
        let taskflow = self.taskflow.iter().map(|program| Guest::taskflow(program, 0));
        let hamilton = self.hamilton.as_deref().map(|python: &Path| Guest::hamilton(python));
        taskflow.chain(hamilton.into_iter().flatten()).collect()
    }

    /// Returns the guests that fan out.
    fn fan_out_guests(&self) -> Vec<Guest> {
        self.hamilton.as_deref().map(Guest::hamilton_fan_out).into_iter().flatten().collect()
    }

    /// Returns the guests for busy nodes.
    fn busy_guests(&self) -> Vec<Guest> {
        self.taskflow.iter().map(|program| Guest::taskflow(program, MIXES)).collect()
    }
}

fn main() -> ExitCode {
    match Options::parse(std::env::args().skip(1)) {
        Ok(options) => {
            if options.compiled {
                let effort = Effort { rounds: 51, min_time: Duration::from_millis(1) };
                report_only(&options, |report| options.add(comparisons::compiled(effort), report));
                return ExitCode::SUCCESS;
            }
            if options.fan_out {
                report_only(&options, |report| measure_fan_out(&options, report));
                return ExitCode::SUCCESS;
            }
            if !options.decorators {
                report_runs(&options);
            }
            report_costs(&options);
        }
        Err(error) => {
            eprintln!("report: {error}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Prints the rows that `measure` adds in a table.
fn report_only(options: &Options, measure: impl FnOnce(&mut Vec<Row>)) {
    let mut report = Vec::new();
    measure(&mut report);
    if !options.json {
        println!("{}", Row::HEAD);
        for row in &report {
            println!("{row}");
        }
    }
}

/// Measures expansions of short items and of trivial items.
fn measure_fan_out(options: &Options, report: &mut Vec<Row>) {
    let effort = Effort { rounds: 15, min_time: Duration::from_millis(1) };
    for (name, items) in [
        ("fan-out, 1 µs", ItemWork::of_a_microsecond(comparisons::ITEMS)),
        ("fan-out, trivial", ItemWork::trivial(comparisons::ITEMS)),
    ] {
        eprintln!("report: {name}");
        options.add(comparisons::fan_out(name, items, effort), report);
    }
    let guests = options.fan_out_guests();
    if !guests.is_empty() {
        eprintln!("report: fan-out, guests");
        options.add(comparisons::fan_out_of_guests(&guests, effort), report);
    }
}

fn report_runs(options: &Options) {
    let mut report = Vec::new();
    let effort = Effort { rounds: 15, min_time: Duration::from_millis(1) };
    let guests = options.guests();
    let sizes: &[usize] = if options.quick { &[100, 1_000] } else { &[100, 1_000, 100_000] };
    for shape in SHAPES {
        for &n in sizes {
            let graph = shape(n);
            eprintln!("report: run {}, {n} nodes", graph.name());
            options.add(comparisons::run(graph, &guests, effort), &mut report);
        }
    }
    for &n in if options.quick { &[1_000][..] } else { &[1_000, 100_000] } {
        for graph in [graphs::chain(n), graphs::random(n, 7)] {
            eprintln!("report: build {}, {n} nodes", graph.name());
            options.add(comparisons::build(&graph, effort.rounds), &mut report);
        }
    }
    for workers in [Workers::One, Workers::Two] {
        eprintln!("report: concurrent runs, {workers:?}");
        options.add(comparisons::concurrent(workers, effort), &mut report);
    }
    eprintln!("report: compiled outputs");
    options.add(comparisons::compiled(effort), &mut report);
    measure_fan_out(options, &mut report);
    for graph in [graphs::grid(1_000), graphs::fan(1_000), graphs::random(1_000, 7)] {
        eprintln!("report: busy nodes, {}", graph.name());
        options.add(comparisons::two_cores(graph, &options.busy_guests(), effort), &mut report);
    }
    eprintln!("report: sleeping nodes");
    options.add(comparisons::sleeping(if options.quick { 3 } else { 15 }), &mut report);
    if options.json {
        return;
    }
    println!("{}", Glance::HEAD);
    for line in Glance::of(&report) {
        println!("{line}");
    }
    println!("\n{}", Row::HEAD);
    for row in &report {
        println!("{row}");
    }
}

/// Measures the cost of decorators and prints it in a separate table.
fn report_costs(options: &Options) {
    if !options.json {
        println!("{}{}", if options.decorators { "" } else { "\n" }, Cost::HEAD);
    }
    for case in CASES {
        eprintln!("report: decorated {}", case.name);
        let effort =
            Effort { rounds: if options.quick { 15 } else { 51 }, min_time: Duration::from_millis(1) };
        for cost in [Asyncness::Sync, Asyncness::Async]
            .into_iter()
            .filter_map(|asyncness| Cost::measure(case, asyncness, effort))
        {
            if options.json {
                println!("{}", cost.json());
            } else {
                println!("{cost}");
            }
        }
    }
}
