//! Every cell of the table of decorators and adapters describes the actual behaviour.

use icosian::decorators::{Verdict, catalogue, judge};

use crate::twins::{ASYNCNESS, Case, DECORATORS, Make, XSource};
use crate::workshop::Under;

#[test]
fn matrix_matches_behaviour() {
    let mut cells = 0;
    let stacked: Vec<_> = ["offload", "timeout"].map(find_decorator).to_vec();
    let single = DECORATORS.iter().filter(|(name, _)| !["exclude", "config_when_not"].contains(name));
    let rows = single.map(|decorator| vec![*decorator]).chain([stacked]);
    for decorators in rows {
        let names: Vec<_> = decorators.iter().map(|(name, _)| *name).collect();
        for (under, asyncness) in
            Under::ALL.into_iter().flat_map(|under| ASYNCNESS.map(|asyncness| (under, asyncness)))
        {
            let case = Case {
                function: asyncness,
                helper: asyncness,
                decorators: &decorators,
                source: XSource::Input,
            };
            let specs: Vec<_> = decorators.iter().map(|(_, make)| make.make(asyncness).spec()).collect();
            let outcome = case.run(under, 7).map(|_| ());
            let expect = match judge(asyncness, &specs, &under.spec()) {
                Verdict::Fine | Verdict::Degraded { .. } => Ok(()),
                Verdict::Unsupported { by: "async fn", .. } => {
                    Err("ICO0101 async-node-under-sync-adapter".to_owned())
                }
                Verdict::Unsupported { .. } => Err("ICO0102 unsupported-decorator".to_owned()),
            };
            assert_eq!(outcome, expect, "{names:?} on a {asyncness:?} function under {under:?}");
            cells += 1;
        }
    }
    assert!(cells >= 190, "only {cells} cells");
}

fn find_decorator(name: &str) -> (&'static str, Make) {
    *DECORATORS.iter().find(|(other, _)| *other == name).expect("the decorator is built in")
}

#[test]
fn all_decorators_of_the_catalogue_are_tested() {
    let tested: Vec<_> = DECORATORS.iter().map(|(_, make)| make.make(ASYNCNESS[0]).spec()).collect();
    for spec in catalogue() {
        assert!(tested.iter().any(|it| it.name() == spec.name()), "no test decorates with `{}`", spec.name());
    }
}
