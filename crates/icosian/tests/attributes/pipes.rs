use icosian::prelude::*;

use crate::twins::{check_twins, twins};

/// Functions in another module.
pub(crate) mod elsewhere {
    use super::*;

    #[node]
    #[exclude]
    pub fn negated(number: f64) -> f64 {
        -number
    }
}

macro_rules! flow {
    ($name:ident $($later:ident)?) => {
        #[dataflow]
        pub(crate) mod $name {
            use super::*;

            $($later)? fn halved(number: f64) -> f64 {
                number / 2.0
            }

            #[exclude]
            pub $($later)? fn clip(number: f64, most: f64) -> f64 {
                number.min(most)
            }

            $($later)? fn label(number: f64, unit: &str) -> String {
                format!("{number}{unit}")
            }

            #[pipe_input(
                step(halved),
                step(clip, most = value(3.0)).when(env = "prod").named(clipped),
                step(elsewhere::negated).when_not(env = "dev"),
                on_input(number),
            )]
            pub $($later)? fn piped(other: f64, number: f64) -> String {
                format!("{other} {number}")
            }

            #[pipe_output(step(halved), step(clip, most = source(most_of_all)), step(label, unit = value("€")))]
            pub $($later)? fn price() -> f64 {
                10.0
            }

            pub $($later)? fn tag(price: &str) -> String {
                format!("<{price}>")
            }

            pub $($later)? fn eu() -> f64 {
                1.5
            }

            pub $($later)? fn us() -> f64 {
                4.0
            }

            #[mutate(eu, us(most = value(3.0)).when(env = "prod"), most = value(1.0))]
            $($later)? fn at_most(number: f64, most: f64) -> f64 {
                number.min(most)
            }

            #[does(sum, left = eu, right = other)]
            pub $($later)? fn total(eu: f64, other: f64) -> f64 {
                unreachable!("{eu} {other}")
            }

            $($later)? fn sum(left: f64, right: f64) -> f64 {
                left + right
            }

            #[pipe_output(step(halved).on_output(small), namespace = "steps")]
            #[unpack_fields(small, large)]
            pub $($later)? fn sizes() -> (f64, f64) {
                (1.0, 2.0)
            }
        }
    };
}
twins!(flow!);

#[test]
fn steps_run_before_and_after_the_function() {
    let prod = config! { "env": "prod" };
    check_twins!([prod.clone()] piped of { other: 1.0, number: 10.0 } == "1 -3".to_owned());
    let dev = config! { "env": "dev" };
    check_twins!([dev.clone()] piped of { other: 1.0, number: 10.0 } == "1 5".to_owned());
    check_twins!(price, tag of { most_of_all: 3.0 } == ("3€".to_owned(), "<3€>".to_owned()));
    check_twins!(small, large of {} == (0.5, 2.0));
}

#[test]
fn mutator_changes_its_targets() {
    check_twins!(eu, us of {} == (1.0, 4.0));
    check_twins!([config! { "env": "prod" }] eu, us of {} == (1.0, 3.0));
}

#[test]
fn body_is_replaced_by_another_function() {
    check_twins!(total of { other: 2.0 } == 3.0);
}
