//! Versions of external dependencies stand in one place, the root manifest.

use toml::Value;

use super::Problem;
use super::house::House;

/// Finds members that name a version, a git address or a registry themselves.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in &house.members {
        for (name, value) in member.entries() {
            let inherited = value.get("workspace").and_then(Value::as_bool) == Some(true);
            if !inherited && value.get("path").is_none() {
                problems.push(Problem::new(
                    &member.name,
                    format!("takes `{name}` by itself"),
                    format!(
                        "write `{name}.workspace = true`, and the version with its reason in the root Cargo.toml"
                    ),
                ));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, house, member};

    #[test]
    fn versions_come_from_the_workspace() {
        let written = r#"
            [dependencies]
            serde.workspace = true
            tokio = { workspace = true, features = ["rt"] }
            icosian-core = { path = "../icosian-core" }
            rand = "0.9"
            [target.'cfg(unix)'.dev-dependencies]
            libc = { version = "0.2" }
        "#;
        check(
            &problems(&house([member("icosian-graph").written(written)])),
            &["icosian-graph: takes `rand` by itself", "icosian-graph: takes `libc` by itself"],
        );
    }
}
