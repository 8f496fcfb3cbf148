use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use icosian_lint::{
    Baseline, Diagnosis, FixOutcome, FixScope, Format, LinkOptions, Linter, Report, Settings, escape_controls,
};
use icosian_rules::Rule;
use miette::Diagnostic;

use crate::human::Detail;
use crate::levels::Levels;
use crate::linking::{LinkingOptions, find_packages};
use crate::screen::{ColourChoice, Screen, note};
use crate::version_control::VersionControlOptions;
use crate::watch::{FileWatch, Snapshot};
use crate::{Exit, explain, human};

/// The options of `lint`: inputs, levels of rules, and output.
#[derive(Clone, Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent flag of the command line")]
pub struct LintOptions {
    /// Files and folders [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Check a package of this workspace; can be repeated
    #[arg(short = 'p', long = "package", value_name = "NAME")]
    packages: Vec<String>,
    #[command(flatten)]
    linking: LinkingOptions,
    #[command(flatten)]
    levels: Levels,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputStyle,
    /// Apply fixes that keep the behaviour of the code, except where it would no longer compile
    #[arg(long)]
    fix: bool,
    /// Apply all fixes, including fixes that may change the behaviour of the code
    #[arg(long)]
    unsafe_fixes: bool,
    #[command(flatten)]
    version_control: VersionControlOptions,
    /// Hide the findings in this file
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    baseline: Option<PathBuf>,
    /// Write all findings to this file, for `--baseline`
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// Read the settings from this file instead of the nearest `icosian.toml` or `Cargo.toml`
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Check again when a source or the settings change
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "write_baseline"])]
    watch: bool,
    /// Explain a rule or an error
    #[arg(long, value_name = "CODE", exclusive = true)]
    explain: Option<String>,
    /// Exit with 0 when there is nothing to check
    #[arg(long)]
    allow_empty: bool,
    /// List the rules that were skipped
    #[arg(short, long)]
    verbose: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value_t)]
    color: ColourChoice,
    #[arg(skip)]
    rules: Vec<&'static dyn Rule>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum OutputStyle {
    /// Findings with their source, for people
    #[default]
    Human,
    /// One line for each finding
    Short,
    /// One JSON object
    Json,
    /// SARIF 2.1.0
    #[cfg(feature = "sarif")]
    Sarif,
    /// Annotations for GitHub workflows
    Github,
    /// XML in the format of `JUnit`, for build servers
    Junit,
    /// JSON lines in the compiler's format, for editors
    Rustc,
}

impl LintOptions {
    /// Sets the paths, unless the options have paths or packages already.
    ///
    /// # Examples
    /// ```
    /// let options = icosian_cli::LintOptions::default().or_paths(["../../examples/async-service"]);
    /// assert_eq!(icosian_cli::lint(&options), icosian_cli::Exit::Clean);
    /// ```
    #[must_use]
    pub fn or_paths<P: Into<PathBuf>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        if self.paths.is_empty() && self.packages.is_empty() {
            self.paths.extend(paths.into_iter().map(Into::into));
        }
        self
    }

    /// Adds custom rules.
    #[must_use]
    pub fn with_rules(mut self, rules: impl IntoIterator<Item = &'static dyn Rule>) -> Self {
        self.rules.extend(rules);
        self
    }

    pub(crate) fn colour(&self) -> ColourChoice {
        self.color
    }

    fn fix_scope(&self) -> Option<FixScope> {
        match (self.fix, self.unsafe_fixes) {
            (_, true) => Some(FixScope::All),
            (true, false) => Some(FixScope::Safe),
            (false, false) => None,
        }
    }

    fn settings(&self, paths: &[PathBuf]) -> Result<Settings, icosian_lint::SettingsError> {
        let settings = match &self.settings {
            Some(file) => Settings::read(file)?,
            None => Settings::find(paths.first().map_or(Path::new("."), |first| first))?,
        };
        Ok(self.levels.put_into(settings))
    }
}

pub(crate) fn run(options: &LintOptions, screen: &mut Screen<'_>) -> io::Result<Exit> {
    if let Some(rule) = &options.explain {
        return explain::run(rule, &options.rules, screen);
    }
    let mut paths = options.paths.clone();
    if !options.packages.is_empty() {
        match find_packages(Path::new("."), &options.packages) {
            Ok(folders) => paths.extend(folders),
            Err(error) => return failed(&*error, screen),
        }
    }
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    if !options.watch {
        return once(options, &paths, screen);
    }
    let files = options.settings(&paths).map_or_else(|_| Vec::new(), |it| Linter::new(it).files(&paths));
    let watch = match FileWatch::new(&paths, &files) {
        Ok(watch) => watch,
        Err(error) => return unwatched(&error, screen),
    };
    loop {
        screen.clear()?;
        let before = snapshot(options, &paths);
        once(options, &paths, screen)?;
        screen.out().flush()?;
        if screen.is_closed() {
            return Ok(Exit::Clean);
        }
        note("waiting for changes");
        if let Err(error) = watch.wait(|| snapshot(options, &paths) != before) {
            return unwatched(&error, screen);
        }
    }
}

/// Returns the state of the files to check, or of no files where the settings cannot be read.
fn snapshot(options: &LintOptions, paths: &[PathBuf]) -> Snapshot {
    let files = options.settings(paths).map_or_else(|_| Vec::new(), |it| Linter::new(it).files(paths));
    Snapshot::of(files)
}

fn unwatched(error: &notify_debouncer_full::notify::Error, screen: &mut Screen<'_>) -> io::Result<Exit> {
    let error = miette::MietteDiagnostic::new(format!("changes cannot be watched: {error}"));
    failed(&error.with_code("ICO1311 watch-failed"), screen)
}

/// Checks the paths once and writes the report.
fn once(options: &LintOptions, paths: &[PathBuf], screen: &mut Screen<'_>) -> io::Result<Exit> {
    let settings = match options.settings(paths) {
        Ok(settings) => settings,
        Err(error) => return failed(&error, screen),
    };
    let linter =
        options.rules.iter().fold(Linter::new(settings.clone()), |linter, rule| linter.with_rule(*rule));
    if let Err(error) = settings.check(linter.all_metadata()) {
        return failed(&error, screen);
    }

    let link_options = match options.linking.link_options(&settings) {
        Ok(link_options) => link_options,
        Err(error) => return failed(&*error, screen),
    };
    let fixes = options.fix_scope();
    if fixes.is_some()
        && let Err(error) = options.version_control.check(paths)
    {
        return failed(&*error, screen);
    }
    let (mut report, applied) = lint(&linter, paths, link_options.as_ref(), fixes);
    if !options.allow_empty {
        report = report.with_notice_if_empty(paths);
    }
    for notice in report.notices().iter().filter(|notice| !notice.details().is_empty()) {
        notice.details().trim_end().lines().for_each(|line| note(escape_controls(line)));
    }
    if let Some(file) = &options.write_baseline {
        if let Err(error) = std::fs::write(file, Baseline::of(&report).to_text()) {
            let error =
                miette::MietteDiagnostic::new(format!("`{}` cannot be written: {error}", file.display()));
            return failed(&error.with_code("ICO1308 baseline-unwritten"), screen);
        }
        return Ok(if report.is_complete() { Exit::Clean } else { Exit::Failed });
    }
    if let Some(file) = &options.baseline {
        match Baseline::read(file) {
            Ok(baseline) => report = linter.apply_baseline(&baseline, report),
            Err(error) => return failed(&error, screen),
        }
    }
    write(&report, options, screen)?;
    if let (Some(applied), OutputStyle::Human, false) = (applied, options.format, options.unsafe_fixes) {
        write_unsafe_fixes(applied, &report, screen)?;
    }
    Ok(match (report.is_complete(), report.is_clean()) {
        (false, _) => Exit::Failed,
        (true, false) => Exit::Found,
        (true, true) => Exit::Clean,
    })
}

/// Checks the paths, and applies fixes if `fixes` selects some. Returns the report, and the number of fixes.
fn lint(
    linter: &Linter,
    paths: &[PathBuf],
    link_options: Option<&LinkOptions>,
    fixes: Option<FixScope>,
) -> (Report, Option<usize>) {
    let Some(scope) = fixes else {
        let linked = link_options.map(|link_options| linter.lint_linked(paths, link_options));
        return (linked.unwrap_or_else(|| linter.lint(paths)), None);
    };
    let outcome = match link_options {
        Some(link_options) => linter.fix_linked(paths, scope, link_options),
        None => linter.fix(paths, scope),
    };
    report_fixes(&outcome);
    (outcome.report, Some(outcome.applied))
}

fn write(report: &Report, options: &LintOptions, screen: &mut Screen<'_>) -> io::Result<()> {
    let detail = if options.verbose { Detail::Verbose } else { Detail::Usual };
    let format = match options.format {
        OutputStyle::Human => return human::write(report, detail, screen),
        OutputStyle::Short => Format::Short,
        OutputStyle::Json => Format::Json,
        #[cfg(feature = "sarif")]
        OutputStyle::Sarif => Format::Sarif,
        OutputStyle::Github => Format::Github,
        OutputStyle::Junit => Format::Junit,
        OutputStyle::Rustc => Format::Rustc,
    };
    format.write(report, screen.out())
}

fn failed(error: &dyn Diagnostic, screen: &mut Screen<'_>) -> io::Result<Exit> {
    screen.draw(error)?;
    Ok(Exit::Failed)
}

/// Prints the number of fixes, and the fixes that were reverted.
fn report_fixes(fixed: &FixOutcome) {
    fixed.reverted.iter().for_each(|notice| note(format_args!("warning: {notice}")));
    match fixed.applied {
        0 => {}
        1 => note("1 fix applied"),
        many => note(format_args!("{many} fixes applied")),
    }
}

/// Writes the number of findings that only `--unsafe-fixes` fixes, if there are any.
fn write_unsafe_fixes(applied: usize, report: &Report, screen: &mut Screen<'_>) -> io::Result<()> {
    let is_unsafe = |found: &&Diagnosis| found.patch().is_some_and(|patch| !patch.is_safe());
    let have = match report.diagnoses().iter().filter(is_unsafe).count() {
        0 => return Ok(()),
        1 => "1 finding has".to_owned(),
        many => format!("{many} findings have"),
    };
    // `report_fixes` has printed any other number.
    let none = if applied == 0 { "0 fixes applied; " } else { "" };
    writeln!(screen.out(), "{none}{have} a fix under `--unsafe-fixes`")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::Parser;
    use icosian_lint::{Diagnosis, Linter, Settings};

    use super::{LintOptions, run};
    use icosian_rules::Stage;

    use crate::Exit;
    use crate::screen::Screen;

    const FAULTY: &str = "../../examples/faulty-pipeline";

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        lint: LintOptions,
    }

    /// Returns the output on a terminal of `width` columns, and the exit status.
    fn told(arguments: &[&str], width: usize) -> (String, Exit) {
        let line = Line::parse_from([&["lint"], arguments].concat());
        let mut text = Vec::new();
        let exit = Screen::text(&mut text, width).end(|screen| run(&line.lint, screen));
        (String::from_utf8(text).unwrap(), exit)
    }

    #[test]
    fn report_of_the_faulty_pipeline() {
        let (text, exit) = told(&[FAULTY], 100);
        insta::assert_snapshot!(text);
        assert_eq!(exit, Exit::Found);
        let (text, exit) = told(&[FAULTY, "--format", "short"], 100);
        insta::assert_snapshot!("short", text);
        assert_eq!(exit, Exit::Found);
    }

    /// Draws outdated pictures again; then the test fails once.
    #[test]
    fn pictures_match_the_report() {
        let async_rules = ["blocking-call-in-async-node", "block-on-in-node", "detached-task"];
        let some = ["-A", "all", "-D", async_rules[0], "-D", async_rules[1], "-W", async_rules[2]];
        let mut stale = Vec::new();
        for (name, arguments) in [("report", &[][..]), ("excerpt", &some)] {
            let line = Line::parse_from([&["lint", FAULTY], arguments].concat());
            let mut text = Vec::new();
            Screen::coloured(&mut text, 100).end(|screen| run(&line.lint, screen));
            let text = String::from_utf8(text).unwrap().replace(&format!("{FAULTY}/"), "");
            let drawn = anstyle_svg::Term::new().palette(anstyle_svg::WIN10_CONSOLE).render_svg(&text);
            let file = format!("{FAULTY}/{name}.svg");
            if std::fs::read_to_string(&file).unwrap_or_default() != drawn {
                std::fs::write(&file, drawn).unwrap();
                stale.push(file);
            }
        }
        assert!(stale.is_empty(), "these were out of date, and are drawn anew: {stale:?}");
    }

    #[test]
    fn faulty_pipeline_breaks_every_rule_of_source() {
        let linter = Linter::new(Settings::find(FAULTY.as_ref()).unwrap());
        let report = linter.lint(&[FAULTY.into()]);
        let broken: BTreeSet<_> = report.diagnoses().iter().map(Diagnosis::code).collect();
        // A baseline is not a source file, and faults of the syntax have their examples in their pages only.
        let is_syntax =
            |code: &str| ("ICO0025"..="ICO0035").contains(&code) || ("ICO0424"..="ICO0431").contains(&code);
        let of_source = linter.all_metadata().filter(|metadata| {
            metadata.stage <= Stage::Source && metadata.name != "stale-baseline" && !is_syntax(metadata.code)
        });
        let all: BTreeSet<_> = of_source.map(|metadata| metadata.code).collect();
        assert_eq!(broken, all);
    }

    #[test]
    fn fix_names_the_findings_that_only_unsafe_fixes_fix() {
        let file = std::env::temp_dir().join(format!("icosian-unsafe-fixes-{}.rs", std::process::id()));
        let safe = "#[tag(a = \"1\")]\n#[node]\npub fn g() -> u8 { 1 }\n";
        let blocking = |calls: &str| format!("#[node]\npub async fn f() -> u8 {{ {calls} 1 }}\n");
        let calls = ["", "std::fs::read(a);", "std::fs::read(a); std::fs::read(b);"];
        let fix = |text: String, options: &[&str]| {
            std::fs::write(&file, text).unwrap();
            let name = file.to_str().unwrap();
            let (text, _) = told(&[&[name, "--fast", "--allow-no-vcs"], options].concat(), 200);
            text.lines().last().unwrap_or_default().to_owned()
        };
        let ends = [
            fix(blocking(calls[2]), &["--fix"]),
            fix(blocking(calls[1]) + safe, &["--fix"]),
            fix(blocking(calls[0]) + safe, &["--fix"]),
            fix(blocking(calls[1]), &["--fix", "--unsafe-fixes"]),
            fix(blocking(calls[1]), &["--fix", "--format", "short"]),
            fix(blocking(calls[1]), &[]),
        ];
        std::fs::remove_file(&file).unwrap();
        assert_eq!(ends[0], "0 fixes applied; 2 findings have a fix under `--unsafe-fixes`");
        assert_eq!(ends[1], "1 finding has a fix under `--unsafe-fixes`");
        assert!(ends[2..].iter().all(|end| !end.contains("--unsafe-fixes`")), "{ends:?}");
    }

    #[test]
    fn report_fits_a_narrow_terminal() {
        let (text, _) =
            told(&["../../examples/faulty-pipeline/src/orders.rs", "-A", "all", "-D", "ICO0002"], 50);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn invalid_requests_fail() {
        let tried = [
            &["-W", "bussy-wait"] as &[&str],
            &["not/there"],
            &["../icosian-schema/src", "--fast"],
            &["tests/it/snapshots", "--fast"],
            &["src", "--settings", "not/there.toml"],
            &["src", "--settings", "src/lib.rs"],
            &[FAULTY, "--baseline", "not/there.json"],
            &[FAULTY, "--baseline", "Cargo.toml"],
        ];
        let texts = tried.map(|arguments| {
            let (text, exit) = told(arguments, 100);
            assert_eq!(exit, Exit::Failed, "{arguments:?}");
            text
        });
        insta::assert_snapshot!(texts.join("\n"));
    }

    #[test]
    fn level_of_one_rule_overrides_all() {
        let file = "../../examples/faulty-pipeline/src/orders.rs";
        let codes = |arguments: &[&str]| {
            let (text, _) = told(&[&[file, "--format", "short"], arguments].concat(), 100);
            text.lines().filter_map(|line| line.split(' ').nth(2).map(str::to_owned)).collect::<BTreeSet<_>>()
        };
        assert_eq!(codes(&["-A", "all", "-W", "duplicate_node"]), BTreeSet::from(["ICO0002".to_owned()]));
        assert!(!codes(&["-D", "all", "-A", "ICO0002"]).contains("ICO0002"));
        assert!(codes(&["-A", "all"]).is_empty());
        assert!(!codes(&["-A", "ICO0002", "-D", "all"]).contains("ICO0002"));
    }

    #[test]
    fn last_level_of_a_rule_wins() {
        let file = "../../examples/faulty-pipeline/src/orders.rs";
        let found = |arguments: &[&str]| {
            let all = [&["-A", "all", file, "--format", "short"], arguments].concat();
            told(&all, 100).0.lines().next().and_then(|line| line.split(' ').nth(1).map(str::to_owned))
        };
        assert_eq!(found(&["-D", "ICO0002", "-A", "ICO0002"]), None);
        assert_eq!(found(&["-D", "ICO0002", "--allow=duplicate-node"]), None);
        assert_eq!(found(&["-A", "ICO0002", "-D", "ICO0002"]).as_deref(), Some("deny"));
        assert_eq!(found(&["-D", "ICO0002", "-W", "duplicate_node"]).as_deref(), Some("warn"));
        assert_eq!(found(&["-W", "ICO0002", "-D", "all", "-A", "all"]).as_deref(), Some("warn"));
    }

    #[test]
    fn warning_has_the_exit_status_of_an_error() {
        let file = "../../examples/faulty-pipeline/src/orders.rs";
        for (level, exit) in [("-A", Exit::Clean), ("-W", Exit::Found), ("-D", Exit::Found)] {
            assert_eq!(told(&[file, "-A", "all", level, "duplicate-node"], 100).1, exit, "{level}");
        }
    }

    #[test]
    fn baseline_hides_known_findings() {
        let file = std::env::temp_dir().join(format!("icosian-baseline-{}.json", std::process::id()));
        let name = file.to_str().unwrap();
        assert_eq!(told(&[FAULTY, "--write-baseline", name], 100), (String::new(), Exit::Clean));
        let (text, exit) = told(&[FAULTY, "--baseline", name], 100);
        std::fs::remove_file(&file).unwrap();
        assert_eq!((text.lines().count(), exit), (1, Exit::Clean), "{text}");
    }

    #[test]
    fn skipped_rules_are_listed_on_request() {
        let file = "../../examples/faulty-pipeline/src/orders.rs";
        let skipped = |arguments: &[&str]| told(&[&[file, "-A", "all"], arguments].concat(), 100).0;
        assert!(!skipped(&[]).contains("skipped"));
        let text = skipped(&["--verbose"]);
        assert!(
            text.contains("skipped without a linked crate: ") && text.contains("unlinked-node"),
            "{text}"
        );
        assert!(text.contains("skipped without `--clippy`: ") && text.contains("large-future"), "{text}");
    }

    #[test]
    fn empty_run_fails_unless_allowed() {
        for (path, text) in
            [("src", "has no dataflows and no nodes"), ("tests/it/snapshots", "has no Rust files")]
        {
            let (report, exit) = told(&[path, "--fast"], 100);
            assert!(report.contains(text) && exit == Exit::Failed, "{report}");
            assert_eq!(told(&[path, "--fast", "--allow-empty"], 100).1, Exit::Clean);
        }
    }
}
