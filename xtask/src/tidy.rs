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
mod language;
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
    language::problems,
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

/// Prints all problems of the workspace and returns whether there are none.
pub(crate) fn run(options: &TidyOptions) -> Result<bool, TaskError> {
    let workspace = read::workspace()?;
    if options.verbose {
        print!("{}", circles::summary(&workspace));
    }
    let problems: Vec<Problem> = RULES.iter().flat_map(|rule| rule(&workspace)).collect();
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
