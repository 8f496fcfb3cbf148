//! Parameters that decorators provide, with the names of nodes of other types.
#![allow(clippy::used_underscore_binding, reason = "the underscore of these names is under test")]

use icosian::prelude::*;

use crate::twins::{check_twins, twins};

macro_rules! fed {
    ($name:ident $($later:ident)?) => {
        /// Functions with parameters that are named after nodes of other types.
        #[dataflow]
        pub(crate) mod $name {
            /// A text that only implements `Borrow`.
            #[derive(Clone, Debug)]
            pub(crate) struct Label(String);

            impl std::borrow::Borrow<str> for Label {
                fn borrow(&self) -> &str {
                    &self.0
                }
            }

            pub $($later)? fn o() -> String {
                "text".to_owned()
            }

            pub $($later)? fn k() -> u64 {
                4
            }

            pub $($later)? fn label() -> Label {
                Label("label".to_owned())
            }

            $($later)? fn id(o: u64) -> u64 {
                o + 1
            }

            $($later)? fn changed(o: u64, _label: &str) -> u64 {
                o * 10 + _label.len() as u64
            }

            $($later)? fn bound(first: u64, o: u64) -> u64 {
                first + o
            }

            $($later)? fn shout(label: &str) -> String {
                format!("{label}!")
            }

            #[pipe_output(step(id), step(bound, o = value(2_u64)))]
            pub $($later)? fn outputs() -> u64 {
                1
            }

            #[pipe_input(step(id), on_input(_k))]
            pub $($later)? fn inputs(_k: u64) -> u64 {
                _k
            }

            #[pipe_input(step(shout))]
            pub $($later)? fn shouted(label: String) -> String {
                label
            }

            pub $($later)? fn mutated() -> u64 {
                3
            }

            #[mutate(mutated)]
            $($later)? fn mutator(o: u64) -> u64 {
                o + 5
            }

            #[does(id, o = k)]
            pub $($later)? fn done(k: u64) -> u64 {
                unreachable!("{k}")
            }

            #[does(id)]
            #[inject(o = source(k))]
            pub $($later)? fn injected(o: u64) -> u64 {
                unreachable!("{o}")
            }

            #[pipe_output(step(changed))]
            pub $($later)? fn sourced() -> u64 {
                1
            }

            #[inject(_z = source(k))]
            pub $($later)? fn bare(_z: u64) -> u64 {
                _z
            }

            #[does(renamed, _theirs = _ours)]
            pub $($later)? fn done_past_underscores(_ours: u64) -> u64 {
                unreachable!()
            }

            $($later)? fn renamed(_theirs: u64) -> u64 {
                _theirs
            }

            #[fallback(alternative)]
            #[inject(o = source(k))]
            pub $($later)? fn failed(o: u64) -> Result<u64, std::fmt::Error> {
                if o > 0 { Err(std::fmt::Error) } else { Ok(o) }
            }

            $($later)? fn alternative(o: u64) -> u64 {
                o + 100
            }
        }
    };
}

twins!(fed!);

#[test]
fn provided_parameters_read_no_node_of_their_name() {
    check_twins!(outputs, mutated, done, injected of {} == (4, 8, 5, 5));
    check_twins!(failed of {} == 104);
}

#[test]
fn other_parameters_of_called_functions_read_the_node_of_their_name() {
    check_twins!(shouted of {} == "label!".to_owned());
    check_twins!(sourced of {} == 15);
}

#[test]
fn attributes_name_parameters_with_or_without_the_underscore() {
    check_twins!(inputs, bare of {} == (5, 4));
    check_twins!(done_past_underscores of { ours: 7_u64 } == 7);
}
