//! Dependencies that no crate of the house may take, whatever its floor.

use super::Problem;
use super::house::House;

/// The crates in `crates/` that a line of the table is about.
enum Who {
    Only(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

impl Who {
    fn includes(&self, name: &str) -> bool {
        match self {
            Self::Only(names) => names.contains(&name),
            Self::AllBut(names) => !names.contains(&name),
        }
    }
}

/// What a line of the table forbids.
enum What {
    These(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

impl What {
    fn includes(&self, name: &str) -> bool {
        match self {
            Self::These(names) => names.contains(&name),
            Self::AllBut(names) => !names.contains(&name),
        }
    }
}

/// Who, on what, why. Tests may use what they like.
const NEVER: &[(Who, What, &str)] = &[
    (
        Who::Only(&["icosian-core"]),
        What::These(&["petgraph", "tokio", "futures", "syn"]),
        "core is only words: it orders, runs and reads nothing",
    ),
    (
        Who::Only(&["icosian-graph"]),
        What::These(&["icosian-adapter", "icosian-tokio", "icosian-rayon", "tokio"]),
        "a graph knows order and runs nothing",
    ),
    (
        Who::Only(&["icosian-syntax"]),
        What::These(&["icosian-graph"]),
        "a macro does not make its users build a graph",
    ),
    (Who::Only(&["icosian-macros"]), What::AllBut(&["icosian-syntax"]), "the macros' crate only forwards"),
    (
        Who::Only(&["icosian-adapter"]),
        What::These(&["icosian-decorators"]),
        "adapters and decorators meet in `Node`",
    ),
    (
        Who::Only(&["icosian-decorators"]),
        What::These(&["icosian-adapter"]),
        "adapters and decorators meet in `Node`",
    ),
    (
        Who::Only(&["icosian-rules", "icosian-lint"]),
        What::These(&["tokio", "icosian-tokio", "icosian-rayon"]),
        "the linter judges and runs nothing",
    ),
    (
        Who::AllBut(&["icosian-tokio", "icosian-driver", "icosian"]),
        What::These(&["tokio"]),
        "tokio is for icosian-tokio and what is async by nature above it",
    ),
    (Who::AllBut(&["icosian-cli"]), What::These(&["clap"]), "a library has no command line"),
    (Who::AllBut(&["icosian-cli"]), What::These(&["anyhow", "eyre"]), "a library's errors have types"),
];

/// Who, on what, with which feature and all that begin like it, why.
const NEVER_WITH: &[(Who, &str, &str, &str)] = &[(
    Who::AllBut(&["icosian-cli"]),
    "miette",
    "fancy",
    "a library gives diagnostics and leaves drawing to programs",
)];

/// Finds dependencies that stand in the tables above.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in house.crates() {
        let name = member.name.as_str();
        for dependency in member.dependencies.iter().filter(|it| !it.dev) {
            let on = dependency.name.as_str();
            if let Some((.., why)) =
                NEVER.iter().find(|(who, what, _)| who.includes(name) && what.includes(on))
            {
                problems.push(problem(name, &format!("depends on `{on}`"), why));
            }
            for (_, _, feature, why) in
                NEVER_WITH.iter().filter(|(who, what, ..)| who.includes(name) && *what == on)
            {
                if dependency.features.iter().any(|it| it.starts_with(feature)) {
                    problems.push(problem(name, &format!("depends on `{on}` with feature `{feature}`"), why));
                }
            }
        }
    }
    problems
}

fn problem(name: &str, what: &str, why: &str) -> Problem {
    let way_out =
        format!("{why}; take it out, or change xtask/src/tidy/never.rs and ARCHITECTURE.md with a reason");
    Problem::new(name, what, way_out)
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::house::Room;
    use crate::tidy::sample::{check, house, member};

    #[test]
    fn what_stands_in_the_table_is_found_once() {
        check(
            &problems(&house([
                member("icosian-core").on("tokio").on("serde"),
                member("icosian-rules").on("clap"),
            ])),
            &["icosian-core: depends on `tokio`", "icosian-rules: depends on `clap`"],
        );
        check(
            &problems(&house([member("icosian-adapter").on("icosian-decorators")])),
            &["icosian-adapter: depends on `icosian-decorators`"],
        );
    }

    #[test]
    fn core_and_the_reading_room_stay_small() {
        let house = house([
            member("icosian-core").on("futures"),
            member("icosian-syntax").on("icosian-core").on("icosian-graph"),
            member("icosian-macros").on("icosian-syntax").on("icosian-core").on("quote").dev_on("trybuild"),
        ]);
        check(
            &problems(&house),
            &[
                "icosian-core: depends on `futures`",
                "icosian-syntax: depends on `icosian-graph`",
                "icosian-macros: depends on `icosian-core`",
                "icosian-macros: depends on `quote`",
            ],
        );
    }

    #[test]
    fn who_is_excepted_or_tests_may() {
        check(
            &problems(&house([member("icosian-tokio").on("tokio"), member("icosian-cli").on("clap")])),
            &[],
        );
        check(&problems(&house([member("icosian-adapter").dev_on("tokio")])), &[]);
        check(&problems(&house([member("xtask").within(Room::Xtask).on("clap")])), &[]);
    }

    #[test]
    fn a_feature_may_be_what_is_forbidden() {
        check(&problems(&house([member("icosian-core").on("miette").with_feature("derive")])), &[]);
        check(
            &problems(&house([member("icosian-core").on("miette").with_feature("fancy-no-backtrace")])),
            &["icosian-core: depends on `miette` with feature `fancy`"],
        );
    }
}
