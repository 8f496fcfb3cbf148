//! Dataflows and functions that include themselves.

use icosian::decorators::{Resolve, Subdag};
use icosian::prelude::*;
use icosian::{BoxError, Builder, Dataflow, Node, Outline};
use miette::Diagnostic;

#[dataflow]
pub(crate) mod own {
    #[subdag(crate::cycles::own, external(x))]
    pub fn f(x: u64) -> u64 {
        x
    }
}

#[dataflow]
pub(crate) mod hen {
    #[subdag(super::egg, external(x))]
    pub fn h(x: u64) -> u64 {
        x
    }

    #[subdag(super::egg, external(x))]
    pub async fn again(x: u64) -> u64 {
        x
    }
}

#[dataflow]
pub(crate) mod egg {
    #[parameterized_subdag(super::hen, e(external(x)))]
    pub async fn e(x: u64) -> u64 {
        x
    }
}

/// Reads the cycle, but is not part of it.
#[dataflow]
pub(crate) mod farm {
    #[subdag(super::hen, external(x))]
    pub fn f(x: u64) -> u64 {
        x
    }
}

macro_rules! steps {
    ($($module:ident -> $next:ident;)+) => {$(
        #[dataflow]
        pub(crate) mod $module {
            #[pipe_output(step(super::$next::g))]
            pub fn g(x: u64) -> u64 {
                x
            }
        }
    )+};
}
steps! {
    first -> second;
    second -> third;
    third -> first;
}

#[dataflow]
pub(crate) mod done_by {
    #[does(super::done_for::f)]
    pub fn f(x: u64) -> u64 {
        x
    }
}

#[dataflow]
pub(crate) mod done_for {
    #[fallback(super::done_by::f)]
    pub fn f(x: u64) -> Result<u64, std::num::TryFromIntError> {
        u64::try_from(i128::from(x))
    }
}

/// Builds a sync and an async driver on a thread with a small stack, and returns what both report.
fn refused(make: fn() -> Vec<Dataflow>) -> Vec<String> {
    let build = move || {
        let sync = make().into_iter().fold(Driver::builder(), Builder::with_dataflow);
        let later = make().into_iter().fold(AsyncDriver::builder(), Builder::with_dataflow);
        let shown = |problems: icosian::BuildError| -> Vec<String> {
            let shown = |problem: &icosian::Spanned<icosian::BuildErrorKind>| {
                let lines =
                    problem.source_labels().iter().map(|mark| mark.text().to_owned()).collect::<Vec<_>>();
                format!("{}: {problem} [{}]", problem.code().unwrap(), lines.join("; "))
            };
            problems.iter().map(shown).collect()
        };
        (shown(sync.build().unwrap_err()), shown(later.build().unwrap_err()))
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(build).unwrap();
    let (sync, later) = thread.join().unwrap();
    assert_eq!(sync, later);
    sync
}

#[test]
fn dataflow_that_includes_itself_is_refused() {
    assert_eq!(
        refused(|| vec![own::dataflow()]),
        ["ICO0003 dependency-cycle: the decorators of `cycles::own::f` include `cycles::own::f` itself \
          [includes `cycles::own::f`]"]
    );
}

#[test]
fn dataflows_that_include_each_other_are_refused_once() {
    let between_two = "ICO0003 dependency-cycle: the decorators of `cycles::egg::e` include `cycles::hen::h`, which \
                       includes `cycles::egg::e` [includes `cycles::hen::h`; includes `cycles::egg::e`]";
    assert_eq!(refused(|| vec![hen::dataflow()]), [between_two]);
    assert_eq!(refused(|| vec![farm::dataflow()]), [between_two]);
    assert_eq!(refused(|| vec![egg::dataflow(), farm::dataflow()]), [between_two]);
}

#[test]
fn steps_of_each_other_in_several_modules_are_refused() {
    let circle = "ICO0003 dependency-cycle: the decorators of `cycles::first::g` include `cycles::second::g`, which \
                  includes `cycles::third::g`, which includes `cycles::first::g` \
                  [includes `cycles::second::g`; includes `cycles::third::g`; includes `cycles::first::g`]";
    assert_eq!(refused(|| vec![first::dataflow()]), [circle]);
    assert_eq!(refused(|| vec![third::dataflow(), second::dataflow()]), [circle]);
}

#[test]
fn functions_that_replace_each_other_are_refused() {
    assert_eq!(
        refused(|| vec![done_for::dataflow()]),
        [
            "ICO0003 dependency-cycle: the decorators of `cycles::done_by::f` include `cycles::done_for::f`, which \
          includes `cycles::done_by::f` [includes `cycles::done_for::f`; includes `cycles::done_by::f`]"
        ]
    );
}

#[test]
fn included_dataflow_with_cycle_is_refused() {
    let outer = || {
        let f = Node::sync(Outline::new("f"), |_| Ok(1_u64));
        vec![Dataflow::new("outer").with_node(f.with_decorator(Subdag::new(own::dataflow())))]
    };
    assert_eq!(refused(outer).len(), 1);
    assert!(refused(outer)[0].starts_with("ICO0003 dependency-cycle: the decorators of `cycles::own::f`"));
}

#[test]
fn resolve_that_returns_its_own_dataflow_is_refused() {
    fn endless() -> Dataflow {
        let resolve = Resolve::new(|_: &icosian::Config| Ok::<_, BoxError>(Subdag::new(endless())));
        Dataflow::new("endless")
            .with_node(Node::sync(Outline::new("f"), |_| Ok(1_u64)).with_decorator(resolve))
    }
    assert_eq!(
        refused(|| vec![endless()]),
        ["ICO0003 dependency-cycle: more than 32 dataflows include each other: `endless`, and so on []"]
    );
}
