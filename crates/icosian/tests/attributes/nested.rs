//! Decorators that change the same parameter: bindings over pipes and subdags, and defaults of the signature.

use icosian::BoxError;
use icosian::decorators::{Inject, source};
use icosian::prelude::*;
use miette::Diagnostic;

use crate::twins::{check_twins, twins};

#[dataflow]
pub(crate) mod inner {
    pub fn k(seed: u64) -> u64 {
        seed + 1
    }
}

fn of_s(config: &icosian::Config) -> Result<Inject, BoxError> {
    if config.get::<u64>("unknown").is_some() {
        return Err("no test sets it".into());
    }
    Ok(Inject::new().bind("k", source("s")))
}

macro_rules! flow {
    ($name:ident $($later:ident)?) => {
        #[dataflow]
        pub(crate) mod $name {
            use super::*;

            pub $($later)? fn s() -> u64 {
                2
            }

            $($later)? fn inc(given: u64, #[default(100)] by: u64) -> u64 {
                given + by
            }

            $($later)? fn twice(given: u64) -> u64 {
                given * 2
            }

            #[inject(k = source(s))]
            #[pipe_input(step(inc), on_input(k))]
            pub $($later)? fn injected(k: u64) -> u64 {
                k
            }

            #[inject(k = value(5_u64), other = source(s))]
            #[pipe_input(step(inc), step(twice), on_input(k))]
            #[pipe_input(step(inc, by = value(1_u64)), on_input(other), namespace = "others")]
            pub $($later)? fn both(k: u64, other: u64) -> u64 {
                k * 1000 + other
            }

            #[parameterize(bound(k = source(s)), constant(k = value(7_u64)), free(other = value(1_u64)))]
            #[pipe_input(step(inc, by = source(by)), step(twice), on_input(k))]
            pub $($later)? fn several(k: u64, #[default(0)] other: u64) -> u64 {
                k + other
            }

            #[parameterize_values(one(k = 1_u64), two(k = 2_u64))]
            #[pipe_input(step(inc), on_input(k))]
            pub $($later)? fn numbers(k: u64) -> u64 {
                k
            }

            #[resolve(of_s)]
            #[pipe_input(step(inc), on_input(k))]
            pub $($later)? fn resolved(k: u64) -> u64 {
                k
            }

            #[does(body)]
            pub $($later)? fn head_default(#[default(2)] b: u64) -> u64 {
                unreachable!("{b}")
            }

            $($later)? fn body(b: u64) -> u64 {
                b * 10
            }

            #[does(own_default)]
            pub $($later)? fn head_wins(#[default(2)] b: u64) -> u64 {
                unreachable!("{b}")
            }

            $($later)? fn own_default(#[default(9)] b: u64) -> u64 {
                b * 10
            }

            #[does(optional)]
            pub $($later)? fn head_option(b: Option<u64>) -> u64 {
                unreachable!("{b:?}")
            }

            $($later)? fn optional(b: Option<u64>) -> u64 {
                b.unwrap_or(40)
            }

            #[does(greet, to = name, again = name)]
            pub $($later)? fn greeting(#[default("you".to_owned())] name: &str) -> String {
                unreachable!("{name}")
            }

            $($later)? fn greet(to: &str, again: String) -> String {
                format!("{to} and {again}")
            }

            #[fallback(body)]
            pub $($later)? fn fails(#[default(3)] b: u64) -> Result<u64, std::io::Error> {
                Err(std::io::Error::other(b.to_string()))
            }

            #[pipe_input(step(inc), on_input(k))]
            pub $($later)? fn piped_default(#[default(2)] k: u64) -> u64 {
                k
            }
        }
    };
}
twins!(flow!);

#[test]
fn binding_feeds_first_step_of_pipe() {
    check_twins!(injected of {} == 102);
    check_twins!(both of {} == 210_003);
    let driver = Driver::builder().with_dataflow(sync_flow::dataflow()).build().unwrap();
    let resolved = driver.execute_named(["resolved"], inputs! {}).unwrap();
    assert_eq!(resolved.get::<u64>("resolved"), Some(&102));
}

#[test]
fn parameterized_nodes_have_pipes_of_their_bindings() {
    check_twins!(bound, constant, free of { k: 10_u64, by: 3_u64 } == (10, 20, 27));
    check_twins!(one, two of {} == (101, 102));
    let driver = Driver::builder().with_dataflow(sync_flow::dataflow()).build().unwrap();
    let graph = driver.graph();
    let names: Vec<_> = graph.nodes().map(|node| graph.outline(node).name().as_str()).collect();
    let has = |name: &&str| names.contains(name);
    assert!(["bound.with_inc", "bound.with_twice", "constant.with_inc", "several.with_inc"].iter().all(has));
    assert!(!["numbers.with_inc", "free.with_inc"].iter().any(has), "{names:?}");
}

#[test]
fn signature_decides_which_inputs_are_optional() {
    check_twins!(head_default of {} == 20);
    check_twins!(head_default of { b: 3_u64 } == 30);
    check_twins!(head_wins of {} == 20);
    check_twins!(head_option of {} == 40);
    check_twins!(fails of {} == 30);
    check_twins!(piped_default of {} == 102);
    check_twins!(piped_default of { k: 5_u64 } == 105);
    check_twins!(greeting of {} == "you and you".to_owned());
    check_twins!(greeting of { name: "Ada" } == "Ada and Ada".to_owned());
}

/// Builds both drivers and returns the problem that both report, with the lines of its locations.
fn refused(make: impl Fn() -> icosian::Dataflow) -> (String, String, usize) {
    let shown = |problems: icosian::BuildError| {
        let problem = problems.iter().next().unwrap();
        let count = problems.iter().count();
        assert_eq!(count, 1, "{problems:?}");
        (problem.code().unwrap().to_string(), problem.to_string(), problem.source_labels().len())
    };
    let sync = shown(Driver::builder().with_dataflow(make()).build().unwrap_err());
    let later = shown(AsyncDriver::builder().with_dataflow(make()).build().unwrap_err());
    assert_eq!(sync, later);
    sync
}

#[test]
fn binding_of_parameter_that_subdag_provides_is_refused() {
    #[dataflow]
    mod wrong {
        use super::*;

        pub fn s() -> u64 {
            2
        }

        #[inject(k = source(s))]
        #[subdag(inner)]
        pub fn f(k: u64) -> u64 {
            k
        }
    }
    let twice = "`inject` binds `k` of `f`, which `subdag` already provides".to_owned();
    assert_eq!(refused(wrong::dataflow), ("ICO0416 param-bound-twice".to_owned(), twice, 3));
}

#[test]
fn binding_under_pipe_over_subdag_is_refused() {
    #[dataflow]
    mod wrong {
        use super::*;

        fn twice(given: u64) -> u64 {
            given * 2
        }

        #[parameterize(one(k = value(1_u64)), two(k = value(2_u64)))]
        #[pipe_input(step(twice))]
        #[subdag(inner, inputs(seed = value(1_u64)))]
        pub async fn f(k: u64) -> u64 {
            k
        }
    }
    let problems = AsyncDriver::builder().with_dataflow(wrong::dataflow()).build().unwrap_err();
    let problem = problems.iter().next().unwrap();
    assert_eq!(problem.to_string(), "`parameterize` binds `k` of `f`, which `subdag` already provides");
    assert_eq!(problem.source_labels().len(), 3);
}

#[test]
fn optional_parameter_is_refused_where_body_requires_value() {
    #[dataflow]
    mod wrong {
        fn body(b: u64) -> u64 {
            b
        }

        #[does(body)]
        pub fn f(b: Option<u64>) -> u64 {
            b.unwrap_or_default()
        }
    }
    #[dataflow]
    mod piped {
        fn body(b: u64) -> u64 {
            b
        }

        #[pipe_input(step(body))]
        pub fn f(b: Option<u64>) -> u64 {
            b.unwrap_or_default()
        }
    }
    let message = "`b` of `f` may be missing, but `body` requires `b: u64`".to_owned();
    for make in [wrong::dataflow, piped::dataflow] {
        assert_eq!(refused(make), ("ICO0421 decorator-type-mismatch".to_owned(), message.clone(), 2));
    }
}
