//! Every published crate tells a registry what it is, and follows the workspace's edition and lints.

use toml::{Table, Value};

use super::Problem;
use super::house::{House, Member};

/// Finds what a crate's manifest leaves out.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    house.crates().flat_map(of).collect()
}

fn of(member: &Member) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut wants = |fine: bool, what: String, way_out: &str| {
        if !fine {
            problems.push(Problem::new(&member.name, what, way_out));
        }
    };
    let card = &member.card;
    let said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    wants(said(&card.description), "has no description".into(), "say in a line what the crate gives");
    for (fine, key) in [
        (said(&card.license), "license"),
        (said(&card.repository), "repository"),
        (said(&card.rust_version), "rust-version"),
        (!card.keywords.is_empty(), "keywords"),
        (!card.categories.is_empty(), "categories"),
    ] {
        wants(fine, format!("has no {key}"), &format!("write `{key}.workspace = true`"));
    }
    match &card.readme {
        None => wants(false, "has no readme".into(), "write README.md, and `readme = \"README.md\"`"),
        Some((path, exists)) => {
            wants(*exists, format!("names a readme `{path}` that does not exist"), "write it");
        }
    }
    let edition =
        member.table.get("package").and_then(Value::as_table).is_some_and(|it| inherits(it, "edition"));
    wants(edition, "has an edition of its own".into(), "write `edition.workspace = true`");
    let lints = member.table.get("lints").and_then(|it| it.get("workspace")).and_then(Value::as_bool);
    wants(
        lints == Some(true),
        "has lints of its own".into(),
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
    use crate::tidy::house::{Card, Member, Room};
    use crate::tidy::sample::{check, house, member};

    fn complete() -> Member {
        let card = Card {
            description: Some("Says".into()),
            license: Some("MIT".into()),
            repository: Some("https://example.org".into()),
            rust_version: Some("1.95".into()),
            readme: Some(("README.md".into(), true)),
            keywords: vec!["graph".into()],
            categories: vec!["concurrency".into()],
        };
        let written = "[package]\nedition.workspace = true\n[lints]\nworkspace = true";
        Member { card, ..member("icosian-core").written(written) }
    }

    #[test]
    fn a_complete_card_is_fine() {
        check(&problems(&house([complete()])), &[]);
    }

    #[test]
    fn an_empty_card_lacks_everything() {
        check(
            &problems(&house([member("icosian-core")])),
            &[
                "icosian-core: has no description",
                "icosian-core: has no license",
                "icosian-core: has no repository",
                "icosian-core: has no rust-version",
                "icosian-core: has no keywords",
                "icosian-core: has no categories",
                "icosian-core: has no readme",
                "icosian-core: has an edition of its own",
                "icosian-core: has lints of its own",
            ],
        );
        check(&problems(&house([member("service").within(Room::Examples)])), &[]);
    }

    #[test]
    fn a_readme_is_a_file_and_an_edition_is_inherited() {
        let mut off =
            complete().written("[package]\nedition = \"2021\"\n[lints.rust]\nunsafe_code = \"allow\"");
        off.card.readme = Some(("README.md".into(), false));
        check(
            &problems(&house([off])),
            &[
                "icosian-core: names a readme `README.md` that does not exist",
                "icosian-core: has an edition of its own",
                "icosian-core: has lints of its own",
            ],
        );
    }
}
