//! The changelog speaks of the version that is being made.

use super::Problem;
use super::house::House;

/// Finds a changelog that has neither `Unreleased` nor the workspace's version.
pub(super) fn problems(house: &House) -> Vec<Problem> {
    let place = "CHANGELOG.md";
    let Some(text) = &house.changelog else {
        return vec![Problem::new(place, "does not exist", "write it in the form of keepachangelog.com")];
    };
    let release = format!("## [{}]", house.version);
    let current = |line: &str| line.starts_with("## [Unreleased]") || line.starts_with(&release);
    if text.lines().any(current) {
        return Vec::new();
    }
    let what = format!("has neither `## [Unreleased]` nor `{release}`");
    vec![Problem::new(place, what, "begin the section, with a line for each change that a user can notice")]
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::house::House;
    use crate::tidy::sample::check;

    fn with(changelog: Option<&str>) -> House {
        House { version: "0.2.0".into(), changelog: changelog.map(Into::into), ..House::default() }
    }

    #[test]
    fn the_changelog_is_current() {
        check(&problems(&with(Some("# Changelog\n\n## [Unreleased]\n"))), &[]);
        check(&problems(&with(Some("# Changelog\n\n## [0.2.0] - 2026-01-01\n"))), &[]);
        check(
            &problems(&with(Some("# Changelog\n\n## [0.1.0]\n"))),
            &["CHANGELOG.md: has neither `## [Unreleased]` nor `## [0.2.0]`"],
        );
        check(&problems(&with(None)), &["CHANGELOG.md: does not exist"]);
    }
}
