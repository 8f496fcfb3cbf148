use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use icosian_lint::{Baseline, Fixed, Format, Linter, Notice, Report, Settings};
use icosian_rules::Level;
use miette::Diagnostic;

use crate::screen::Screen;
use crate::{Exit, human};

/// What is looked at, how much each rule matters, and how findings are told.
///
/// # Examples
/// See [`lint`](crate::lint()).
#[derive(Clone, Debug, Default, Args)]
pub struct LintOptions {
    /// Files and folders; this folder if there are none.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Does not tell what this rule finds (`all` are all rules); `-W` and `-D` of the same rule count more.
    #[arg(short = 'A', long = "allow", value_name = "RULE")]
    allow: Vec<String>,
    /// Tells what this rule finds as a warning.
    #[arg(short = 'W', long = "warn", value_name = "RULE")]
    warn: Vec<String>,
    /// Tells what this rule finds as an error.
    #[arg(short = 'D', long = "deny", value_name = "RULE")]
    deny: Vec<String>,
    /// How findings are told.
    #[arg(long, value_enum, default_value_t)]
    format: Style,
    /// Mends what can be mended without changing what the code does.
    #[arg(long)]
    fix: bool,
    /// Mends all that has a fix, also where that may change what the code does.
    #[arg(long)]
    unsafe_fixes: bool,
    /// Does not tell what this file has: what was wrong when it was written.
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    baseline: Option<PathBuf>,
    /// Writes all that is wrong now to this file, for `--baseline`.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// Takes the settings from this file, not from the nearest `icosian.toml` or `Cargo.toml`.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// When there are colours.
    #[arg(long, value_enum, default_value_t)]
    color: Colour,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Style {
    /// With the source, for people
    #[default]
    Human,
    /// A line for each finding
    Short,
    /// One JSON object
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub's workflows
    Github,
    /// XML for build servers
    Junit,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// On terminals, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl LintOptions {
    /// Returns options that look at `paths`, when no other paths are named.
    ///
    /// # Examples
    /// ```
    /// let options = icosian_cli::LintOptions::default().or_paths(["src"]);
    /// assert_eq!(icosian_cli::lint(&options), icosian_cli::Exit::Clean);
    /// ```
    #[must_use]
    pub fn or_paths<P: Into<PathBuf>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        if self.paths.is_empty() {
            self.paths.extend(paths.into_iter().map(Into::into));
        }
        self
    }

    pub(crate) fn colour(&self) -> Option<bool> {
        match self.color {
            Colour::Auto => None,
            Colour::Always => Some(true),
            Colour::Never => Some(false),
        }
    }

    fn settings(&self, paths: &[PathBuf]) -> Result<Settings, icosian_lint::SettingsError> {
        let mut settings = match &self.settings {
            Some(file) => Settings::read(file)?,
            None => Settings::find(paths.first().map_or(Path::new("."), |first| first))?,
        };
        let said = [(&self.allow, Level::Allow), (&self.warn, Level::Warn), (&self.deny, Level::Deny)];
        // What is said of one rule counts more than what is said of all.
        for of_all in [true, false] {
            for (names, level) in &said {
                for name in names.iter().filter(|name| (*name == "all") == of_all) {
                    settings = settings.with_level(name, *level);
                }
            }
        }
        Ok(settings)
    }
}

pub(crate) fn run(options: &LintOptions, screen: &mut Screen<'_>) -> io::Result<Exit> {
    let here = [PathBuf::from(".")];
    let paths = if options.paths.is_empty() { &here } else { options.paths.as_slice() };
    let settings = match options.settings(paths) {
        Ok(settings) => settings,
        Err(error) => return failed(&error, screen),
    };
    let linter = Linter::new(settings.clone());
    if let Err(error) = settings.check(linter.cards()) {
        return failed(&error, screen);
    }

    let mut report = if options.fix || options.unsafe_fixes {
        let fixed = linter.fix(paths, options.unsafe_fixes);
        tell_of_fixes(&fixed)?;
        fixed.report
    } else {
        linter.lint(paths)
    };
    if let Some(file) = &options.write_baseline {
        if let Err(error) = std::fs::write(file, Baseline::of(&report).to_text()) {
            let error =
                miette::MietteDiagnostic::new(format!("`{}` cannot be written: {error}", file.display()));
            return failed(&error.with_code("icosian::cli::baseline_unwritten"), screen);
        }
        return Ok(if report.is_complete() { Exit::Clean } else { Exit::Failed });
    }
    if let Some(file) = &options.baseline {
        match Baseline::read(file) {
            Ok(baseline) => tell(&baseline.apply(&mut report), "warning")?,
            Err(error) => return failed(&error, screen),
        }
    }
    write(&report, options.format, screen)?;
    Ok(match (report.is_complete(), report.is_clean()) {
        (false, _) => Exit::Failed,
        (true, false) => Exit::Found,
        (true, true) => Exit::Clean,
    })
}

fn write(report: &Report, style: Style, screen: &mut Screen<'_>) -> io::Result<()> {
    let format = match style {
        Style::Human => return human::write(report, screen),
        Style::Short => Format::Short,
        Style::Json => Format::Json,
        Style::Sarif => Format::Sarif,
        Style::Github => Format::Github,
        Style::Junit => Format::Junit,
    };
    format.write(report, screen.out())
}

fn failed(error: &dyn Diagnostic, screen: &mut Screen<'_>) -> io::Result<Exit> {
    screen.draw(error)?;
    Ok(Exit::Failed)
}

/// What happened on the way is no part of the report.
fn tell_of_fixes(fixed: &Fixed) -> io::Result<()> {
    tell(&fixed.undone, "warning")?;
    match fixed.applied {
        0 => Ok(()),
        1 => writeln!(io::stderr(), "1 fix applied"),
        many => writeln!(io::stderr(), "{many} fixes applied"),
    }
}

fn tell(notices: &[Notice], kind: &str) -> io::Result<()> {
    notices.iter().try_for_each(|notice| writeln!(io::stderr(), "{kind}: {notice}"))
}
