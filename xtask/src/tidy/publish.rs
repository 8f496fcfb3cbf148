//! Only what lives in `crates/` may reach a registry.

use super::Problem;
use super::house::{House, Room};

/// Finds examples, benches and automation that could be published.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let inside = house.members.iter().filter(|member| member.room != Room::Crates && member.published);
    inside
        .map(|member| {
            Problem::new(&member.name, "may be published", "write `publish = false` below `[package]`")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::house::{Member, Room};
    use crate::tidy::sample::{check, house, member};

    #[test]
    fn only_crates_are_published() {
        let kept = Member { published: false, ..member("xtask").within(Room::Xtask) };
        check(
            &problems(&house([member("icosian-core"), member("service").within(Room::Examples), kept])),
            &["service: may be published"],
        );
    }
}
