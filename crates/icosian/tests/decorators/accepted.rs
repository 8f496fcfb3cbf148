//! Decorators above a function that accepts the failure of another node.

use icosian::Asyncness;

use crate::twins::{ASYNCNESS, Case, DECORATORS, Make, XSource};
use crate::workshop::Under;

/// The decorators without effect on a function that accepts the failure of `x`: either their own functions read `x`, or the function
/// that accepts the failure is not called.
const READ_X: [&str; 8] = [
    "does",
    "subdag",
    "parameterized_subdag",
    "pipe_input",
    "pipe_output",
    "fallback_function",
    "parameterize",
    // Its function is that of `expanding_function`, which accepts nothing.
    "expand",
];

/// Returns the number of cases in which a function that replaces a failed value returns the same outputs as a function that reads this
/// value.
fn compare(decorators: &[(&'static str, Make)]) -> usize {
    let mut ran = 0;
    for under in Under::ALL {
        for (function, helper) in ASYNCNESS.into_iter().flat_map(|one| ASYNCNESS.map(|other| (one, other))) {
            let needs_polls = function == Asyncness::Async || helper == Asyncness::Async;
            if needs_polls && !under.spec().runs_async_nodes() {
                continue;
            }
            let case = |source| Case { function, helper, decorators, source };
            // A failed check or a refused stack is the same error in both cases.
            let Ok(plain) = case(XSource::Input).outputs(under, 7) else { continue };
            let accepted = case(XSource::FailedNode { replacement: 7 }).outputs(under, 7);
            let names: Vec<_> = decorators.iter().map(|(name, _)| *name).collect();
            assert_eq!(
                accepted,
                Ok(plain),
                "{names:?}, {function:?} with {helper:?} helpers under {under:?}"
            );
            ran += 1;
        }
    }
    ran
}

#[test]
fn accepted_failure_passes_through_each_decorator() {
    let mut ran = 0;
    for decorator in DECORATORS.iter().filter(|(name, _)| !READ_X.contains(name)) {
        let cases = compare(&[*decorator]);
        assert!(cases > 0, "{} never ran", decorator.0);
        ran += cases;
    }
    assert!(ran >= 150, "only {ran} cases");
}

#[test]
fn accepted_failure_passes_through_each_pair_of_decorators() {
    let decorators = || DECORATORS.iter().filter(|(name, _)| !READ_X.contains(name));
    let pairs = decorators().flat_map(|inner| decorators().map(|outer| [*inner, *outer]));
    let ran: usize = pairs.map(|pair| compare(&pair)).sum();
    assert!(ran >= 2_000, "only {ran} cases");
}

#[test]
fn functions_of_decorators_must_accept_the_failure_too() {
    for name in ["does", "fallback_function"] {
        let decorator = DECORATORS.iter().find(|(other, _)| *other == name).expect("it is in the table");
        let (function, helper) = (Asyncness::Sync, Asyncness::Sync);
        let source = XSource::FailedNode { replacement: 7 };
        let error = Case { function, helper, decorators: &[*decorator], source }.outputs(Under::Sync, 7);
        let error = error.unwrap_err();
        assert!(error.contains("`x` of `f` accepts a failure, but `"), "{name}: {error}");
    }
}
