//! Published crates have complete registry metadata, and inherit the workspace's edition and lints.

use toml::{Table, Value};

use super::problem::Problem;
use super::workspace::{Member, SourceTree};

/// Reports missing metadata of published crates.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let none = Table::new();
    let lints = workspace.table.get("workspace").and_then(|it| it.get("lints")?.as_table());
    workspace.crates().flat_map(|member| missing(member, lints.unwrap_or(&none))).collect()
}

/// The only crate with unsafe code. It cannot inherit `unsafe_code = "forbid"`, so it repeats all other lints.
const UNSAFE_CRATE: &str = "icosian-arena";

fn missing(member: &Member, lints: &Table) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut require = |is_met: bool, message: String, help: &str| {
        if !is_met {
            problems.push(Problem::new(&member.name, message, help));
        }
    };
    let metadata = &member.metadata;
    let is_set = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    require(is_set(&metadata.description), "has no description".into(), "describe the crate in one line");
    for (is_met, key) in [
        (is_set(&metadata.license), "license"),
        (is_set(&metadata.repository), "repository"),
        (is_set(&metadata.rust_version), "rust-version"),
        (!metadata.keywords.is_empty(), "keywords"),
        (!metadata.categories.is_empty(), "categories"),
    ] {
        require(is_met, format!("has no {key}"), &format!("write `{key}.workspace = true`"));
    }
    match &metadata.readme {
        None => require(false, "has no readme".into(), "write README.md, and `readme = \"README.md\"`"),
        Some((path, exists)) => {
            require(*exists, format!("names a readme `{path}` that does not exist"), "write it");
        }
    }
    let edition =
        member.table.get("package").and_then(Value::as_table).is_some_and(|it| inherits(it, "edition"));
    require(edition, "does not inherit the edition".into(), "write `edition.workspace = true`");
    let own = member.table.get("lints");
    let inherits_lints = own.and_then(|it| it.get("workspace")).and_then(Value::as_bool) == Some(true);
    if member.name == UNSAFE_CRATE {
        for (tool, lint, level) in all_lints(lints).filter(|(_, lint, _)| *lint != "unsafe_code") {
            let is_repeated = own.and_then(|it| it.get(tool)?.get(lint)) == Some(level);
            require(
                is_repeated,
                format!("does not repeat the lint `{tool}.{lint}`"),
                "copy it from the root Cargo.toml",
            );
        }
    } else {
        require(
            inherits_lints,
            "does not inherit the lints".into(),
            "write `[lints]` and `workspace = true` below it",
        );
    }
    problems
}

/// Returns all lints of a `[lints]` table: their tool, name and level.
fn all_lints(lints: &Table) -> impl Iterator<Item = (&str, &str, &Value)> {
    let tools = lints.iter().filter_map(|(tool, lints)| Some((tool.as_str(), lints.as_table()?)));
    tools.flat_map(|(tool, lints)| lints.iter().map(move |(lint, level)| (tool, lint.as_str(), level)))
}

fn inherits(table: &Table, key: &str) -> bool {
    table.get(key).and_then(|it| it.get("workspace")).and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, member, workspace};
    use crate::tidy::workspace::{Area, Member, Metadata, SourceTree};

    fn complete() -> Member {
        let metadata = Metadata {
            description: Some("Says".into()),
            license: Some("MIT".into()),
            repository: Some("https://example.org".into()),
            rust_version: Some("1.95".into()),
            readme: Some(("README.md".into(), true)),
            keywords: vec!["graph".into()],
            categories: vec!["concurrency".into()],
        };
        let written = "[package]\nedition.workspace = true\n[lints]\nworkspace = true";
        Member { metadata, ..member("icosian-core").written(written) }
    }

    #[test]
    fn complete_metadata_is_accepted() {
        check(&problems(&workspace([complete()])), &[]);
    }

    #[test]
    fn missing_metadata_is_reported() {
        check(
            &problems(&workspace([member("icosian-core")])),
            &[
                "icosian-core: has no description",
                "icosian-core: has no license",
                "icosian-core: has no repository",
                "icosian-core: has no rust-version",
                "icosian-core: has no keywords",
                "icosian-core: has no categories",
                "icosian-core: has no readme",
                "icosian-core: does not inherit the edition",
                "icosian-core: does not inherit the lints",
            ],
        );
        check(&problems(&workspace([member("service").within(Area::Examples)])), &[]);
    }

    #[test]
    fn crate_with_unsafe_code_repeats_all_other_lints() {
        let root = "[workspace.lints.rust]\nunsafe_code = \"forbid\"\nmissing_docs = \"warn\"";
        let root = |own: &str| {
            let written = format!("[package]\nedition.workspace = true\n{own}");
            let arena = Member { name: "icosian-arena".into(), ..complete().written(&written) };
            SourceTree { table: root.parse().expect("it is TOML"), ..workspace([arena]) }
        };
        check(
            &problems(&root("[lints.rust]\nmissing_docs = \"warn\"\nunsafe_op_in_unsafe_fn = \"deny\"")),
            &[],
        );
        for own in ["", "[lints.rust]\nmissing_docs = \"allow\""] {
            check(&problems(&root(own)), &["icosian-arena: does not repeat the lint `rust.missing_docs`"]);
        }
    }

    #[test]
    fn readme_must_exist_and_edition_must_be_inherited() {
        let mut off =
            complete().written("[package]\nedition = \"2021\"\n[lints.rust]\nunsafe_code = \"allow\"");
        off.metadata.readme = Some(("README.md".into(), false));
        check(
            &problems(&workspace([off])),
            &[
                "icosian-core: names a readme `README.md` that does not exist",
                "icosian-core: does not inherit the edition",
                "icosian-core: does not inherit the lints",
            ],
        );
    }
}
