//! The examples in the documentation of the rules that need a driver: what is below "Example" breaks the rule and no other,
//! what is below "Use instead" breaks none.
//!
//! Each example is items, an empty line, and what is judged: a builder, a check, or what a driver answers.

#![cfg(test)]

/// What the examples find.
mod door {
    pub(crate) use icosian::check::Check;
    pub(crate) use icosian::prelude::*;

    use icosian::check::{Candidate, IntoCheck, refused};
    use icosian::{Builder, Refused};

    pub(crate) type Found = Result<Vec<String>, Box<dyn std::error::Error>>;

    /// What is judged.
    pub(crate) trait Subject {
        fn told(self) -> Vec<icosian::check::Told>;
    }

    pub(crate) fn codes_of(subject: impl Subject) -> Vec<String> {
        subject.told().into_iter().map(|told| told.code).collect()
    }

    impl<A: ?Sized> Subject for Builder<A>
    where
        Self: IntoCheck,
    {
        fn told(self) -> Vec<icosian::check::Told> {
            self.into_check().told()
        }
    }

    impl<C: Candidate> Subject for Check<C> {
        fn told(self) -> Vec<icosian::check::Told> {
            Check::told(self)
        }
    }

    impl<T> Subject for Result<T, Refused> {
        fn told(self) -> Vec<icosian::check::Told> {
            self.err().as_ref().map(refused).unwrap_or_default()
        }
    }

    impl<T> Subject for Result<T, ExecuteError> {
        fn told(self) -> Vec<icosian::check::Told> {
            match self {
                Ok(_) => Vec::new(),
                Err(ExecuteError::Refused(problems)) => refused(&problems),
                Err(error) => unreachable!("nothing runs: {error}"),
            }
        }
    }
}

use door::Found;

/// A rule, whether it is broken, and how to find out.
type Example = (&'static str, bool, fn() -> Found);

#[allow(
    warnings,
    clippy::all,
    clippy::pedantic,
    reason = "examples are short, and not all that they show is used"
)]
mod examples {
    use super::Example;

    include!(concat!(env!("OUT_DIR"), "/examples.rs"));
}

#[test]
fn bad_examples_break_their_rule_and_no_other_and_good_ones_none() {
    let mut wrong = Vec::new();
    for (code, is_bad, codes) in examples::EXAMPLES {
        let found = codes().map_err(|error| error.to_string());
        let expect = if *is_bad { vec![(*code).to_owned()] } else { Vec::new() };
        if found.as_ref() != Ok(&expect) {
            wrong.push(format!("{} of {code}: {found:?}", if *is_bad { "bad" } else { "good" }));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(examples::EXAMPLES.len() >= 80, "{}", examples::EXAMPLES.len());
}
