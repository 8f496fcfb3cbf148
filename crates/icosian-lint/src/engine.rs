use std::collections::BTreeSet;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use icosian_core::Phase;
use icosian_rules::{Card, Decorator, Fact, Facts, Level, Rule, SpanId, Stage, rules};
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::source::{self, Read};
use crate::{Diagnosis, Notice, Report, Settings, SourceText, foreign, walk};

/// The stack of a thread that parses, most of which is never touched: files may nest deep.
pub(crate) const STACK: usize = 256 << 20;

/// The rule that is about what all others found.
const UNUSED_ALLOW: &str = "ICO1002";

/// The rule on source that needs to know the adapter.
pub(crate) const BLOCKING_INLINE: &str = "ICO0212";

/// The rule of the plan stage that also runs on source, where a file shows all nodes.
pub(crate) const MISSPELT_PARAM: &str = "ICO0024";

/// How the codes of rules begin that are about config.
const OF_CONFIG: &str = "ICO05";

/// The rule that is about what was not linked.
const UNLINKED_NODE: &str = "ICO1005";

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

/// The sources of one run.
pub(crate) struct Sources {
    /// The files, in the order in which they are reported.
    pub(crate) looked: Vec<Looked>,
    /// Errors for inputs that could not be read.
    pub(crate) notices: Vec<Notice>,
    /// The folders of packages that belong to no workspace, as full paths.
    pub(crate) foreign: BTreeSet<PathBuf>,
}

/// The facts and findings of one file, before `allow`s and levels are applied.
#[derive(Default)]
pub(crate) struct Looked {
    pub(crate) path: PathBuf,
    /// Symbolic links that lead to the file.
    pub(crate) links: Vec<PathBuf>,
    /// `None` when nothing had to be read.
    pub(crate) source: Option<Arc<SourceText>>,
    pub(crate) facts: Facts,
    pub(crate) spans: Vec<Range<usize>>,
    pub(crate) diagnoses: Vec<Diagnosis>,
    /// Which of the dataflows were linked, and not judged.
    pub(crate) unjudged: BTreeSet<usize>,
    /// Which of them were not linked, and need not be: a `#[cfg(..)]` is above them or around them.
    pub(crate) optional: BTreeSet<usize>,
    /// Only what linked crates tell of it is told: it was not among the files.
    pub(crate) is_besides: bool,
    notice: Option<Notice>,
}

impl Looked {
    /// Returns where `span` is.
    pub(crate) fn bytes(&self, span: SpanId) -> Range<usize> {
        self.spans.get(span.position()).cloned().unwrap_or(0..0)
    }

    /// Adds a place.
    pub(crate) fn add(&mut self, place: Range<usize>) -> SpanId {
        let id = u32::try_from(self.spans.len()).map_or(SpanId::NOWHERE, SpanId::new);
        self.spans.push(place);
        id
    }

    /// Takes the error of a file that could not be read.
    pub(crate) fn take_notice(&mut self) -> Option<Notice> {
        self.notice.take()
    }

    /// Returns whether the file could not be read.
    pub(crate) fn has_notice(&self) -> bool {
        self.notice.is_some()
    }

    /// Returns whether the source has a dataflow or a node.
    pub(crate) fn has_nodes(&self) -> bool {
        !self.facts.dataflows.is_empty() || self.facts.functions().next().is_some()
    }

    /// Returns how many of the dataflows were judged as a driver would.
    fn judged(&self) -> usize {
        let all = self.facts.dataflows.iter().enumerate();
        all.filter(|(at, dataflow)| dataflow.linked.is(&true) && !self.unjudged.contains(at)).count()
    }

    /// Returns how many of the dataflows need not be in what was linked.
    fn behind_cfg(&self) -> usize {
        let is_linked = |at: &&usize| self.facts.dataflows.get(**at).is_some_and(|it| it.linked.is(&true));
        self.optional.iter().filter(|at| !is_linked(at)).count()
    }
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

    /// Checks the source of the Rust files below `paths`.
    ///
    /// Files that `.gitignore` or the settings exclude are skipped, unless `paths` names them. Symbolic links are followed.
    /// Packages below a workspace that are not part of it are skipped too; [`Report::foreign`] has them. A file that
    /// cannot be read becomes a [`Notice`]; the other files are still checked.
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
        let Sources { looked, notices, foreign } = self.look(paths);
        Report { notices, ..self.report(looked, of_source) }.with_foreign(&foreign)
    }

    /// Reads and checks the files below `paths`.
    pub(crate) fn look(&self, paths: &[PathBuf]) -> Sources {
        let (files, mut notices) = walk::files(paths, &self.settings);
        let look = |at: usize| {
            let file: &walk::SourceFile = &files[at];
            Looked { links: file.links.clone(), ..self.look_at_file(&file.path) }
        };
        let mut looked = together(files.len(), look);
        let asked: Vec<_> = paths.iter().filter_map(|it| it.canonicalize().ok()).collect();
        let foreign = foreign::find(&looked, &asked);
        remove_foreign(&mut looked, &foreign);
        notices.extend(looked.iter_mut().filter_map(|it| it.notice.take()));
        Sources { looked, notices, foreign }
    }

    /// Looks at `text` as if it were the file at `path`.
    ///
    /// # Examples
    /// See the [crate](crate).
    #[must_use]
    pub fn lint_text(&self, path: impl AsRef<Path>, text: impl Into<String>) -> Report {
        let (path, text) = (path.as_ref(), text.into());
        let mut looked = together(1, |_| self.look_at(&Arc::new(SourceText::new(path, &*text))));
        let notices = looked.iter_mut().filter_map(|it| it.notice.take()).collect();
        Report { notices, ..self.report(looked, of_source) }
    }

    /// Tells what was found in files, by the rules that have run.
    pub(crate) fn report(&self, looked: Vec<Looked>, has_run: impl Fn(&Card) -> bool) -> Report {
        let skipped = self.cards().filter(|card| !has_run(card));
        let files = looked.iter().filter(|it| !it.is_besides).count();
        let mut report = Report { files, skipped: skipped.collect(), ..Report::default() };
        for mut looked in looked {
            self.settle(&mut looked);
            report.diagnoses.append(&mut looked.diagnoses);
            if !looked.is_besides {
                report.paths.push(std::mem::take(&mut looked.path));
            }
            report.dataflows += looked.facts.dataflows.len();
            report.judged += looked.judged();
            report.behind_cfg += looked.behind_cfg();
            report.nodes += looked.facts.functions().count();
        }
        report
    }

    /// Looks at a file that was not among the files, for what linked crates tell of it; `None` when it cannot be read.
    pub(crate) fn look_besides(&self, path: &Path) -> Option<Looked> {
        let source = Arc::new(SourceText::new(path, std::fs::read_to_string(path).ok()?));
        let mut looked = self.look_at(&source);
        // What it allows counts; else its source is not asked for.
        looked.facts = Facts { allows: std::mem::take(&mut looked.facts.allows), ..Facts::default() };
        looked.diagnoses.clear();
        Some(Looked { source: Some(source), is_besides: true, notice: None, ..looked })
    }

    pub(crate) fn look_at_file(&self, path: &Path) -> Looked {
        let failed = |message: String| Looked { notice: Some(Notice::new(path, message)), ..unseen(path) };
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => return failed(format!("cannot be read: {error}")),
        };
        if !source::may_have_dataflow(&bytes) {
            return unseen(path);
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
                Looked { notice: Some(notice), ..unseen(source.path()) }
            }
        }));
        looked.unwrap_or_else(|_| {
            let notice = Notice::new(source.path(), "makes the linter panic, which is the linter's mistake");
            Looked { notice: Some(notice), ..unseen(source.path()) }
        })
    }

    fn judge(&self, source: &Arc<SourceText>, read: Read) -> Looked {
        let Read { mut facts, spans } = read;
        facts.rules = self.cards().collect();
        facts.blocking = self.settings.blocking().to_vec();
        facts.adapters = self.settings.adapters_of(None);
        for dataflow in &mut facts.dataflows {
            dataflow.adapters = self.settings.adapters_of(Some(&dataflow.name));
        }
        for allow in &mut facts.allows {
            allow.is_of_other = self.settings.is_of_other(&allow.rule);
        }
        let mut looked = Looked { source: Some(Arc::clone(source)), facts, spans, ..unseen(source.path()) };
        // Also what is not told runs: an `allow` of it may be used.
        self.try_rules(&mut looked, |card| of_source(card) && card.code != UNUSED_ALLOW);
        looked
    }

    /// Tries the rules that are `meant`.
    pub(crate) fn try_rules(&self, looked: &mut Looked, meant: impl Fn(&Card) -> bool) {
        let Some(source) = &looked.source else { return };
        for rule in self.rules.iter().filter(|rule| meant(rule.card())) {
            let card = rule.card();
            let level = self.settings.level(card);
            let found = rule.check(&looked.facts).into_iter();
            let found = found.map(|finding| Diagnosis::new(card, level, source, &looked.spans, finding));
            looked.diagnoses.extend(found);
        }
    }

    /// Takes out what is allowed and what is not told, and finds what allows nothing.
    fn settle(&self, looked: &mut Looked) {
        let scopes: Vec<_> = looked.facts.allows.iter().map(|allow| looked.bytes(allow.scope)).collect();
        let mut used = vec![false; scopes.len()];
        let allows = &looked.facts.allows;
        looked.diagnoses.retain(|diagnosis| {
            let place = diagnosis.place().bytes();
            let mut is_allowed = false;
            for (at, (allow, scope)) in allows.iter().zip(&scopes).enumerate() {
                let is_inside = scope.start <= place.start && place.end <= scope.end;
                if is_inside && diagnosis.card.is_called(&allow.rule) {
                    used[at] = true;
                    is_allowed |= allow.reason.is_some();
                }
            }
            !is_allowed
        });

        let hidden = looked.facts.functions().filter(|it| it.has_misplaced_decorators);
        let hidden: Vec<_> = hidden.map(|it| looked.bytes(it.name_span).start).collect();
        let linked: Vec<_> =
            scopes.iter().map(|scope| (is_linked(looked, scope), is_settled(looked, scope))).collect();
        let stage = looked.facts.stage;
        let has_clippy = looked.facts.clippy.known().is_some();
        let all = looked.facts.allows.iter_mut().zip(&scopes).zip(used).zip(linked);
        for (((allow, scope), used), (is_linked, is_settled)) in all {
            let has_run = |card: &Card| match card.stage {
                // What is linked depends on features, of which another build has others.
                _ if card.code == UNLINKED_NODE => false,
                // Under another adapter it may be needed.
                _ if card.code == BLOCKING_INLINE => false,
                Stage::Clippy => is_linked && has_clippy,
                // With other config it may be needed.
                Stage::Plan if card.code.starts_with(OF_CONFIG) => false,
                Stage::Linked | Stage::Plan => is_linked && is_settled && card.stage <= stage,
                Stage::Macro | Stage::Source => true,
            };
            let cards = self.rules.iter().map(|rule| rule.card());
            let has_run = cards.filter(|card| has_run(card)).any(|card| card.is_called(&allow.rule));
            // A decorator in the wrong place hides from other rules what the function is.
            let is_hidden = hidden.iter().any(|name| scope.contains(name));
            allow.used = if has_run && (used || !is_hidden) { Fact::Known(used) } else { Fact::Unknown };
        }
        if !looked.is_besides {
            self.try_rules(looked, |card| card.code == UNUSED_ALLOW);
        }

        looked.diagnoses.retain(|diagnosis| diagnosis.level != Level::Allow);
        looked.diagnoses.sort_by_key(|it| (it.place().bytes().start, it.code()));
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }
}

/// Removes the files of `foreign`, the full paths of packages.
pub(crate) fn remove_foreign(looked: &mut Vec<Looked>, foreign: &BTreeSet<PathBuf>) {
    if foreign.is_empty() {
        return;
    }
    let package = |file: &Looked| foreign::package_of(&std::path::absolute(&file.path).ok()?);
    looked.retain(|file| package(file).is_none_or(|package| !foreign.contains(&package)));
}

fn unseen(path: &Path) -> Looked {
    Looked { path: path.to_owned(), ..Looked::default() }
}

/// Returns whether what stands in `scope` is known to be compiled: a linked dataflow is there.
fn is_linked(looked: &Looked, scope: &Range<usize>) -> bool {
    let is_inside = |span| scope.contains(&looked.bytes(span).start);
    let linked = looked.facts.dataflows.iter().filter(|dataflow| dataflow.linked.is(&true));
    let mut names =
        linked.flat_map(|flow| flow.functions.iter().map(|it| it.name_span).chain([flow.name_span]));
    names.any(is_inside)
}

/// Returns whether the dataflow around `scope`, or in it, is the same with all features and all config.
fn is_settled(looked: &Looked, scope: &Range<usize>) -> bool {
    let is_steady =
        |decorator: &Decorator| decorator.spec().is_some_and(|spec| spec.phase() != Phase::Resolve);
    let is_near = |span| scope.contains(&looked.bytes(span).start);
    let flows = looked.facts.dataflows.iter().filter(|flow| {
        is_near(flow.name_span) || flow.functions.iter().any(|function| is_near(function.name_span))
    });
    let mut functions = flows.flat_map(|flow| &flow.functions);
    functions.all(|function| function.is_there.is(&true) && function.decorators.iter().all(is_steady))
}

/// Returns whether a rule can find something in source alone.
pub(crate) fn of_source(card: &Card) -> bool {
    card.stage <= Stage::Source || card.code == MISSPELT_PARAM
}

/// Analyses `count` files on all cores. The threads have large stacks, because the parser is recursive.
fn together(count: usize, look: impl Fn(usize) -> Looked + Sync) -> Vec<Looked> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = ThreadPoolBuilder::new().num_threads(cores.min(count)).stack_size(STACK).build();
    match threads {
        Ok(threads) => threads.install(|| (0..count).into_par_iter().map(&look).collect()),
        // The system has no room for another thread.
        Err(_) => (0..count).map(look).collect(),
    }
}
