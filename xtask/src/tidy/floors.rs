//! Every crate uses only crates on lower floors.

use super::Problem;
use super::house::{House, Room};

/// The floors of the house, lowest first.
const FLOORS: [&[&str]; 8] = [
    &["icosian-diagnostics", "icosian-spec"],
    &["icosian-core"],
    &["icosian-graph", "icosian-decorators"],
    &["icosian-adapter", "icosian-rules", "icosian-syntax"],
    &["icosian-tokio", "icosian-rayon", "icosian-macros"],
    &["icosian-driver", "icosian-lint"],
    &["icosian-check"],
    &["icosian", "icosian-cli"],
];

/// The front door: for users, examples and benches.
const FACADE: &str = "icosian";

/// Who may look up the stairs in its tests: generated code names the facade, so the macros' tests need it.
const DEV_UPWARD: &[(&str, &str)] = &[("icosian-macros", FACADE)];

/// Finds crates without a floor, and dependencies that do not lead downstairs.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in &house.members {
        let name = member.name.as_str();
        let own = floor(name);
        if member.room == Room::Crates && own.is_none() {
            problems.push(Problem::new(
                name,
                "is on no floor",
                "give it one in xtask/src/tidy/floors.rs and in ARCHITECTURE.md, or move it out of crates/",
            ));
        }
        for dependency in &member.dependencies {
            let on = dependency.name.as_str();
            let Some(below) = floor(on) else { continue };
            if dependency.dev && DEV_UPWARD.contains(&(name, on)) {
                continue;
            }
            if on == FACADE && !matches!(member.room, Room::Examples | Room::Benches) {
                problems.push(Problem::new(
                    name,
                    format!("depends on the facade `{FACADE}`"),
                    "depend on the crate that has the item; the facade has no logic of its own",
                ));
            } else if let Some(own) = own
                && below >= own
            {
                problems.push(Problem::new(
                    name,
                    format!("is on floor {own} and depends on `{on}` on floor {below}"),
                    "move what is shared to a lower floor, or a test of both to the higher crate",
                ));
            }
        }
    }
    problems
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::house::Room;
    use crate::tidy::sample::{check, house, member};

    #[test]
    fn downstairs_is_fine() {
        check(&problems(&house([member("icosian-driver").on("icosian-core").dev_on("icosian-tokio")])), &[]);
        check(&problems(&house([member("icosian-graph").on("petgraph")])), &[]);
    }

    #[test]
    fn a_crate_needs_a_floor() {
        check(&problems(&house([member("icosian-attic")])), &["icosian-attic: is on no floor"]);
        check(&problems(&house([member("service").within(Room::Examples)])), &[]);
    }

    #[test]
    fn upstairs_and_next_door_are_problems() {
        check(
            &problems(&house([member("icosian-graph").on("icosian-driver").dev_on("icosian-decorators")])),
            &[
                "icosian-graph: is on floor 2 and depends on `icosian-driver` on floor 5",
                "icosian-graph: is on floor 2 and depends on `icosian-decorators` on floor 2",
            ],
        );
    }

    #[test]
    fn the_facade_is_for_users_and_for_the_tests_of_macros() {
        check(&problems(&house([member("service").within(Room::Examples).on("icosian")])), &[]);
        check(&problems(&house([member("icosian-macros").dev_on("icosian")])), &[]);
        check(
            &problems(&house([member("icosian-macros").on("icosian")])),
            &["icosian-macros: depends on the facade `icosian`"],
        );
        check(
            &problems(&house([member("xtask").within(Room::Xtask).on("icosian")])),
            &["xtask: depends on the facade `icosian`"],
        );
    }
}
