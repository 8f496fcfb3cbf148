use std::path::PathBuf;

/// The source of a crate.
#[derive(Debug)]
pub(super) enum Origin {
    /// The folder that contains the crates of icosian.
    Folder(PathBuf),
    /// A git repository, with a `branch`, `tag` or `rev`.
    Git { url: String, reference: Option<(String, String)> },
    /// A version of a registry; the index is `None` for crates.io.
    Registry { index: Option<String>, version: String },
    /// The crate is not among the dependencies.
    Missing,
}

/// Returns the source of `core`.
pub(super) fn origin(core: &cargo_metadata::Package) -> Origin {
    let folder = || core.manifest_path.parent().and_then(|it| it.parent());
    match &core.source {
        Some(source) => parse_origin(&source.repr, &core.version.to_string()),
        None => folder().map_or(Origin::Missing, |it| Origin::Folder(it.as_std_path().to_owned())),
    }
}

/// Parses the source of a package.
pub(super) fn parse_origin(source: &str, version: &str) -> Origin {
    if let Some(url) = source.strip_prefix("git+") {
        // The commit behind the `#` is in the lock file too.
        let url = url.split('#').next().unwrap_or(url);
        let (url, query) =
            url.split_once('?').map_or((url, None), |(url, query)| (url, query.split_once('=')));
        let reference = query.map(|(kind, name)| (kind.to_owned(), name.to_owned()));
        return Origin::Git { url: url.to_owned(), reference };
    }
    let is_crates_io =
        source.contains("github.com/rust-lang/crates.io-index") || source.contains("index.crates.io");
    let index = source.strip_prefix("registry+").unwrap_or(source);
    Origin::Registry { index: (!is_crates_io).then(|| index.to_owned()), version: version.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::parse_origin;

    #[test]
    fn harness_has_the_source_of_icosian() {
        let origins: Vec<_> = [
            "registry+https://github.com/rust-lang/crates.io-index",
            "sparse+https://index.crates.io/",
            "registry+https://example.org/index",
            "sparse+https://example.org/index/",
            "git+https://example.org/icosian?branch=next#0123abc",
            "git+https://example.org/icosian#0123abc",
        ]
        .map(|source| format!("{:?}", parse_origin(source, "0.1.0")))
        .into();
        insta::assert_snapshot!(origins.join("\n"));
    }
}
