//! Each crate depends only on crates of lower floors.

use super::problem::Problem;
use super::workspace::{Area, SourceTree};

/// The floors, lowest first.
const FLOORS: [&[&str]; 8] = [
    &["icosian-arena", "icosian-diagnostics", "icosian-schema", "icosian-spec"],
    &["icosian-core", "icosian-draw"],
    &["icosian-graph", "icosian-decorators", "icosian-runs"],
    &["icosian-adapter", "icosian-rules", "icosian-syntax"],
    &["icosian-tokio", "icosian-rayon", "icosian-tower", "icosian-macros"],
    &["icosian-driver", "icosian-lint"],
    &["icosian-check", "icosian-observe"],
    &["icosian", "icosian-cli"],
];

/// The crate for users, examples and benches.
const FACADE: &str = "icosian";

/// The dev-dependencies on higher floors. Generated code refers to the facade, so the tests of the macros need it.
const DEV_UPWARD: &[(&str, &str)] = &[("icosian-macros", FACADE)];

/// Reports crates without a floor, and dependencies that are not on a lower floor.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in &workspace.members {
        let name = member.name.as_str();
        let own = floor(name);
        if member.area == Area::Crates && own.is_none() {
            problems.push(Problem::new(
                name,
                "is on no floor",
                "add it to xtask/src/tidy/floors.rs and to ARCHITECTURE.md, or move it out of crates/",
            ));
        }
        for dependency in &member.dependencies {
            let on = dependency.name.as_str();
            let Some(below) = floor(on) else { continue };
            if dependency.dev && DEV_UPWARD.contains(&(name, on)) {
                continue;
            }
            if on == FACADE && !matches!(member.area, Area::Examples | Area::Benches | Area::Docs) {
                problems.push(Problem::new(
                    name,
                    format!("depends on the facade `{FACADE}`"),
                    "depend on the crate that defines the item",
                ));
            } else if let Some(own) = own
                && below >= own
            {
                problems.push(Problem::new(
                    name,
                    format!("is on floor {own} and depends on `{on}` on floor {below}"),
                    "move the shared items to a lower floor, or a test of both crates to the higher one",
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
    use crate::tidy::sample::{check, member, workspace};
    use crate::tidy::workspace::Area;

    #[test]
    fn dependency_on_lower_floor_is_accepted() {
        check(
            &problems(&workspace([member("icosian-driver").on("icosian-core").dev_on("icosian-tokio")])),
            &[],
        );
        check(&problems(&workspace([member("icosian-graph").on("petgraph")])), &[]);
    }

    #[test]
    fn crate_without_floor_is_reported() {
        check(&problems(&workspace([member("icosian-attic")])), &["icosian-attic: is on no floor"]);
        check(&problems(&workspace([member("service").within(Area::Examples)])), &[]);
    }

    #[test]
    fn dependency_on_same_or_higher_floor_is_reported() {
        check(
            &problems(&workspace([member("icosian-graph")
                .on("icosian-driver")
                .dev_on("icosian-decorators")])),
            &[
                "icosian-graph: is on floor 2 and depends on `icosian-driver` on floor 5",
                "icosian-graph: is on floor 2 and depends on `icosian-decorators` on floor 2",
            ],
        );
    }

    #[test]
    fn facade_is_accepted_in_examples_and_tests_of_macros() {
        check(&problems(&workspace([member("service").within(Area::Examples).on("icosian")])), &[]);
        check(&problems(&workspace([member("icosian-macros").dev_on("icosian")])), &[]);
        check(
            &problems(&workspace([member("icosian-macros").on("icosian")])),
            &["icosian-macros: depends on the facade `icosian`"],
        );
        check(
            &problems(&workspace([member("xtask").within(Area::Xtask).on("icosian")])),
            &["xtask: depends on the facade `icosian`"],
        );
    }
}
