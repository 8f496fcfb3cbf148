use icosian_core::decorator::ConfigReads;
use icosian_core::{Config, Name};
use icosian_diagnostics::Spanned;
use icosian_driver::Preflight;
use icosian_rules::{Fact, Facts, Level, PlanFacts, RemoteFinding, Stage, rules};
use miette::Diagnostic;
use rustc_hash::FxHashSet;

use crate::Candidate;
use crate::decorator_log::DecoratorLog;
use crate::facts::{Requests, config_keys, graph_facts};
use crate::request_check::check_outputs;
use crate::span_table::SpanTable;

/// Returns all findings on the driver that `builder` would build, and on requests for each output that no node reads.
#[must_use]
pub fn check(builder: impl Candidate) -> Vec<RemoteFinding> {
    Check::new(builder).findings()
}

/// Converts the diagnostics of a [`BuildError`](icosian_driver::BuildError) or a
/// [`RequestError`](icosian_driver::RequestError) to findings.
///
/// # Examples
/// ```
/// use icosian_driver::{Driver, ExecuteError, inputs};
///
/// let driver = Driver::builder().build()?;
/// let Err(ExecuteError::Refused(error)) = driver.execute_named(["rate"], inputs! {}) else { unreachable!() };
/// assert_eq!(icosian_check::to_findings(&error)[0].code, "ICO0006");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn to_findings<'a, K: Diagnostic + 'a>(
    diagnostics: impl IntoIterator<Item = &'a Spanned<K>>,
) -> Vec<RemoteFinding> {
    let mut spans = SpanTable::default();
    let refusals: Vec<_> =
        diagnostics.into_iter().map(|diagnostic| spans.add_diagnostic(diagnostic)).collect();
    refusals.into_iter().map(|refusal| spans.resolve(&refusal.code, refusal.finding)).collect()
}

/// A check of a driver's builder, with the requests that the driver will get.
///
/// Without inputs, missing inputs are not reported. Without outputs, the requests are those for each declared output, and for each
/// node that no other node reads in dataflows that declare no outputs.
///
/// # Examples
/// ```
/// use icosian_check::Check;
/// use icosian_core::{Dataflow, Node, Outline, Param};
/// use icosian_driver::Driver;
///
/// let double = Outline::new("double").with_param(Param::borrowed::<u64>("single"));
/// let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
/// let numbers = Dataflow::new("numbers").with_node(double);
/// let check = || Check::new(Driver::builder().with_dataflow(numbers.clone()));
///
/// assert!(check().findings().is_empty());
/// let findings = check().with_outputs(["double"]).with_inputs(["singel"]).findings();
/// let codes: Vec<_> = findings.iter().map(|finding| finding.code.as_str()).collect();
/// assert_eq!(codes, ["ICO0001", "ICO0008"]);
/// ```
#[derive(Debug)]
#[must_use]
pub struct Check<C> {
    builder: C,
    outputs: Option<Vec<Name>>,
    inputs: Option<Vec<Name>>,
    overrides: Vec<Name>,
    allowed: Vec<String>,
}

impl<C: Candidate> Check<C> {
    /// Returns a check of `builder`.
    pub fn new(builder: C) -> Self {
        Self { builder, outputs: None, inputs: None, overrides: Vec::new(), allowed: Vec::new() }
    }

    /// Adds inputs of the request. Inputs that are not added are missing.
    pub fn with_inputs<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.inputs.get_or_insert_default().extend(names.into_iter().map(Into::into));
        self
    }

    /// Adds outputs of the request.
    pub fn with_outputs<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.outputs.get_or_insert_default().extend(names.into_iter().map(Into::into));
        self
    }

    /// Adds overrides of the request.
    pub fn with_overrides<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.overrides.extend(names.into_iter().map(Into::into));
        self
    }

    /// Suppresses the findings of a rule, by code or name, for a reason.
    pub fn with_allowed(mut self, rule: impl Into<String>, reason: &'static str) -> Self {
        debug_assert!(!reason.is_empty(), "a suppression has a reason");
        self.allowed.push(rule.into());
        self
    }

    /// Builds the driver, validates its requests, and returns all findings by code. Each finding is returned once.
    #[must_use]
    pub fn findings(self) -> Vec<RemoteFinding> {
        self.inspect(|_| ()).0
    }

    /// Returns the findings, and the result of `view` if the driver could be built.
    pub(crate) fn inspect<T>(self, view: impl FnOnce(Preflight<'_>) -> T) -> (Vec<RemoteFinding>, Option<T>) {
        let Self { builder, outputs, inputs, overrides, allowed } = self;
        let (log, reads) = (DecoratorLog::default(), ConfigReads::default());
        let mut spans = SpanTable::default();
        let mut plan = PlanFacts::default();
        let mut viewed = None;
        let see = |config: &Config| log.record_config(config);
        match builder.observe(|dataflow| log.observe(dataflow), see, &reads).build_driver() {
            Err(error) => {
                plan.refusals.extend(error.iter().map(|diagnostic| spans.add_diagnostic(diagnostic)));
                plan.config = log.with_records(|records| records.config_keys(&reads));
            }
            Ok(driver) => {
                let preflight = C::preflight(&driver);
                let outputs = outputs.as_deref();
                let declared = log.with_records(|records| records.declared.clone());
                let errors = check_outputs(preflight, outputs, &declared, &overrides, inputs.as_deref());
                plan.refusals.extend(errors.iter().map(|diagnostic| spans.add_diagnostic(diagnostic)));
                plan.config = config_keys(preflight, &reads);
                let requests = match outputs {
                    Some(outputs) => Requests::Only(outputs),
                    // Other config may need other nodes.
                    None if !declared.is_empty() && reads.names().is_empty() => Requests::Declared(&declared),
                    None => Requests::Unknown,
                };
                plan.graph = Fact::Known(graph_facts(&mut spans, preflight, &log, requests, &overrides));
                viewed = Some(view(preflight));
            }
        }
        (apply_rules(plan, &spans, &allowed), viewed)
    }
}

/// Runs all rules that are not allowed on `plan`, and adds the errors of third-party decorators.
fn apply_rules(plan: PlanFacts, spans: &SpanTable, allowed: &[String]) -> Vec<RemoteFinding> {
    let all = || rules().iter().map(|rule| rule.metadata());
    let is_known: FxHashSet<_> = all().map(|metadata| metadata.code).collect();
    // Third-party decorators have codes without a rule.
    let others = plan.refusals.iter().filter(|refusal| !is_known.contains(refusal.code.as_str()));
    let others: Vec<_> =
        others.map(|refusal| spans.resolve(&refusal.code, refusal.finding.clone())).collect();
    let facts =
        Facts { stage: Stage::Plan, rules: all().collect(), plan: Fact::Known(plan), ..Facts::default() };
    let mut findings = Vec::new();
    for rule in rules() {
        let metadata = rule.metadata();
        if metadata.level == Level::Allow || allowed.iter().any(|allowed| metadata.is_called(allowed)) {
            continue;
        }
        findings.extend(rule.check(&facts).into_iter().map(|finding| spans.resolve(metadata.code, finding)));
    }
    findings.extend(others.into_iter().filter(|finding| !allowed.contains(&finding.code)));
    // An error of several outputs is one finding.
    let mut seen = FxHashSet::default();
    findings.retain(|finding| {
        let spots = finding.spots.iter().map(|spot| (spot.file.clone(), spot.line, spot.column));
        seen.insert((finding.code.clone(), finding.message.clone(), spots.collect::<Vec<_>>()))
    });
    findings
}
