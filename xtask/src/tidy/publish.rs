//! Only members in `crates/` can be published.

use super::problem::Problem;
use super::workspace::{Area, SourceTree};

/// Reports examples, benches and automation that can be published.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let inside = workspace.members.iter().filter(|member| member.area != Area::Crates && member.published);
    inside
        .map(|member| {
            Problem::new(&member.name, "can be published", "write `publish = false` below `[package]`")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::{check, member, workspace};
    use crate::tidy::workspace::{Area, Member};

    #[test]
    fn publishable_example_is_reported() {
        let private = Member { published: false, ..member("xtask").within(Area::Xtask) };
        check(
            &problems(&workspace([
                member("icosian-core"),
                member("service").within(Area::Examples),
                private,
            ])),
            &["service: can be published"],
        );
    }
}
