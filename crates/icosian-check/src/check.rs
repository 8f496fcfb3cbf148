use icosian_core::{Asked, Config, Name};
use icosian_diagnostics::Spanned;
use icosian_rules::{Fact, Facts, Level, PlanFacts, Stage, Told, rules};
use miette::Diagnostic;
use rustc_hash::FxHashSet;

use crate::facts::{Places, keys};
use crate::watch::Watch;
use crate::{Candidate, outputs};

/// Returns all that is wrong with what `builder` would build, and with asking it for each output that nobody else reads.
///
/// # Examples
/// See the [crate](crate).
#[must_use]
pub fn check(builder: impl Candidate) -> Vec<Told> {
    Check::new(builder).told()
}

/// Converts the diagnostics of a [`BuildError`](icosian_driver::BuildError) or a
/// [`RequestError`](icosian_driver::RequestError) to the form of [`check`]'s findings.
///
/// # Examples
/// ```
/// use icosian_driver::{Driver, ExecuteError, inputs};
///
/// let driver = Driver::builder().build()?;
/// let Err(ExecuteError::Refused(problems)) = driver.execute_named(["rate"], inputs! {}) else { unreachable!() };
/// assert_eq!(icosian_check::refused(&problems)[0].code, "ICO0006");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn refused<'a, K: Diagnostic + 'a>(diagnostics: impl IntoIterator<Item = &'a Spanned<K>>) -> Vec<Told> {
    let mut places = Places::default();
    let refusals: Vec<_> = diagnostics.into_iter().map(|diagnostic| places.refusal(diagnostic)).collect();
    refusals.into_iter().map(|it| places.told(&it.code, it.finding)).collect()
}

/// A driver's builder that is to be judged, with what is known of how its driver will be used.
///
/// Without inputs nobody says that one is missing; without outputs each node that no other reads is asked for, alone.
///
/// # Examples
/// ```
/// use icosian_check::Check;
/// use icosian_core::{Dataflow, Node, Outline, Param};
/// use icosian_driver::Driver;
///
/// let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
/// let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
/// let numbers = Dataflow::new("numbers").with_node(double);
/// let check = || Check::new(Driver::builder().with_dataflow(numbers.clone()));
///
/// assert!(check().told().is_empty());
/// let told = check().with_outputs(["double"]).with_inputs(["singel"]).told();
/// let codes: Vec<_> = told.iter().map(|told| told.code.as_str()).collect();
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
    /// Returns what is to be judged.
    ///
    /// # Examples
    /// See [`Check`].
    pub fn new(builder: C) -> Self {
        Self { builder, outputs: None, inputs: None, overrides: Vec::new(), allowed: Vec::new() }
    }

    /// Says which inputs are given, all of them.
    ///
    /// # Examples
    /// See [`Check`].
    pub fn with_inputs<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.inputs.get_or_insert_default().extend(names.into_iter().map(Into::into));
        self
    }

    /// Says which outputs are asked for, all of them, together.
    ///
    /// # Examples
    /// See [`Check`].
    pub fn with_outputs<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.outputs.get_or_insert_default().extend(names.into_iter().map(Into::into));
        self
    }

    /// Says which nodes are overridden.
    ///
    /// # Examples
    /// ```
    /// # use icosian_check::Check;
    /// # use icosian_core::{Dataflow, Node, Outline};
    /// # use icosian_driver::Driver;
    /// let rate = Node::future(Outline::new("rate"), |_| async { Ok(1.5) });
    /// let check = || Check::new(Driver::builder().with_dataflow(Dataflow::new("rates").with_node(rate.clone())));
    /// assert_eq!(check().told()[0].code, "ICO0101");
    /// assert!(check().with_overrides(["rate"]).told().is_empty());
    /// ```
    pub fn with_overrides<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.overrides.extend(names.into_iter().map(Into::into));
        self
    }

    /// Does not tell what breaks `rule`, which is a code or a name, for a reason.
    ///
    /// # Examples
    /// ```
    /// # use icosian_check::Check;
    /// # use icosian_core::{Dataflow, Node, Outline};
    /// # use icosian_driver::{Driver, config};
    /// let rate = Node::sync(Outline::new("rate"), |_| Ok(1.5));
    /// let builder = Driver::builder().with_dataflow(Dataflow::new("rates").with_node(rate));
    /// let check = Check::new(builder.with_config(config! { rate: 1.0 }));
    /// assert!(check.allowing("shadowed-node", "tests have a fixed rate").told().is_empty());
    /// ```
    pub fn allowing(mut self, rule: impl Into<String>, reason: &'static str) -> Self {
        debug_assert!(!reason.is_empty(), "what is allowed has a reason");
        self.allowed.push(rule.into());
        self
    }

    /// Returns all that is wrong, by the codes of the rules; each thing once.
    ///
    /// # Examples
    /// See [`Check`].
    #[must_use]
    pub fn told(self) -> Vec<Told> {
        let Self { builder, outputs, inputs, overrides, allowed } = self;
        let (watch, asked) = (Watch::default(), Asked::default());
        let mut places = Places::default();
        let mut plan = PlanFacts::default();
        let see = |config: &Config| watch.see_config(config);
        match builder.watched(|dataflow| watch.over(dataflow), see, &asked).built() {
            Err(problems) => {
                plan.refusals.extend(problems.iter().map(|it| places.refusal(it)));
                plan.config = watch.seen(|seen| seen.keys(&asked));
            }
            Ok(driver) => {
                let preflight = C::preflight(&driver);
                let outputs = outputs.as_deref();
                let refused = outputs::refused(preflight, outputs, &overrides, inputs.as_deref());
                plan.refusals.extend(refused.iter().map(|it| places.refusal(it)));
                plan.config = keys(preflight, &asked);
                plan.graph = Fact::Known(places.graph(preflight, &watch, outputs, &overrides));
            }
        }
        found(plan, &places, &allowed)
    }
}

fn found(plan: PlanFacts, places: &Places, allowed: &[String]) -> Vec<Told> {
    let all = || rules().iter().map(|rule| rule.card());
    let is_known: FxHashSet<_> = all().map(|card| card.code).collect();
    // Decorators of others say what is wrong with codes of their own, of which no rule knows.
    let others = plan.refusals.iter().filter(|refusal| !is_known.contains(refusal.code.as_str()));
    let others: Vec<_> = others.map(|refusal| places.told(&refusal.code, refusal.finding.clone())).collect();
    let facts =
        Facts { stage: Stage::Plan, rules: all().collect(), plan: Fact::Known(plan), ..Facts::default() };
    let mut told = Vec::new();
    for rule in rules() {
        let card = rule.card();
        if card.level == Level::Allow || allowed.iter().any(|allowed| card.is_called(allowed)) {
            continue;
        }
        let findings = rule.check(&facts).into_iter();
        told.extend(findings.map(|finding| places.told(card.code, finding)));
    }
    told.extend(others.into_iter().filter(|told| !allowed.contains(&told.code)));
    // What is wrong with several outputs is told once.
    let mut seen = FxHashSet::default();
    told.retain(|told| {
        let spots = told.spots.iter().map(|spot| (spot.file.clone(), spot.line, spot.column));
        seen.insert((told.code.clone(), told.message.clone(), spots.collect::<Vec<_>>()))
    });
    told
}
