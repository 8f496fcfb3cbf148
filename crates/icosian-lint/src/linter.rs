use std::path::{Path, PathBuf};

use icosian_rules::{Rule, RuleMetadata};

use crate::analysis::{analyze, analyze_text};
use crate::describe::{Descriptions, describe};
use crate::fix::{fix, fix_text};
use crate::link::{LinkPurpose, link, verify_fixes};
use crate::merge::merge;
use crate::rule_set::RuleSet;
use crate::walk::find_files;
use crate::{Baseline, FixOutcome, FixScope, LinkOptions, Report, Settings, baseline};

/// The configuration of a linter: rules, and settings with their levels.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
/// use icosian_rules::{Finding, rule};
///
/// rule! {
///     /// ## Check
///     /// Finds nodes with upper case names.
///     pub struct ShoutingNode {
///         code: "ACM0001",
///         name: "shouting-node",
///         level: Warn,
///         stage: Source,
///     }
///     |facts| {
///         let loud = facts.functions().filter(|it| it.name.chars().all(char::is_uppercase));
///         loud.map(|it| Finding::new(it.name_span, format!("node `{}` shouts", it.name))).collect()
///     }
/// }
///
/// let linter = Linter::new(Settings::default()).with_rule(&ShoutingNode);
/// let report = linter.lint_text("src/loud.rs", "#[node]\npub fn RATE() -> f64 { 1.0 }\n");
/// assert_eq!(report.diagnoses()[0].message(), "node `RATE` shouts");
/// assert!(linter.all_metadata().any(|metadata| metadata.name == "busy-wait"));
/// ```
#[derive(Clone, Debug)]
pub struct Linter {
    rules: RuleSet,
}

impl Linter {
    /// Returns a linter with the built-in rules.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { rules: RuleSet::new(settings) }
    }

    /// Adds a rule.
    #[must_use]
    pub fn with_rule(mut self, rule: &'static dyn Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Returns the metadata of the rules.
    pub fn all_metadata(&self) -> impl Iterator<Item = &'static RuleMetadata> + '_ {
        self.rules.all_metadata()
    }

    /// Returns the files that [`lint`](Self::lint) reads for `paths`, sorted.
    #[must_use]
    pub fn files(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        find_files(paths, &self.rules.settings).0.into_iter().map(|file| file.path).collect()
    }

    /// Checks the source of the Rust files below `paths`.
    ///
    /// Files that `.gitignore` or the settings exclude are skipped, unless `paths` names them. Symbolic links are followed.
    /// Packages below a workspace that are not part of it are skipped too; [`Report::foreign`] lists them. A file that
    /// cannot be read becomes a [`Notice`](crate::Notice); the other files are still checked.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let report = Linter::new(Settings::default()).lint(&["src/lib.rs".into(), "not/there".into()]);
    /// assert_eq!(report.notices().len(), 1);
    /// ```
    #[must_use]
    pub fn lint(&self, paths: &[PathBuf]) -> Report {
        merge(&self.rules, analyze(&self.rules, paths), None)
    }

    /// Checks `text` as if it were the file at `path`.
    #[must_use]
    pub fn lint_text(&self, path: impl AsRef<Path>, text: impl Into<String>) -> Report {
        merge(&self.rules, analyze_text(&self.rules, path.as_ref(), text.into()), None)
    }

    /// Checks the Rust files below `paths` as [`lint`](Self::lint) does, links the libraries and programs that contain them, and
    /// checks their dataflows as a driver does.
    ///
    /// With [`LinkOptions::clippy`], clippy checks the bodies of nodes, also in examples.
    ///
    /// A crate that does not compile becomes a [`Notice`](crate::Notice); its source is still checked. Files that belong to no
    /// package, and the files of tests and examples, are checked as source only.
    #[must_use]
    pub fn lint_linked(&self, paths: &[PathBuf], options: &LinkOptions) -> Report {
        let sources = analyze(&self.rules, paths);
        let link = link(&self.rules, &sources, paths, options, LinkPurpose::Check);
        merge(&self.rules, sources, Some(link))
    }

    /// Links the libraries and programs below `paths` as [`lint_linked`](Self::lint_linked) does, and describes the graphs of their
    /// dataflows.
    ///
    /// Each driver contains one dataflow, and the dataflows that the settings add to it. If a driver cannot be built,
    /// [`Descriptions::report`] contains the findings.
    #[must_use]
    pub fn describe(&self, paths: &[PathBuf], options: &LinkOptions) -> Descriptions {
        describe(&self.rules, paths, options)
    }

    /// Fixes the Rust files below `paths`, and checks them again.
    ///
    /// A file that no longer parses is reverted; [`FixOutcome::reverted`] lists it. Nothing is compiled:
    /// [`fix_linked`](Self::fix_linked) does that too.
    #[must_use]
    pub fn fix(&self, paths: &[PathBuf], scope: FixScope) -> FixOutcome {
        fix(self.lint(paths), scope, || self.lint(paths))
    }

    /// Fixes `text` as if it were the file at `path`. Returns the fixed text.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{FixScope, Linter, Settings};
    ///
    /// let faulty = "#[tag(owner = \"finance\")]\n#[node]\npub fn rate() -> f64 { 1.0 }\n";
    /// let linter = Linter::new(Settings::default());
    /// let (text, outcome) = linter.fix_text("src/rates.rs", faulty, FixScope::Safe);
    /// assert_eq!(text, "#[node]\n#[tag(owner = \"finance\")]\npub fn rate() -> f64 { 1.0 }\n");
    /// assert!(outcome.report.is_clean() && outcome.applied == 1);
    /// ```
    #[must_use]
    pub fn fix_text(&self, path: &str, text: impl Into<String>, scope: FixScope) -> (String, FixOutcome) {
        fix_text(path, text.into(), scope, |text| self.lint_text(path, text))
    }

    /// Fixes files as [`fix`](Self::fix) does, compiles the workspaces of the files, and checks the files again as
    /// [`lint_linked`](Self::lint_linked) does.
    ///
    /// All targets are compiled, with the selected features and with all features. Files with fixes that break the build are
    /// reverted. In a workspace that did not compile before, fixes only add no new errors.
    #[must_use]
    pub fn fix_linked(&self, paths: &[PathBuf], scope: FixScope, options: &LinkOptions) -> FixOutcome {
        let lint_linked = || self.lint_linked(paths, options);
        verify_fixes(paths, scope, options, || self.lint(paths), lint_linked)
    }

    /// Removes the findings of `baseline` from `report`, and adds a finding for each entry that is fixed.
    #[must_use]
    pub fn apply_baseline(&self, baseline: &Baseline, report: Report) -> Report {
        baseline::apply(&self.rules, baseline, report)
    }
}
