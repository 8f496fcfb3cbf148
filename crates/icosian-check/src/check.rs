use icosian_core::Placed;
use icosian_driver::{BuildError, Problem};
use icosian_rules::Told;
use miette::Diagnostic;

use crate::Candidate;

/// Returns all that is wrong with what `builder` would build.
///
/// # Examples
/// See the [crate](crate).
#[must_use]
pub fn check(builder: impl Candidate) -> Vec<Told> {
    builder.built().err().as_ref().map(told).unwrap_or_default()
}

fn told(problems: &BuildError) -> Vec<Told> {
    problems.iter().map(one).collect()
}

fn one(problem: &Placed<Problem>) -> Told {
    let code = problem.code().map(|code| code.to_string()).unwrap_or_default();
    let mut told = Told::new(code, problem.to_string());
    told.help = problem.help().map(|help| help.to_string());
    told.spots = problem.marks().iter().map(Into::into).collect();
    told
}
