use std::collections::{BTreeMap, HashMap};

use icosian::prelude::*;

use crate::twins::{check_twins, twins};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moments {
    pub mean: f64,
    pub spread: f64,
}

mod structs {
    use super::*;

    macro_rules! flow {
        ($name:ident $($later:ident)?) => {
            #[dataflow]
            pub(crate) mod $name {
                use super::*;

                #[extract_outputs(mean: f64, spread: f64)]
                pub $($later)? fn moments(samples: &[f64]) -> Result<Moments, std::io::Error> {
                    let mean = samples.iter().sum::<f64>() / 2.0;
                    Ok(Moments { mean, spread: samples[1] - samples[0] })
                }

                pub $($later)? fn label(mean: f64, spread: &f64, moments: &Moments) -> String {
                    format!("{mean} {spread} {}", moments.mean)
                }

                #[extract_fields(eu: f64, us: f64)]
                #[tag_outputs(eu(owner = "brussels"), us(owner = ["boston", "austin"]))]
                pub $($later)? fn rates() -> Rates {
                    Rates { eu: 1.5, us: 1.0 }
                }
            }
        };
    }
    twins!(flow!);

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Rates {
        pub eu: f64,
        pub us: f64,
    }

    #[test]
    fn fields_are_nodes() {
        check_twins!(label of { samples: vec![1.0, 3.0] } == "2 2 2".to_owned());
        check_twins!(mean, spread of { samples: vec![1.0, 3.0] } == (2.0, 2.0));
        check_twins!(eu, us, rates of {} == (1.5, 1.0, Rates { eu: 1.5, us: 1.0 }));
    }

    #[test]
    fn outputs_have_tags() {
        let driver = Driver::builder().with_dataflow(sync_flow::dataflow()).build().unwrap();
        let us = driver.graph().outline(driver.graph().node("us").unwrap());
        assert_eq!(us.tags().to_string(), "owner = boston, austin");
    }
}

mod tuples {
    use super::*;

    macro_rules! flow {
        ($name:ident $($later:ident)?) => {
            #[dataflow]
            pub(crate) mod $name {
                #[unpack_fields(first: u64, _, third)]
                pub $($later)? fn numbers() -> (u64, u64, String) {
                    (1, 2, "three".to_owned())
                }

                #[extract_outputs(left, right: String)]
                pub $($later)? fn pair() -> (u64, String) {
                    (1, "right".to_owned())
                }

                #[unpack_fields(only)]
                pub $($later)? fn beginning() -> (u64, String) {
                    (1, "not asked for".to_owned())
                }
            }
        };
    }
    twins!(flow!);

    #[test]
    fn positions_are_nodes() {
        check_twins!(first, third of {} == (1, "three".to_owned()));
        check_twins!(left, right of {} == (1, "right".to_owned()));
        check_twins!(only of {} == 1);
    }
}

mod maps {
    use super::*;

    macro_rules! flow {
        ($name:ident $($later:ident)?) => {
            #[dataflow]
            pub(crate) mod $name {
                use super::*;

                #[extract_fields(eu: f64, us: f64 = 1.0)]
                pub $($later)? fn rates() -> HashMap<String, f64> {
                    HashMap::from([("eu".to_owned(), 1.5)])
                }

                #[extract_outputs(one, two, fill_with = 0)]
                pub $($later)? fn counts() -> BTreeMap<String, u64> {
                    BTreeMap::from([("one".to_owned(), 1)])
                }
            }
        };
    }
    twins!(flow!);

    #[test]
    fn keys_are_nodes() {
        check_twins!(eu, us of {} == (1.5, 1.0));
        check_twins!(one, two of {} == (1, 0));
    }
}

mod not_clone {
    use icosian::prelude::*;
    use miette::Diagnostic;

    /// A value without `Clone`.
    #[derive(Debug)]
    pub(crate) struct Token(pub(crate) u64);

    #[derive(Debug)]
    pub(crate) struct Pair {
        pub(crate) left: Token,
        pub(crate) right: Token,
    }

    #[dataflow]
    pub(crate) mod tokens {
        use super::*;

        #[extract_outputs(left: Token, right: Token)]
        pub fn pair() -> Pair {
            Pair { left: Token(1), right: Token(2) }
        }
    }

    #[test]
    fn part_without_clone_is_requested_with_the_whole() {
        let driver = Driver::builder().with_dataflow(tokens::dataflow()).build().unwrap();
        let ExecuteError::Refused(refused) = driver.execute::<tokens::left>(inputs! {}).unwrap_err() else {
            panic!("it cannot be given");
        };
        let errors: Vec<_> = refused
            .iter()
            .map(|problem| {
                format!("{problem}; {}", problem.help().map(|help| help.to_string()).unwrap_or_default())
            })
            .collect();
        assert_eq!(
            errors,
            [
                "output `left`, which is a part of `pair`, cannot be returned by value, because `Token` is not `Clone`; \
              implement `Clone` for `Token`, or request `pair`, and extract the part from it"
            ]
        );
        // The error's help suggests this request:
        let pair = driver.execute::<tokens::pair>(inputs! {}).unwrap();
        assert_eq!((pair.left.0, pair.right.0), (1, 2));
    }
}
