use std::path::PathBuf;

use miette::Diagnostic;

/// An error of a request for runs.
///
/// # Examples
/// ```
/// use icosian_runs::RunFolder;
///
/// let error = RunFolder::read("no-such-folder".as_ref()).unwrap_err();
/// assert_eq!(error.to_string(), "records in `no-such-folder` cannot be read");
/// ```
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum RunLookupError {
    /// A folder or file cannot be read.
    #[error("records in `{}` cannot be read", path.display())]
    #[diagnostic(
        code("ICO1340 record-unreadable"),
        help("check the path and its permissions; `--dir` or `ICOSIAN_RUNS` sets the folder")
    )]
    Unreadable {
        /// The path of the folder or file.
        path: PathBuf,
        /// The error of the system.
        #[source]
        source: std::io::Error,
    },
    /// The folder contains no run.
    #[error("there are no runs in `{}`", path.display())]
    #[diagnostic(
        code("ICO1341 no-runs"),
        help("add the hook `RunRecorder` to the driver, or set the folder with `--dir` or `ICOSIAN_RUNS`")
    )]
    NoRuns {
        /// The path of the folder or file.
        path: PathBuf,
    },
    /// No run has this identifier.
    #[error("no run has the identifier `{wanted}`")]
    #[diagnostic(code("ICO1342 unknown-run"), help("{}", suggestion(meant.as_deref())))]
    UnknownRun {
        /// The requested identifier.
        wanted: String,
        /// A similar identifier.
        meant: Option<String>,
    },
    /// Several runs match.
    #[error("`{wanted}` matches {} runs: {}", candidates.len(), some_of(candidates))]
    #[diagnostic(
        code("ICO1343 ambiguous-run"),
        help("write more characters of the identifier; for equal identifiers, pass the file with `--dir`")
    )]
    AmbiguousRun {
        /// The requested identifier.
        wanted: String,
        /// The identifiers and files that match.
        candidates: Vec<String>,
    },
    /// Another version of the format.
    #[error("run `{run}` in `{}` has version {version} of the format", path.display())]
    #[diagnostic(
        code("ICO1344 record-version"),
        help(
            "read it with the version of `icosian-cli` that belongs to the recorder; this version reads {expected}"
        )
    )]
    Version {
        /// The identifier of the run.
        run: String,
        /// The path of the file.
        path: PathBuf,
        /// The version in the record.
        version: u32,
        /// The version that this crate reads.
        expected: u32,
    },
}

fn suggestion(meant: Option<&str>) -> String {
    match meant {
        Some(meant) => format!("did you mean `{meant}`? `cargo icosian runs ls` lists all runs"),
        None => "`cargo icosian runs ls` lists all runs; `latest` is the newest".to_owned(),
    }
}

fn some_of(candidates: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<_> = candidates.iter().take(SHOWN).map(|it| format!("`{it}`")).collect();
    let more = candidates.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}
