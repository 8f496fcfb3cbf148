use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use icosian_rules::{Card, Fact, Level, Rule, Stage, rules};

use crate::source::{self, Read};
use crate::{Diagnosis, Notice, Report, Settings, SourceText, walk};

/// The stack of a thread that parses, most of which is never touched: files may nest deep.
pub(crate) const STACK: usize = 256 << 20;

/// The rule that is about what all others found.
const UNUSED_ALLOW: &str = "ICO1002";

/// Rules, and the settings that say how much each matters.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
/// use icosian_rules::{Finding, rule};
///
/// rule! {
///     /// ## What it does
///     /// Finds nodes that shout.
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
/// ```
#[derive(Clone, Debug)]
pub struct Linter {
    rules: Vec<&'static dyn Rule>,
    settings: Settings,
}

/// What one file gave.
#[derive(Default)]
struct Looked {
    diagnoses: Vec<Diagnosis>,
    notice: Option<Notice>,
    dataflows: usize,
    nodes: usize,
}

impl Linter {
    /// Returns a linter with icosian's own rules.
    ///
    /// # Examples
    /// See [`Linter`].
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { rules: rules().to_vec(), settings }
    }

    /// Adds a rule.
    ///
    /// # Examples
    /// See [`Linter`].
    #[must_use]
    pub fn with_rule(mut self, rule: &'static dyn Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Returns what the rules say of themselves.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// assert!(Linter::new(Settings::default()).cards().any(|card| card.name == "busy-wait"));
    /// ```
    pub fn cards(&self) -> impl Iterator<Item = &'static Card> + '_ {
        self.rules.iter().map(|rule| rule.card())
    }

    /// Looks at the Rust files below `paths`.
    ///
    /// What `.gitignore` and the settings leave out is not looked at, unless it is one of `paths`. A file that cannot be
    /// read becomes a [`Notice`], and does not keep the others from being looked at.
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
        let (files, notices) = walk::files(paths, &self.settings);
        let mut report = self.together(files.len(), |at| self.look_at_file(&files[at]));
        report.notices.splice(0..0, notices);
        report
    }

    /// Looks at `text` as if it were the file at `path`.
    ///
    /// # Examples
    /// See the [crate](crate).
    #[must_use]
    pub fn lint_text(&self, path: impl AsRef<Path>, text: impl Into<String>) -> Report {
        let source = Arc::new(SourceText::new(path, text));
        self.together(1, |_| self.look_at(&source))
    }

    /// Looks at `count` files on all cores.
    fn together(&self, count: usize, look: impl Fn(usize) -> Looked + Sync) -> Report {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut looked = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= count {
                    return looked;
                }
                looked.push((at, look(at)));
            }
        };
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let mut looked = thread::scope(|scope| {
            let begin = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok();
            let threads: Vec<_> = (0..cores.min(count)).map_while(begin).collect();
            let mut looked: Vec<_> =
                threads.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect();
            // Where no thread could begin, all is still to be done.
            looked.extend(work());
            looked
        });
        looked.sort_by_key(|(at, _)| *at);

        let skipped = self.rules.iter().map(|rule| rule.card()).filter(|card| card.stage > Stage::Source);
        let mut report = Report { files: count, skipped: skipped.collect(), ..Report::default() };
        for (_, looked) in looked {
            report.diagnoses.extend(looked.diagnoses);
            report.notices.extend(looked.notice);
            report.dataflows += looked.dataflows;
            report.nodes += looked.nodes;
        }
        report
    }

    fn look_at_file(&self, path: &Path) -> Looked {
        let failed =
            |message: String| Looked { notice: Some(Notice::new(path, message)), ..Looked::default() };
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => return failed(format!("cannot be read: {error}")),
        };
        if !source::may_have_dataflow(&bytes) {
            return Looked::default();
        }
        match String::from_utf8(bytes) {
            Ok(text) => self.look_at(&Arc::new(SourceText::new(path, text))),
            Err(error) => failed(format!("is not UTF-8 from byte {} on", error.utf8_error().valid_up_to())),
        }
    }

    fn look_at(&self, source: &Arc<SourceText>) -> Looked {
        // A mistake of a rule or of the parser in one file is no reason to say nothing about the others.
        let looked = catch_unwind(AssertUnwindSafe(|| match source::read(source) {
            Ok(read) => self.judge(source, read),
            Err(refusal) => {
                let notice = Notice::new(source.path(), refusal.message).at(refusal.at);
                Looked { notice: Some(notice), ..Looked::default() }
            }
        }));
        looked.unwrap_or_else(|_| {
            let notice = Notice::new(source.path(), "makes the linter panic, which is the linter's mistake");
            Looked { notice: Some(notice), ..Looked::default() }
        })
    }

    fn judge(&self, source: &Arc<SourceText>, read: Read) -> Looked {
        let Read { mut facts, spans } = read;
        facts.rules = self.cards().collect();
        let mut diagnoses = Vec::new();
        let runs = |card: &Card| card.stage <= facts.stage;
        // Also what is not told runs: an `allow` of it may be used.
        for rule in self.rules.iter().filter(|rule| runs(rule.card()) && rule.card().code != UNUSED_ALLOW) {
            let card = rule.card();
            let found = rule.check(&facts).into_iter();
            let level = self.settings.level(card);
            diagnoses.extend(found.map(|finding| Diagnosis::new(card, level, source, &spans, finding)));
        }

        let bytes = |span: icosian_rules::SpanId| spans.get(span.position()).cloned().unwrap_or(0..0);
        let scopes: Vec<_> = facts.allows.iter().map(|allow| bytes(allow.scope)).collect();
        let mut used = vec![false; scopes.len()];
        diagnoses.retain(|diagnosis| {
            let place = diagnosis.place().bytes();
            let mut is_allowed = false;
            for (at, (allow, scope)) in facts.allows.iter().zip(&scopes).enumerate() {
                let is_inside = scope.start <= place.start && place.end <= scope.end;
                if is_inside && diagnosis.card.is_called(&allow.rule) {
                    used[at] = true;
                    is_allowed |= allow.reason.is_some();
                }
            }
            !is_allowed
        });

        let known: Vec<_> = self.cards().filter(|card| card.stage <= facts.stage).collect();
        for (allow, used) in facts.allows.iter_mut().zip(used) {
            let has_run = known.iter().any(|card| card.is_called(&allow.rule));
            allow.used = if has_run { Fact::Known(used) } else { Fact::Unknown };
        }
        for rule in self.rules.iter().filter(|rule| rule.card().code == UNUSED_ALLOW) {
            let level = self.settings.level(rule.card());
            let found = rule.check(&facts).into_iter();
            diagnoses
                .extend(found.map(|finding| Diagnosis::new(rule.card(), level, source, &spans, finding)));
        }

        diagnoses.retain(|diagnosis| diagnosis.level != Level::Allow);
        diagnoses.sort_by_key(|it| (it.place().bytes().start, it.code()));
        Looked { diagnoses, notice: None, dataflows: facts.dataflows.len(), nodes: facts.functions().count() }
    }
}
