//! Forbidden dependencies, on any floor.

use super::problem::Problem;
use super::workspace::SourceTree;

/// The crates to which a row applies.
enum Crates {
    Only(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

impl Crates {
    fn includes(&self, name: &str) -> bool {
        match self {
            Self::Only(names) => names.contains(&name),
            Self::AllBut(names) => !names.contains(&name),
        }
    }
}

/// The dependencies that a row forbids.
enum Dependencies {
    These(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

impl Dependencies {
    fn includes(&self, name: &str) -> bool {
        match self {
            Self::These(names) => names.contains(&name),
            Self::AllBut(names) => !names.contains(&name),
        }
    }
}

/// The rows: crates, their forbidden dependencies, and the reason. Dev-dependencies are not checked.
const NEVER: &[(Crates, Dependencies, &str)] = &[
    (
        Crates::Only(&["icosian-core"]),
        Dependencies::These(&["petgraph", "tokio", "futures", "syn"]),
        "core is a data model: it contains no graph, runtime or parser",
    ),
    (
        Crates::Only(&["icosian-graph"]),
        Dependencies::These(&["icosian-adapter", "icosian-tokio", "icosian-rayon", "tokio"]),
        "a graph runs nothing",
    ),
    (
        Crates::Only(&["icosian-syntax"]),
        Dependencies::These(&["icosian-graph"]),
        "users of a macro do not build a graph library",
    ),
    (
        Crates::Only(&["icosian-macros"]),
        Dependencies::AllBut(&["icosian-syntax"]),
        "the macros' crate only forwards",
    ),
    (
        Crates::Only(&["icosian-adapter"]),
        Dependencies::These(&["icosian-decorators"]),
        "adapters and decorators meet in `Node`",
    ),
    (
        Crates::Only(&["icosian-decorators"]),
        Dependencies::These(&["icosian-adapter"]),
        "adapters and decorators meet in `Node`",
    ),
    (
        Crates::Only(&["icosian-rules", "icosian-lint"]),
        Dependencies::These(&["tokio", "icosian-tokio", "icosian-rayon"]),
        "the linter runs nothing",
    ),
    (
        Crates::AllBut(&["icosian-tokio", "icosian-driver", "icosian"]),
        Dependencies::These(&["tokio"]),
        "tokio is for icosian-tokio and for async crates above it",
    ),
    (Crates::AllBut(&["icosian-cli"]), Dependencies::These(&["clap"]), "a library has no command line"),
    (
        Crates::AllBut(&["icosian-cli"]),
        Dependencies::These(&["anyhow", "eyre"]),
        "a library's errors have types",
    ),
];

/// The rows: crates, a dependency, the prefix of its forbidden features, and the reason.
const NEVER_WITH: &[(Crates, &str, &str, &str)] = &[(
    Crates::AllBut(&["icosian-cli"]),
    "miette",
    "fancy",
    "libraries return diagnostics; programs render them",
)];

/// Reports forbidden dependencies.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in workspace.crates() {
        let name = member.name.as_str();
        for dependency in member.dependencies.iter().filter(|it| !it.dev) {
            let on = dependency.name.as_str();
            if let Some((.., reason)) =
                NEVER.iter().find(|(crates, forbidden, _)| crates.includes(name) && forbidden.includes(on))
            {
                problems.push(problem(name, &format!("depends on `{on}`"), reason));
            }
            for (_, _, feature, reason) in
                NEVER_WITH.iter().filter(|(crates, forbidden, ..)| crates.includes(name) && *forbidden == on)
            {
                if dependency.features.iter().any(|it| it.starts_with(feature)) {
                    problems.push(problem(
                        name,
                        &format!("depends on `{on}` with feature `{feature}`"),
                        reason,
                    ));
                }
            }
        }
    }
    problems
}

fn problem(name: &str, message: &str, reason: &str) -> Problem {
    let help =
        format!("{reason}; remove it, or change xtask/src/tidy/never.rs and ARCHITECTURE.md with a reason");
    Problem::new(name, message, help)
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, member, workspace};
    use crate::tidy::workspace::Area;

    #[test]
    fn forbidden_dependency_is_reported_once() {
        check(
            &problems(&workspace([
                member("icosian-core").on("tokio").on("serde"),
                member("icosian-rules").on("clap"),
            ])),
            &["icosian-core: depends on `tokio`", "icosian-rules: depends on `clap`"],
        );
        check(
            &problems(&workspace([member("icosian-adapter").on("icosian-decorators")])),
            &["icosian-adapter: depends on `icosian-decorators`"],
        );
    }

    #[test]
    fn core_and_macros_stay_small() {
        let workspace = workspace([
            member("icosian-core").on("futures"),
            member("icosian-syntax").on("icosian-core").on("icosian-graph"),
            member("icosian-macros").on("icosian-syntax").on("icosian-core").on("quote").dev_on("trybuild"),
        ]);
        check(
            &problems(&workspace),
            &[
                "icosian-core: depends on `futures`",
                "icosian-syntax: depends on `icosian-graph`",
                "icosian-macros: depends on `icosian-core`",
                "icosian-macros: depends on `quote`",
            ],
        );
    }

    #[test]
    fn exempt_crates_and_tests_are_accepted() {
        check(
            &problems(&workspace([member("icosian-tokio").on("tokio"), member("icosian-cli").on("clap")])),
            &[],
        );
        check(&problems(&workspace([member("icosian-adapter").dev_on("tokio")])), &[]);
        check(&problems(&workspace([member("xtask").within(Area::Xtask).on("clap")])), &[]);
    }

    #[test]
    fn forbidden_feature_is_reported() {
        check(&problems(&workspace([member("icosian-core").on("miette").with_feature("derive")])), &[]);
        check(
            &problems(&workspace([member("icosian-core").on("miette").with_feature("fancy-no-backtrace")])),
            &["icosian-core: depends on `miette` with feature `fancy`"],
        );
    }
}
