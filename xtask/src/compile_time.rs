//! Measures the compile time of dataflows: generates crates, checks and builds them, and compares them with plain functions.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cargo_metadata::MetadataCommand;
use clap::Args;

use crate::task_error::TaskError;

mod source;

use source::{Functions, ModuleForm, SampleSource};

/// Sizes and rounds of the measurement.
#[derive(Debug, Args)]
pub(crate) struct CompileTimeOptions {
    /// Number of functions in a module; several sizes are separated by commas.
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [200, 2_000])]
    functions: Vec<u32>,
    /// Number of rounds; the table contains the shortest time of each command.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Kinds of functions to compile; all of them by default.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kinds: Vec<Functions>,
    /// Forms of the dataflow: without and with declared outputs, and compiled.
    #[arg(long, value_name = "FORM", value_delimiter = ',', default_values = ["dataflow"])]
    forms: Vec<ModuleForm>,
}

/// Generates the crates, compiles them, and prints a table.
pub(crate) fn run(options: &CompileTimeOptions) -> Result<bool, TaskError> {
    let metadata = MetadataCommand::new().no_deps().exec()?;
    let workshop = Workshop {
        folder: metadata.target_directory.join("compile-time").into(),
        root: metadata.workspace_root.into(),
    };
    let kinds = if options.kinds.is_empty() { Functions::ALL.as_slice() } else { &options.kinds };
    let mut rows = Vec::new();
    for &count in &options.functions {
        let pairs = kinds.iter().flat_map(|functions| options.forms.iter().map(|form| (*functions, *form)));
        for (functions, form) in pairs {
            for command in [CargoCommand::Check, CargoCommand::Build] {
                let package = |source: SampleSource| workshop.generate(source, count);
                let [plain, dataflow] =
                    [SampleSource::plain(functions), SampleSource::of(functions, form)].map(package);
                rows.push(TimingRow { functions, form, count, command, plain: plain?, dataflow: dataflow? });
            }
        }
    }
    // Compile the dependencies, which are shared by all packages.
    for row in rows.iter_mut().take(2) {
        row.dataflow.compile(row.command, 0)?;
    }
    for round in 1..=options.rounds {
        for row in &mut rows {
            eprintln!("compile-time: round {round}, {}", row.title());
            row.plain.measure(row.command, round)?;
            row.dataflow.measure(row.command, round)?;
        }
    }
    print!("{}", table(&rows));
    Ok(true)
}

/// The command of cargo that a row measures.
#[derive(Clone, Copy, Debug)]
enum CargoCommand {
    Check,
    Build,
}

impl CargoCommand {
    fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Build => "build",
        }
    }
}

/// A command of cargo for a dataflow, and for its functions alone.
struct TimingRow {
    functions: Functions,
    form: ModuleForm,
    count: u32,
    command: CargoCommand,
    plain: TimedPackage,
    dataflow: TimedPackage,
}

impl TimingRow {
    fn title(&self) -> String {
        let functions =
            format!("`cargo {}`, {} {} functions", self.command.name(), self.count, self.functions.name());
        if self.form == ModuleForm::Dataflow {
            functions
        } else {
            format!("{functions}, {}", self.form.name())
        }
    }
}

fn table(rows: &[TimingRow]) -> String {
    let mut table = String::from(
        "| | nodes | plain functions, CPU s (wall s) | dataflow, CPU s (wall s) | CPU ms per function above plain |\n\
         |---|--:|--:|--:|--:|\n",
    );
    for row in rows {
        let (plain, dataflow) = (&row.plain.least, &row.dataflow.least);
        let seconds =
            |time: &Times| format!("{:.2} ({:.2})", time.cpu.as_secs_f64(), time.wall.as_secs_f64());
        let above = dataflow.cpu.as_secs_f64() - plain.cpu.as_secs_f64();
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {:.2} |",
            row.title(),
            row.dataflow.nodes,
            seconds(plain),
            seconds(dataflow),
            above * 1e3 / f64::from(row.count)
        );
    }
    table
}

/// The folder of the generated packages.
struct Workshop {
    folder: PathBuf,
    root: PathBuf,
}

impl Workshop {
    /// Writes the package of a source.
    fn generate(&self, source: SampleSource, count: u32) -> Result<TimedPackage, TaskError> {
        let name = format!("{}-{count}", source.name());
        let folder = self.folder.join(&name);
        fs::create_dir_all(folder.join("src"))?;
        let icosian = self.root.join("crates/icosian");
        let icosian = icosian.display();
        let manifest = format!(
            "[package]\nname = \"compile-time-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
             [dependencies]\nicosian = {{ path = '{icosian}' }}\n\n[workspace]\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        // The versions of the workspace, which cargo has downloaded already.
        fs::copy(self.root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(TimedPackage {
            text: source.text(count as usize),
            nodes: source.nodes(count as usize),
            target: self.folder.join("target"),
            folder,
            least: Times { wall: Duration::MAX, cpu: Duration::MAX },
        })
    }
}

/// The duration of a command, and the processor time of all its processes.
#[derive(Clone, Copy, Debug)]
struct Times {
    wall: Duration,
    cpu: Duration,
}

/// A generated package, and its shortest times.
struct TimedPackage {
    folder: PathBuf,
    target: PathBuf,
    text: String,
    nodes: usize,
    least: Times,
}

impl TimedPackage {
    fn measure(&mut self, command: CargoCommand, round: u32) -> Result<(), TaskError> {
        let times = self.compile(command, round)?;
        self.least.wall = self.least.wall.min(times.wall);
        self.least.cpu = self.least.cpu.min(times.cpu);
        Ok(())
    }

    /// Compiles the package without incremental compilation, after a change of its source.
    fn compile(&self, command: CargoCommand, round: u32) -> Result<Times, TaskError> {
        let text = format!(
            "{}\n/// A change of the source.\npub const {}_{round}: () = ();\n",
            self.text,
            command.name().to_uppercase()
        );
        fs::write(self.folder.join("src/lib.rs"), text)?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let (start, cpu_before) = (Instant::now(), cpu_of_children());
        let status = Command::new(cargo)
            .args([command.name(), "--quiet", "--offline", "--manifest-path"])
            .arg(manifest(&self.folder))
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", "0")
            .stdin(Stdio::null())
            .status()?;
        let wall = start.elapsed();
        let cpu =
            cpu_of_children().zip(cpu_before).map_or(wall, |(after, before)| after.saturating_sub(before));
        if status.success() {
            Ok(Times { wall, cpu })
        } else {
            Err(format!("`cargo {}` of {} failed", command.name(), self.folder.display()).into())
        }
    }
}

fn manifest(folder: &Path) -> PathBuf {
    folder.join("Cargo.toml")
}

/// Returns the processor time of all child processes that have ended, including their children.
#[cfg(unix)]
fn cpu_of_children() -> Option<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let time = usage.user_time() + usage.system_time();
    Some(Duration::from_micros(u64::try_from(time.num_microseconds()).ok()?))
}

/// Returns `None`: the table then contains wall-clock time.
#[cfg(not(unix))]
fn cpu_of_children() -> Option<Duration> {
    None
}
