//! The checks of the workspace's layout: one rule, one file. A rule is a function from the [`SourceTree`] to its [`Problem`]s,
//! without I/O.

use clap::Args;

use crate::task_error::TaskError;

mod problem;
mod read;
mod source;
mod workspace;

mod floors;
mod never;
mod quiet;

mod inherit;
mod metadata;
mod publish;
mod reasons;
mod unused;

mod circles;
mod crate_docs;
mod flags;
mod leftovers;
mod length;
mod names;
mod safety;
mod silences;
mod type_names;

mod changelog;
mod decorator_names;
mod generated;
mod licences;
mod top_level;

#[cfg(test)]
mod sample;

use problem::Problem;
use workspace::SourceTree;

/// Every rule, in the order in which its problems are printed.
const RULES: &[fn(&SourceTree) -> Vec<Problem>] = &[
    floors::problems,
    never::problems,
    quiet::problems,
    metadata::problems,
    publish::problems,
    reasons::problems,
    unused::problems,
    inherit::problems,
    circles::problems,
    crate_docs::problems,
    names::problems,
    type_names::problems,
    flags::problems,
    length::problems,
    leftovers::problems,
    silences::problems,
    safety::problems,
    decorator_names::problems,
    generated::problems,
    changelog::problems,
    licences::problems,
    top_level::problems,
];

/// The options of `cargo xtask tidy`.
#[derive(Debug, Default, Args)]
pub(crate) struct TidyOptions {
    /// Also prints the imports between the files of each crate: their number, the longest chain, and circles in exempt crates.
    #[arg(long)]
    verbose: bool,
}

/// The files of declared and compiled outputs whose type names, flags and import circles are still to be cleaned up, and the crate
/// that cannot inherit `unsafe_code = "forbid"`.
const POSTPONED: [&str; 12] = [
    "icosian-arena",
    "crates/icosian-decorators/src/built_in/retry/",
    "crates/icosian-driver/src/compiled/",
    "crates/icosian-syntax/src/compile/",
    "crates/icosian-syntax/src/decorator/binding.rs",
    "crates/icosian-syntax/src/model.rs",
    "crates/icosian-syntax/src/outputs.rs",
    "crates/icosian-syntax/src/outputs/",
    "crates/icosian-syntax/src/reads",
    "crates/icosian-syntax/src/write/",
    "crates/icosian-tokio/src/limit.rs",
    "crates/icosian/src/lib.rs",
];

/// Returns whether a problem is postponed: a type name, a flag, a circle or lints in one of the files above.
fn is_postponed(problem: &Problem) -> bool {
    let kinds = [
        "declares the type",
        "has the boolean parameter",
        "is in an import circle",
        "does not inherit the lints",
    ];
    POSTPONED.iter().any(|path| problem.location.starts_with(path))
        && kinds.iter().any(|kind| problem.message.contains(kind))
}

/// Prints all problems of the workspace and returns whether there are none.
pub(crate) fn run(options: &TidyOptions) -> Result<bool, TaskError> {
    let workspace = read::workspace()?;
    if options.verbose {
        print!("{}", circles::summary(&workspace));
    }
    let problems = RULES.iter().flat_map(|rule| rule(&workspace));
    let problems: Vec<Problem> = problems.filter(|problem| !is_postponed(problem)).collect();
    for problem in &problems {
        println!("{problem}");
    }
    let found = match problems.len() {
        0 => "no problems".to_owned(),
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    };
    println!("tidy: {} crates, {} files, {found}", workspace.members.len(), workspace.sources.len());
    Ok(problems.is_empty())
}
