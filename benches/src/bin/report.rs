//! Races all contenders and prints a Markdown table, or with `--json` an object a line. `--quick` leaves large graphs out.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program speaks to its terminal"
)]

use std::process::ExitCode;
use std::time::Duration;

use icosian_benches::graphs::{self, SHAPES};
use icosian_benches::report::Row;
use icosian_benches::report::races::{self, Workers};
use icosian_benches::stopwatch::Effort;

fn main() -> ExitCode {
    let (mut quick, mut json) = (false, false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--quick" => quick = true,
            "--json" => json = true,
            other => {
                eprintln!("report: there is no option `{other}`, only `--quick` and `--json`");
                return ExitCode::FAILURE;
            }
        }
    }
    if !json {
        println!("{}", Row::HEAD);
    }
    let print = |rows: Vec<Row>| {
        for row in rows {
            if json {
                println!("{}", row.json());
            } else {
                println!("{row}");
            }
        }
    };
    let effort = Effort { turns: 15, turn: Duration::from_millis(1) };
    let sizes: &[usize] = if quick { &[100, 1_000] } else { &[100, 1_000, 100_000] };
    for shape in SHAPES {
        for &n in sizes {
            let graph = shape(n);
            eprintln!("report: run {}, {n} nodes", graph.name());
            print(races::run(graph, effort));
        }
    }
    for &n in if quick { &[1_000][..] } else { &[1_000, 100_000] } {
        for graph in [graphs::chain(n), graphs::random(n, 7)] {
            eprintln!("report: build {}, {n} nodes", graph.name());
            print(races::build(&graph, effort.turns));
        }
    }
    for workers in [Workers::One, Workers::Two] {
        eprintln!("report: concurrent runs, {workers:?}");
        print(races::concurrent(workers, effort));
    }
    for graph in [graphs::grid(1_000), graphs::fan(1_000), graphs::random(1_000, 7)] {
        eprintln!("report: busy nodes, {}", graph.name());
        print(races::two_cores(graph, effort));
    }
    eprintln!("report: sleeping nodes");
    print(races::sleeping(if quick { 3 } else { 15 }));
    ExitCode::SUCCESS
}
