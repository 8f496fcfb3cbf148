//! The examples in the documentation of the rules that need a driver: code below "Example" breaks the rule and no other, code
//! below "Use instead" breaks none.
//!
//! Each example is items, an empty line, and the checked expression: a builder, a check, or the result of a driver.

#![cfg(test)]

/// The imports of the examples.
mod door {
    pub(crate) use icosian::check::Check;
    pub(crate) use icosian::prelude::*;

    use icosian::check::{Candidate, IntoCheck, Told, refused};
    use icosian::{BuildError, Builder, RequestError};

    pub(crate) type Found = Result<Vec<Told>, Box<dyn std::error::Error>>;

    /// The value of the last expression of an example.
    pub(crate) trait Subject {
        fn told(self) -> Vec<Told>;
    }

    pub(crate) fn told_of(subject: impl Subject) -> Vec<Told> {
        subject.told()
    }

    impl<A: ?Sized> Subject for Builder<A>
    where
        Self: IntoCheck,
    {
        fn told(self) -> Vec<Told> {
            self.into_check().told()
        }
    }

    impl<C: Candidate> Subject for Check<C> {
        fn told(self) -> Vec<Told> {
            Check::told(self)
        }
    }

    impl<T> Subject for Result<T, BuildError> {
        fn told(self) -> Vec<Told> {
            self.err().iter().flat_map(refused).collect()
        }
    }

    impl<T> Subject for Result<T, RequestError> {
        fn told(self) -> Vec<Told> {
            self.err().iter().flat_map(refused).collect()
        }
    }

    impl<T> Subject for Result<T, ExecuteError> {
        fn told(self) -> Vec<Told> {
            match self {
                Ok(_) => Vec::new(),
                Err(ExecuteError::Refused(problems)) => refused(&problems),
                Err(error) => unreachable!("nothing runs: {error}"),
            }
        }
    }
}

use door::Found;
use icosian::check::Told;

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
    for (code, is_bad, told) in examples::EXAMPLES {
        let codes = |told: Vec<Told>| told.into_iter().map(|told| told.code).collect::<Vec<_>>();
        let found = told().map(codes).map_err(|error| error.to_string());
        let expect = if *is_bad { vec![(*code).to_owned()] } else { Vec::new() };
        if found.as_ref() != Ok(&expect) {
            wrong.push(format!("{} of {code}: {found:?}", if *is_bad { "bad" } else { "good" }));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(examples::EXAMPLES.len() >= 80, "{}", examples::EXAMPLES.len());
}

#[test]
fn all_texts_read_alike() -> Result<(), Box<dyn std::error::Error>> {
    /// Words of instructions, which belong to the help.
    const INSTRUCTIONS: [&str; 5] = ["should", "must", "instead", "please", "consider"];
    let is_fragment = |text: &str| {
        let begins = text.starts_with(|it: char| it == '`' || it.is_lowercase() || it.is_numeric());
        begins && !text.ends_with(['.', '!']) && text.matches('`').count().is_multiple_of(2)
    };
    for (code, _, told) in examples::EXAMPLES {
        for Told { message, spots, help, .. } in told()? {
            assert!(is_fragment(&message) && message.contains('`'), "{code}: {message}");
            assert!(!INSTRUCTIONS.iter().any(|word| message.contains(word)), "{code}: {message}");
            assert!(spots.iter().all(|spot| spot.text.is_empty() || is_fragment(&spot.text)), "{code}");
            assert!(help.as_deref().is_some_and(is_fragment), "{code}: {help:?}");
        }
    }
    Ok(())
}
