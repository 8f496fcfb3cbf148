//! All checks of the workspace. A failed step does not stop the later steps.
//!
//! Expensive steps run only if a file that they read differs from the base; see [`Changes`].

use std::fmt;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::task_error::TaskError;
use crate::tidy;
use changes::{Changes, StepInputs};

mod book;
mod browser;
mod cargo;
mod changes;
mod features;
mod service;
mod templates;
mod unsupported;

/// The options of `cargo xtask ci`.
#[derive(Debug, Args)]
pub(crate) struct CiOptions {
    /// Run only these steps.
    #[arg(long, value_name = "STEP", num_args = 1..)]
    only: Vec<CiStep>,
    /// Skip these steps.
    #[arg(long, value_name = "STEP", num_args = 1..)]
    skip: Vec<CiStep>,
    /// Also run the expensive steps whose inputs did not change.
    #[arg(long)]
    all: bool,
    /// List the steps and exit.
    #[arg(long)]
    list: bool,
}

/// A check. The order of the variants is the order of execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CiStep {
    /// All tests, with the README's command
    Test,
    /// The format of all sources
    Fmt,
    /// The compiler's and clippy's lints
    Clippy,
    /// The documentation and its links
    Doc,
    /// The pages of the book and their links; skipped without mdBook
    Book,
    /// The pages of runs and pictures in headless Chromium; skipped without Chromium or Node.js
    Pages,
    /// Each crate without default features, and with each single feature
    Features,
    /// The layout of the workspace
    Tidy,
    /// The dataflows of the workspace
    Lint,
    /// The linter's report of the unsupported pipeline
    Unsupported,
    /// The projects that `cargo icosian new` creates: format, clippy, tests and linter
    Templates,
    /// The code that runs in the linter's linked program
    Harness,
    /// Concurrent code of `icosian-core` under loom
    Loom,
    /// The arena under loom
    ArenaLoom,
    /// The arena under the address sanitizer; skipped except on Linux on x86-64
    Sanitizer,
    /// The scale tests with optimization
    Scale,
    /// The example service: start, request, shutdown
    Service,
    /// The hello-world example
    Hello,
    /// The example that accepts failures
    Graceful,
    /// The example adapter
    Adapter,
    /// The example decorators
    Decorator,
    /// The tested dataflow
    Testing,
    /// The example hook
    Hook,
    /// The linter with a custom rule
    Rule,
    /// The crawler
    Crawl,
    /// The document pipeline
    Documents,
    /// The batch job
    Batch,
    /// The example that draws a dataflow
    Pictures,
    /// The example with layers of tower
    Layers,
    /// Licences, bans and sources of dependencies; skipped without cargo-deny
    Deny,
}

impl CiStep {
    /// Returns the command of the step, for the log.
    fn command(self) -> &'static str {
        match self {
            Self::Test => "cargo test --workspace",
            Self::Fmt => "cargo fmt --all -- --check",
            Self::Clippy => "cargo clippy --workspace --all-targets --all-features -- -D warnings",
            Self::Doc => "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --workspace --all-features",
            Self::Book => "mdbook build docs, then check the links of its pages",
            Self::Pages => {
                "node xtask/browser/run_pages.mjs and picture_pages.mjs, with the pages of the examples"
            }
            Self::Features => "cargo check -p CRATE --no-default-features [--features FEATURE]",
            Self::Tidy => "cargo xtask tidy",
            Self::Lint => "cargo xtask lint-pipeline",
            Self::Unsupported => "cargo xtask lint-pipeline examples/unsupported-pipeline",
            Self::Templates => "cargo icosian new PROJECT, then cargo fmt, clippy, test and icosian lint",
            Self::Harness => "cargo test -p icosian-check --all-features",
            Self::Loom => "RUSTFLAGS='--cfg loom' cargo test --release -p icosian-core --test loom",
            Self::ArenaLoom => "RUSTFLAGS='--cfg loom' cargo test --release -p icosian-arena --test loom",
            Self::Sanitizer => "RUSTFLAGS='-Zsanitizer=address' cargo test -p icosian-arena --tests",
            Self::Scale => "cargo test --workspace --test scale, optimized",
            Self::Service => "PORT=.. cargo run -p async-service, POST /execute, kill -INT",
            Self::Hello => "cargo run -p hello-world",
            Self::Graceful => "cargo run -p graceful-errors",
            Self::Adapter => "cargo run -p custom-adapter",
            Self::Decorator => "cargo run -p custom-decorator",
            Self::Testing => "cargo run -p testing",
            Self::Hook => "cargo run -p custom-hook",
            Self::Rule => "cargo run -p custom-rule -- explain TEAM0001",
            Self::Crawl => "cargo run -p crawl",
            Self::Documents => "cargo run -p documents",
            Self::Batch => "cargo run -p batch",
            Self::Pictures => "cargo run -p pictures",
            Self::Layers => "cargo run -p tower-layers",
            Self::Deny => "cargo deny check bans licenses sources",
        }
    }

    /// Runs the step. Returns whether it passed.
    fn run(self) -> Result<bool, TaskError> {
        match self {
            Self::Test
            | Self::Fmt
            | Self::Clippy
            | Self::Harness
            | Self::Hello
            | Self::Graceful
            | Self::Adapter
            | Self::Decorator
            | Self::Testing
            | Self::Hook
            | Self::Rule
            | Self::Crawl
            | Self::Documents
            | Self::Batch
            | Self::Pictures
            | Self::Layers
            | Self::Deny => cargo::run_line(self.command()),
            Self::Doc => cargo::doc(),
            Self::Book => book::run(),
            Self::Lint => {
                Ok(crate::lint_pipeline::run(icosian_cli::LintOptions::default()) == icosian_cli::Exit::Clean)
            }
            Self::Loom => cargo::loom("icosian-core"),
            Self::ArenaLoom => cargo::loom("icosian-arena"),
            Self::Sanitizer => cargo::sanitizer(),
            Self::Scale => cargo::scale(),
            Self::Pages => browser::test_pages(),
            Self::Features => features::run(),
            Self::Tidy => tidy::run(&tidy::TidyOptions::default()),
            Self::Service => service::run(),
            Self::Unsupported => unsupported::run(),
            Self::Templates => templates::run(),
        }
    }

    /// Returns the files that the step reads, if it is expensive.
    fn inputs(self) -> StepInputs {
        match self {
            Self::Features => StepInputs::Folder("crates/"),
            Self::Templates => StepInputs::Packages(&["icosian", "icosian-cli"]),
            Self::Harness => StepInputs::Packages(&["icosian-check"]),
            Self::Pages => StepInputs::PackagesAndFolder(&["icosian-runs", "icosian-draw"], browser::SCRIPTS),
            Self::Loom => StepInputs::Packages(&["icosian-core"]),
            Self::ArenaLoom | Self::Sanitizer => StepInputs::Packages(&["icosian-arena"]),
            Self::Scale => StepInputs::Packages(&["icosian"]),
            _ => StepInputs::Everything,
        }
    }

    /// Returns why the step cannot run on this machine.
    fn obstacle(self) -> Option<String> {
        match self {
            Self::Book if book::builder().is_none() => {
                Some("mdBook is not installed; CONTRIBUTING.md has the command".to_owned())
            }
            Self::Pages => browser::obstacle(),
            Self::Deny if !cargo::has("deny") => Some("cargo-deny is not installed".to_owned()),
            Self::Sanitizer if !cargo::HAS_SANITIZER => Some(format!("it needs {}", cargo::SANITIZER_TARGET)),
            _ => None,
        }
    }

    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// The result of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CiOutcome {
    Passed,
    Failed,
    Skipped,
}

impl fmt::Display for CiOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::Skipped => "skipped",
        })
    }
}

/// Runs the steps and prints a table. Returns whether no step failed.
pub(crate) fn run(options: &CiOptions) -> bool {
    if options.list {
        for step in CiStep::value_variants() {
            println!("{:<12}{}", step.name(), step.command());
        }
        return true;
    }
    let changes = if options.all || !options.only.is_empty() {
        Changes::Unknown("`--all` or `--only` selects them".to_owned())
    } else {
        Changes::detect()
    };
    if let Changes::Unknown(reason) = &changes {
        println!("=== no step is skipped for unchanged inputs: {reason}");
    }
    let mut rows = Vec::new();
    for step in selected_steps(options) {
        if options.skip.contains(&step) {
            rows.push((step, CiOutcome::Skipped, Duration::ZERO));
            continue;
        }
        println!("\n=== {}: {}", step.name(), step.command());
        if let Some(reason) = step.obstacle().or_else(|| changes.reason_to_skip(step.inputs())) {
            println!("=== {}: skipped, {reason}", step.name());
            rows.push((step, CiOutcome::Skipped, Duration::ZERO));
            continue;
        }
        let start = Instant::now();
        let outcome = match step.run() {
            Ok(true) => CiOutcome::Passed,
            Ok(false) => CiOutcome::Failed,
            Err(failure) => {
                eprintln!("{failure}");
                CiOutcome::Failed
            }
        };
        let elapsed = start.elapsed();
        println!("=== {}: {outcome} in {:.1} s", step.name(), elapsed.as_secs_f64());
        rows.push((step, outcome, elapsed));
    }
    let count = |wanted: CiOutcome| rows.iter().filter(|(_, outcome, _)| *outcome == wanted).count();
    print!("\n{}", table(&rows));
    println!("\nsteps: {} passed, {} failed", count(CiOutcome::Passed), count(CiOutcome::Failed));
    count(CiOutcome::Failed) == 0
}

fn selected_steps(options: &CiOptions) -> impl Iterator<Item = CiStep> {
    let all = CiStep::value_variants().iter().copied();
    all.filter(|step| options.only.is_empty() || options.only.contains(step))
}

fn table(rows: &[(CiStep, CiOutcome, Duration)]) -> String {
    let line = |name: &str, outcome: &str, time: Duration| {
        format!("{name:<12}{outcome:<9}{:>7.1} s\n", time.as_secs_f64())
    };
    let head = format!("{:<12}{:<9}{:>9}\n", "step", "result", "time");
    let steps = rows.iter().map(|(step, outcome, time)| line(&step.name(), &outcome.to_string(), *time));
    let total = rows.iter().map(|(.., time)| *time).sum();
    std::iter::once(head).chain(steps).chain([line("total", "", total)]).collect()
}

#[cfg(test)]
mod tests {
    use super::{CiOptions, CiOutcome, CiStep, Duration, selected_steps, table};

    #[test]
    fn only_selects_steps_in_order() {
        let only = vec![CiStep::Tidy, CiStep::Fmt];
        let options = CiOptions { only, skip: Vec::new(), all: false, list: false };
        assert_eq!(selected_steps(&options).collect::<Vec<_>>(), [CiStep::Fmt, CiStep::Tidy]);
    }

    #[test]
    fn table_is_aligned() {
        let rows = [
            (CiStep::Features, CiOutcome::Failed, Duration::from_millis(61_540)),
            (CiStep::Fmt, CiOutcome::Skipped, Duration::ZERO),
        ];
        let expect = "\
step        result        time
features    FAILED      61.5 s
fmt         skipped      0.0 s
total                   61.5 s
";
        assert_eq!(table(&rows), expect);
    }
}
