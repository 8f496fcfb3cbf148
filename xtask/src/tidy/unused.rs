//! What `[workspace.dependencies]` lists, some member uses.

use super::Problem;
use super::house::{House, Member};

/// Finds external entries that no member takes.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let unused = house.external().filter(|name| {
        let mut taken = house.members.iter().flat_map(Member::entries);
        !taken.any(|(taken, _)| taken == *name)
    });
    unused
        .map(|name| {
            let way_out = "take the line out of `[workspace.dependencies]` until it is needed";
            Problem::new("Cargo.toml", format!("no member uses `{name}`"), way_out)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::house::House;
    use crate::tidy::sample::{check, member, root};

    #[test]
    fn an_entry_that_nobody_takes_is_found() {
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
        let house = House { members: vec![member], ..root(manifest) };
        check(&problems(&house), &["Cargo.toml: no member uses `rand`"]);
    }
}
