//! The changelog has a section for the next version.

use super::problem::Problem;
use super::workspace::SourceTree;

/// Reports a changelog without a section for `Unreleased` or the workspace's version.
pub(super) fn problems(workspace: &SourceTree) -> Vec<Problem> {
    let path = "CHANGELOG.md";
    let Some(text) = &workspace.changelog else {
        return vec![Problem::new(path, "does not exist", "write it in the format of keepachangelog.com")];
    };
    let release = format!("## [{}]", workspace.version);
    let current = |line: &str| line.starts_with("## [Unreleased]") || line.starts_with(&release);
    if text.lines().any(current) {
        return Vec::new();
    }
    let message = format!("has neither `## [Unreleased]` nor `{release}`");
    vec![Problem::new(path, message, "add the section, with a line for each change that is visible to users")]
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::tidy::sample::check;
    use crate::tidy::workspace::SourceTree;

    fn with(changelog: Option<&str>) -> SourceTree {
        SourceTree { version: "0.2.0".into(), changelog: changelog.map(Into::into), ..SourceTree::default() }
    }

    #[test]
    fn changelog_without_next_version_is_reported() {
        check(&problems(&with(Some("# Changelog\n\n## [Unreleased]\n"))), &[]);
        check(&problems(&with(Some("# Changelog\n\n## [0.2.0] - 2026-01-01\n"))), &[]);
        check(
            &problems(&with(Some("# Changelog\n\n## [0.1.0]\n"))),
            &["CHANGELOG.md: has neither `## [Unreleased]` nor `## [0.2.0]`"],
        );
        check(&problems(&with(None)), &["CHANGELOG.md: does not exist"]);
    }
}
