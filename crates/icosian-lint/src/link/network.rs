use super::options::LinkProgress;

/// The progress message before a second attempt with `--offline`.
pub(super) const RETRY_OFFLINE: LinkProgress<'static> =
    LinkProgress::Waiting("the network is not reachable, trying again with `--offline`");

/// Returns whether `output` of cargo reports that the network failed.
pub(super) fn is_network_failure(output: &str) -> bool {
    [
        "spurious network error",
        "network failure seems to have happened",
        "failed to download",
        "download of config.json failed",
        "failed to query replaced source registry",
        "Could not resolve host",
        "Could not connect to server",
        "failed to fetch",
    ]
    .iter()
    .any(|words| output.contains(words))
}

#[cfg(test)]
mod tests {
    use super::is_network_failure;

    #[test]
    fn network_failure_differs_from_missing_package() {
        for output in [
            "warning: spurious network error (3 tries remaining): [6] Couldn't resolve host name",
            "error: failed to download from `https://index.crates.io/config.json`",
            "error: failed to get `a`\n\nCaused by:\n  download of config.json failed",
        ] {
            assert!(is_network_failure(output), "{output}");
        }
        for output in ["error: no matching package named `inventory` found", "error: could not compile `a`"] {
            assert!(!is_network_failure(output), "{output}");
        }
    }
}
