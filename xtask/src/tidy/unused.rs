//! Each entry of `[workspace.dependencies]` is in use.

use super::problem::Problem;
use super::workspace::{Member, SourceTree};

/// Reports external entries that no member uses.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let unused = workspace.external().filter(|name| {
        let mut used = workspace.members.iter().flat_map(Member::entries);
        !used.any(|(used, _)| used == *name)
    });
    unused
        .map(|name| {
            let help = "remove the line from `[workspace.dependencies]`";
            Problem::new("Cargo.toml", format!("no member uses `{name}`"), help)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, member, root};
    use crate::tidy::workspace::SourceTree;

    #[test]
    fn unused_entry_is_reported() {
        let manifest = r#"
            [workspace.dependencies]
            icosian-core = { path = "crates/icosian-core" }
            serde = "1"
            insta = "1"
            libc = "0.2"
            rand = "0.9"
        "#;
        let member = member("icosian-core").written(
            "[dependencies]\nserde.workspace = true\n[dev-dependencies]\ninsta.workspace = true\n\
             [target.'cfg(unix)'.dependencies]\nlibc.workspace = true",
        );
        let workspace = SourceTree { members: vec![member], ..root(manifest) };
        check(&problems(&workspace), &["Cargo.toml: no member uses `rand`"]);
    }
}
