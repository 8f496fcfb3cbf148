//! Published crates have complete registry metadata, and inherit the workspace's edition and lints.

use toml::{Table, Value};

use super::problem::Problem;
use super::workspace::{Member, SourceTree};

/// Reports missing metadata of published crates.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    workspace.crates().flat_map(missing).collect()
}

fn missing(member: &Member) -> Vec<Problem> {
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
    let lints = member.table.get("lints").and_then(|it| it.get("workspace")).and_then(Value::as_bool);
    require(
        lints == Some(true),
        "does not inherit the lints".into(),
        "write `[lints]` and `workspace = true` below it",
    );
    problems
}

fn inherits(table: &Table, key: &str) -> bool {
    table.get(key).and_then(|it| it.get("workspace")).and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, member, workspace};
    use crate::tidy::workspace::{Area, Member, Metadata};

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
