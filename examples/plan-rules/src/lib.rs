//! Tests the examples in the docs of the lint rules that need a driver.
//!
//! Code below "Example" must break its rule and no other rule. Code below "Use instead" must break no rule. Each example
//! consists of items, an empty line, and the checked expression: a builder, a check, or the result of a driver.

#![cfg(test)]

/// The imports of the examples.
mod prelude {
    pub(crate) use icosian::check::Check;
    pub(crate) use icosian::prelude::*;

    use icosian::check::{Candidate, IntoCheck, RemoteFinding, to_findings};
    use icosian::{BuildError, Builder, RequestError};

    pub(crate) type Findings = Result<Vec<RemoteFinding>, Box<dyn std::error::Error>>;

    /// The value of the last expression of an example.
    pub(crate) trait Subject {
        fn findings(self) -> Vec<RemoteFinding>;
    }

    pub(crate) fn findings_of(subject: impl Subject) -> Vec<RemoteFinding> {
        subject.findings()
    }

    impl<A: ?Sized> Subject for Builder<A>
    where
        Self: IntoCheck,
    {
        fn findings(self) -> Vec<RemoteFinding> {
            self.into_check().findings()
        }
    }

    impl<C: Candidate> Subject for Check<C> {
        fn findings(self) -> Vec<RemoteFinding> {
            Check::findings(self)
        }
    }

    impl<T> Subject for Result<T, BuildError> {
        fn findings(self) -> Vec<RemoteFinding> {
            self.err().iter().flat_map(to_findings).collect()
        }
    }

    impl<T> Subject for Result<T, RequestError> {
        fn findings(self) -> Vec<RemoteFinding> {
            self.err().iter().flat_map(to_findings).collect()
        }
    }

    impl<T> Subject for Result<T, ExecuteError> {
        fn findings(self) -> Vec<RemoteFinding> {
            match self {
                Ok(_) => Vec::new(),
                Err(ExecuteError::Refused(error)) => to_findings(&error),
                Err(error) => unreachable!("nothing runs: {error}"),
            }
        }
    }
}

use icosian::check::RemoteFinding;
use prelude::Findings;

/// The code of a rule, whether the example breaks it, and the function that checks the example.
type Example = (&'static str, bool, fn() -> Findings);

#[allow(warnings, clippy::all, clippy::pedantic, reason = "examples are short and contain unused items")]
mod examples {
    use super::Example;

    include!(concat!(env!("OUT_DIR"), "/examples.rs"));
}

#[test]
fn bad_examples_break_only_their_rule_and_good_examples_none() {
    let mut failures = Vec::new();
    for (code, is_bad, check) in examples::EXAMPLES {
        let codes = |findings: Vec<RemoteFinding>| {
            findings.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
        };
        let found = check().map(codes).map_err(|error| error.to_string());
        let expect = if *is_bad { vec![(*code).to_owned()] } else { Vec::new() };
        if found.as_ref() != Ok(&expect) {
            failures.push(format!("{} of {code}: {found:?}", if *is_bad { "bad" } else { "good" }));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(examples::EXAMPLES.len() >= 80, "{}", examples::EXAMPLES.len());
}

#[test]
fn messages_labels_and_help_are_fragments() -> Result<(), Box<dyn std::error::Error>> {
    /// Words of instructions, which belong to the help.
    const INSTRUCTIONS: [&str; 5] = ["should", "must", "instead", "please", "consider"];
    let is_fragment = |text: &str| {
        let starts_well =
            text.starts_with(|first: char| first == '`' || first.is_lowercase() || first.is_numeric());
        starts_well && !text.ends_with(['.', '!']) && text.matches('`').count().is_multiple_of(2)
    };
    for (code, _, check) in examples::EXAMPLES {
        for RemoteFinding { message, spots, help, .. } in check()? {
            assert!(is_fragment(&message) && message.contains('`'), "{code}: {message}");
            assert!(!INSTRUCTIONS.iter().any(|word| message.contains(word)), "{code}: {message}");
            assert!(spots.iter().all(|spot| spot.text.is_empty() || is_fragment(&spot.text)), "{code}");
            assert!(help.as_deref().is_some_and(is_fragment), "{code}: {help:?}");
        }
    }
    Ok(())
}
