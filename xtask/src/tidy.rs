//! How the house is built: one rule, one file. A rule takes the [`House`] and gives [`Problem`]s, and reads nothing
//! itself.

use std::fmt;

use clap::Args;

use crate::Failure;

mod house;
mod read;
mod source;

mod floors;
mod never;
mod quiet;

mod cards;
mod inherit;
mod publish;
mod reasons;
mod unused;

mod circles;
mod heads;
mod leftovers;
mod length;
mod names;
mod safety;
mod silences;

mod changelog;
mod decorator_names;
mod generated;
mod licences;
mod top_level;

#[cfg(test)]
mod sample;

use house::House;

/// Every rule, in the order in which its problems are printed.
const RULES: &[fn(&House) -> Vec<Problem>] = &[
    floors::problems,
    never::problems,
    quiet::problems,
    cards::problems,
    publish::problems,
    reasons::problems,
    unused::problems,
    inherit::problems,
    circles::problems,
    heads::problems,
    names::problems,
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

/// Something that is not as the house wants it.
#[derive(Debug)]
struct Problem {
    /// The file or crate, with a line where there is one.
    place: String,
    /// What is wrong.
    what: String,
    /// What to do about it.
    way_out: String,
}

impl Problem {
    fn new(place: impl Into<String>, what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), way_out: way_out.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n    help: {}", self.place, self.what, self.way_out)
    }
}

/// The options of `cargo xtask tidy`.
#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// Also prints the imports between the files of each crate: their number, the longest chain, and circles in exempt crates.
    #[arg(long)]
    verbose: bool,
}

/// Prints all problems of the workspace and returns whether there are none.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    let house = read::house()?;
    if options.verbose {
        print!("{}", circles::summary(&house));
    }
    let problems: Vec<Problem> = RULES.iter().flat_map(|rule| rule(&house)).collect();
    for problem in &problems {
        println!("{problem}");
    }
    let found = match problems.len() {
        0 => "no problems".to_owned(),
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    };
    println!("tidy: {} crates, {} files, {found}", house.members.len(), house.sources.len());
    Ok(problems.is_empty())
}
