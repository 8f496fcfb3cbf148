//! Random decorated dataflows under every adapter, against a reference that knows only the definitions of the decorators.
//!
//! The twin tests compare sync with async functions, and do not see a fault that both have. Here each case runs as data through
//! [`model`], and as functions through the drivers. Both must agree on the names of the nodes, on refusals, on values, on the nodes
//! that can fail, and on the number of calls.

mod case;
mod declared;
mod flow;
mod model;
mod source;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use icosian::prelude::*;
use icosian::{Asyncness, Input, Value};
use miette::Diagnostic;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use self::case::Case;
use self::flow::{Calls, Twin};
use self::model::{Execution, Kind, Model, Val};
use crate::workshop::Under;

/// Both forms of a function, and the adapters that run them.
const TWINS: [(Twin, &[Under]); 3] = [
    (Twin::All(Asyncness::Sync), &Under::ALL),
    (Twin::All(Asyncness::Async), &[Under::Tokio, Under::Bounded]),
    (Twin::Mixed, &[Under::Tokio, Under::Bounded]),
];

/// A case and its nodes according to the reference.
struct Expected<'a> {
    case: &'a Case,
    model: Model<'a>,
    all: Vec<(String, Kind)>,
}

impl<'a> Expected<'a> {
    fn of(case: &'a Case) -> Self {
        let model = Model::of(case);
        let all = model.all();
        Self { case, model, all }
    }

    fn given(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        let is_constant = |name: &str| self.case.constants.iter().any(|(key, _)| key == name);
        let given = self.case.given.iter().copied().filter(move |name| !is_constant(name));
        given.map(|name| (name, value_of(name)))
    }

    fn wanted(&self) -> Vec<String> {
        let wanted: BTreeSet<_> =
            self.case.wanted.iter().map(|at| self.all[at % self.all.len()].0.clone()).collect();
        wanted.into_iter().collect()
    }

    fn overrides(&self) -> BTreeMap<String, Val> {
        let pick = |(at, value): &(usize, u64)| {
            let (name, kind) = &self.all[at % self.all.len()];
            let value = match kind {
                Kind::Number => Val::Number(*value),
                Kind::Pair => Val::Pair(*value, 3),
                Kind::Check => return None,
            };
            Some((name.clone(), value))
        };
        self.case.overrides.iter().filter_map(pick).collect()
    }

    fn check(&self, ends: &Ends) -> Result<(), TestCaseError> {
        for (twin, adapters) in TWINS {
            for under in adapters {
                self.check_under(twin, *under, ends)
                    .map_err(|error| TestCaseError::fail(format!("{twin:?} under {under:?}: {error}")))?;
            }
        }
        Ok(())
    }

    fn check_under(&self, twin: Twin, under: Under, ends: &Ends) -> Result<(), TestCaseError> {
        let calls = Calls::default();
        let built = under.driver(flow::dataflow(self.case, twin, &calls), flow::config(self.case));
        let driver = match built {
            Ok(driver) => driver,
            Err(refused) => {
                count(&ends.refused);
                let codes: BTreeSet<String> =
                    refused.iter().filter_map(Diagnostic::code).map(|it| it.to_string()).collect();
                let is_expected = codes.iter().all(|code| self.model.refusals.contains(code.as_str()));
                prop_assert!(is_expected, "refused with {refused:?}, expected {:?}", self.model.refusals);
                return Ok(());
            }
        };
        prop_assert!(self.model.refusals.is_empty(), "not refused with {:?}", self.model.refusals);
        let graph = driver.graph();
        let outlines = || graph.nodes().map(|node| graph.outline(node));
        let names: BTreeSet<_> = outlines().map(|outline| outline.name().to_string()).collect();
        prop_assert_eq!(&names, &self.all.iter().map(|(name, _)| name.clone()).collect());
        if self.case.constants.is_empty() {
            let read: BTreeSet<_> =
                outlines().flat_map(icosian::Outline::params).map(|param| param.source().as_str()).collect();
            let is_left =
                |name: &&String| !read.contains(name.as_str()) && !self.model.outputs.contains(*name);
            let left: Vec<_> = names.iter().filter(is_left).collect();
            prop_assert!(left.is_empty(), "no node reads {left:?}");
        }
        if self.all.is_empty() {
            return Ok(());
        }
        for overrides in [BTreeMap::new(), self.overrides()] {
            calls.clear();
            self.check_run(&driver, &calls, &overrides, ends)?;
        }
        Ok(())
    }

    fn check_run(
        &self,
        driver: &crate::workshop::AnyDriver,
        calls: &Calls,
        overrides: &BTreeMap<String, Val>,
        ends: &Ends,
    ) -> Result<(), TestCaseError> {
        let wanted = self.wanted();
        let given: BTreeMap<_, _> =
            self.given().filter(|(name, _)| self.model.inputs.contains(*name)).collect();
        let lookup = |name: &str| given.get(name).copied();
        let mut execution = Execution::new(&self.model, overrides.clone(), &lookup);
        let values: Vec<_> = wanted.iter().map(|name| (name.clone(), execution.named(name))).collect();

        let inputs = given.iter().fold(Inputs::new(), |inputs, (name, value)| inputs.with(*name, *value));
        let inputs = overrides.iter().fold(inputs, |inputs, (name, value)| match value {
            Val::Number(value) => {
                inputs.overriding_named(name.clone(), Input::from(Value::cloneable(*value)))
            }
            Val::Pair(left, right) => {
                inputs.overriding_named(name.clone(), Input::from(Value::cloneable((*left, *right))))
            }
            Val::Checked(_) => inputs,
        });
        match driver.execute(&wanted, inputs) {
            Err(ExecuteError::Refused(refused)) => {
                count(&ends.missing);
                let is_missing = !execution.missing.is_empty();
                prop_assert!(is_missing, "refused with {refused:?} of {wanted:?}");
                let codes = refused.iter().filter_map(Diagnostic::code).map(|code| code.to_string());
                for code in codes {
                    prop_assert_eq!(code, "ICO0001 missing-input");
                }
            }
            Err(ExecuteError::Failed(failed)) => {
                count(&ends.failed);
                prop_assert!(execution.missing.is_empty(), "{:?} are missing, but it ran", execution.missing);
                let node = failed.iter().next().and_then(|it| it.kind().node()).map(ToString::to_string);
                let can_fail = node.as_ref().is_some_and(|node| execution.failing.contains(node));
                prop_assert!(can_fail, "{failed:?}, but only {:?} can fail", execution.failing);
            }
            Err(other) => prop_assert!(false, "{other:?}"),
            Ok(outputs) => {
                count(&ends.succeeded);
                prop_assert!(execution.missing.is_empty(), "{:?} are missing, but it ran", execution.missing);
                prop_assert!(execution.failing.is_empty(), "{:?} fail, but it went well", execution.failing);
                let found: Vec<_> =
                    outputs.iter().map(|(name, value)| (name.to_string(), Ok(flow::shown(value)))).collect();
                prop_assert_eq!(found, values);
                prop_assert_eq!(calls.count(), execution.calls, "calls for {:?}", wanted);
            }
        }
        Ok(())
    }
}

/// Returns the value of the input `name`.
fn value_of(name: &str) -> u64 {
    u64::from(name.as_bytes()[0]) % 16 + 4
}

#[test]
fn decorated_dataflows_match_the_reference() {
    let cases = ProptestConfig::default().cases;
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let ends = Ends::default();
    let checked = TestRunner::new(config).run(&prop::collection::vec(any::<u16>(), 20..160), |numbers| {
        let case = Case::decode(&numbers);
        let checked = Expected::of(&case).check(&ends);
        checked.map_err(|error| TestCaseError::fail(format!("{error}\n{case:#?}")))
    });
    if let Err(error) = checked {
        panic!("{error}");
    }
    // The cases are useful only if many of them succeed, fail and are refused.
    let [succeeded, failed, missing, refused] =
        [&ends.succeeded, &ends.failed, &ends.missing, &ends.refused].map(Cell::get);
    let shown =
        format!("{succeeded} succeeded, {failed} failed, {missing} lacked inputs, {refused} were refused");
    assert!(succeeded > 2 * cases && failed > cases && missing > cases / 2 && refused > cases / 2, "{shown}");
}

#[test]
fn config_that_replaces_a_pair_by_a_number_is_refused() {
    let numbers = [
        0, 0, 0, 0, 10155, 0, 3594, 0, 0, 0, 0, 0, 0, 7543, 1812, 13422, 0, 1458, 30587, 44769, 6291, 541,
        9215, 941, 38968, 569, 0, 0, 16579, 0, 0, 18824, 23872, 33964, 0, 0, 10992, 10074, 0, 0, 3032, 22857,
    ];
    let case = Case::decode(&numbers);
    Expected::of(&case).check(&Ends::default()).unwrap();
}

/// Counts of the outcomes of all executions.
#[derive(Debug, Default)]
struct Ends {
    succeeded: Cell<u32>,
    failed: Cell<u32>,
    missing: Cell<u32>,
    refused: Cell<u32>,
}

fn count(ends: &Cell<u32>) {
    ends.set(ends.get() + 1);
}
