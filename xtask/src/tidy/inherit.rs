//! The root manifest declares the versions of all external dependencies.

use toml::Value;

use super::problem::Problem;
use super::workspace::SourceTree;

/// Reports members that declare a version, a git address or a registry.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in &workspace.members {
        for (name, value) in member.entries() {
            let inherited = value.get("workspace").and_then(Value::as_bool) == Some(true);
            if !inherited && value.get("path").is_none() {
                problems.push(Problem::new(
                    &member.name,
                    format!("declares `{name}` itself"),
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
    use crate::tidy::sample::{check, member, workspace};

    #[test]
    fn dependency_outside_of_the_root_manifest_is_reported() {
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
            &problems(&workspace([member("icosian-graph").written(written)])),
            &["icosian-graph: declares `rand` itself", "icosian-graph: declares `libc` itself"],
        );
    }
}
