//! How long a dataflow takes to compile: a crate of its own is generated, checked and built, with its dependencies warm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cargo_metadata::MetadataCommand;
use clap::Args;

use crate::failure::Failure;

mod module;

use module::Module;

/// What to compile, and how often.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many functions a module has.
    #[arg(long, value_name = "N", default_value_t = 200)]
    functions: usize,
    /// How often each is compiled; the shortest time counts, because others may use the machine.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    turns: u32,
}

/// Generates the crates, compiles them, and prints a table.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    let metadata = MetadataCommand::new().no_deps().exec()?;
    let ground = Ground {
        folder: metadata.target_directory.join("compile-time").into(),
        root: metadata.workspace_root.into(),
    };
    println!(
        "| module of {} functions | nodes | cargo check, s | cargo build, s | build, ms a function |",
        options.functions
    );
    println!("|---|--:|--:|--:|--:|");
    for module in Module::ALL {
        eprintln!("compile-time: {}", module.name());
        let made = ground.made(module, options.functions)?;
        let check = made.least("check", options.turns)?;
        let build = made.least("build", options.turns)?;
        let each = build.as_secs_f64() * 1e3 / f64::from(u32::try_from(options.functions)?);
        let (check, build) = (check.as_secs_f64(), build.as_secs_f64());
        println!(
            "| {} | {} | {check:.2} | {build:.2} | {each:.1} |",
            module.name(),
            module.nodes(options.functions)
        );
    }
    Ok(true)
}

/// Where crates are generated.
struct Ground {
    folder: PathBuf,
    root: PathBuf,
}

impl Ground {
    /// Writes the crate of a module.
    fn made(&self, module: Module, functions: usize) -> Result<Made, Failure> {
        let folder = self.folder.join(module.name());
        fs::create_dir_all(folder.join("src"))?;
        let icosian = self.root.join("crates/icosian");
        let icosian = icosian.display();
        let manifest = format!(
            "[package]\nname = \"compile-time-{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
             [dependencies]\nicosian = {{ path = '{icosian}' }}\n\n[workspace]\n",
            module.name()
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        // The versions that the workspace has, which are there already.
        fs::copy(self.root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Made { source: module.source(functions), target: self.folder.join("target"), folder })
    }
}

/// A crate that has been generated.
struct Made {
    folder: PathBuf,
    target: PathBuf,
    source: String,
}

impl Made {
    /// Returns how long a command of cargo takes at least for this crate alone.
    fn least(&self, command: &str, turns: u32) -> Result<Duration, Failure> {
        // The first one compiles the dependencies too.
        self.compile(command, 0)?;
        let all = (1..=turns).map(|turn| self.compile(command, turn)).collect::<Result<Vec<_>, _>>()?;
        Ok(all.into_iter().min().unwrap_or_default())
    }

    fn compile(&self, command: &str, turn: u32) -> Result<Duration, Failure> {
        let source = format!(
            "{}\n/// Another one for each turn.\npub const {}_{turn}: () = ();\n",
            self.source,
            command.to_uppercase()
        );
        fs::write(self.folder.join("src/lib.rs"), source)?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let start = Instant::now();
        let done = Command::new(cargo)
            .args([command, "--quiet", "--offline", "--manifest-path"])
            .arg(manifest(&self.folder))
            .env("CARGO_TARGET_DIR", &self.target)
            // As the first time: nothing is left of the crate itself.
            .env("CARGO_INCREMENTAL", "0")
            .stdin(Stdio::null())
            .status()?;
        let took = start.elapsed();
        if done.success() {
            Ok(took)
        } else {
            Err(format!("`cargo {command}` of {} failed", self.folder.display()).into())
        }
    }
}

fn manifest(folder: &Path) -> PathBuf {
    folder.join("Cargo.toml")
}
