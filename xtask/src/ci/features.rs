//! Checks that features are additive: each crate builds without features and with each feature alone.

use cargo_metadata::{MetadataCommand, Package};

use super::cargo;
use crate::task_error::TaskError;

/// Checks every crate in `crates/`. Returns whether all combinations build.
pub(super) fn run() -> Result<bool, TaskError> {
    let metadata = MetadataCommand::new().no_deps().exec()?;
    let crates = metadata.workspace_root.join("crates");
    let mut failed = Vec::new();
    for package in
        metadata.workspace_packages().into_iter().filter(|package| package.manifest_path.starts_with(&crates))
    {
        for arguments in checks(&package.name, features(package)) {
            println!("cargo {}", arguments.join(" "));
            if !cargo::passes(cargo::cargo().args(&arguments))? {
                failed.push(arguments.join(" "));
            }
        }
    }
    for arguments in &failed {
        println!("failed: cargo {arguments}");
    }
    Ok(failed.is_empty())
}

/// Returns the features that need a separate build. A `default` that enables nothing or one feature does not.
fn features(package: &Package) -> impl Iterator<Item = &str> {
    let is_distinct = |enables: &[String]| match enables {
        // An empty `default` changes nothing. A `default` of one feature is the same build as this feature.
        [] => false,
        [only] => !package.features.contains_key(only),
        _ => true,
    };
    let features = package.features.iter();
    let features = features.filter(move |(name, enables)| *name != "default" || is_distinct(enables));
    features.map(|(name, _)| name.as_str())
}

/// Returns the arguments of cargo that check a crate without features, then with each feature.
///
/// The clippy step builds all features together.
fn checks<'a>(name: &str, features: impl Iterator<Item = &'a str>) -> Vec<Vec<String>> {
    let alone = ["check", "--quiet", "-p", name, "--no-default-features"].map(String::from).to_vec();
    let each = features.map(|feature| [alone.clone(), vec!["--features".into(), feature.into()]].concat());
    std::iter::once(alone.clone()).chain(each).collect()
}

#[cfg(test)]
mod tests {
    use super::checks;

    #[test]
    fn each_feature_is_checked_alone() {
        let lines: Vec<_> =
            checks("icosian", ["default", "macros"].into_iter()).iter().map(|it| it.join(" ")).collect();
        assert_eq!(
            lines,
            [
                "check --quiet -p icosian --no-default-features",
                "check --quiet -p icosian --no-default-features --features default",
                "check --quiet -p icosian --no-default-features --features macros",
            ]
        );
    }
}
