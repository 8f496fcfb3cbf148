use std::io;
use std::path::PathBuf;

use icosian_rules::HarnessRequest;

/// The error of a linked check that wrote no complete transcript.
///
/// # Examples
/// ```
/// use miette::Diagnostic;
///
/// let error = icosian_check::harness::run(["harness"]).unwrap_err();
/// assert_eq!(error.to_string(), "the paths of the request and the transcript are missing");
/// assert_eq!(error.code().map(|code| code.to_string()).as_deref(), Some("ICO1201 check-without-request"));
/// ```
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum HarnessError {
    /// The command line has less than two paths.
    #[error("the paths of the request and the transcript are missing")]
    #[diagnostic(code("ICO1201 check-without-request"), help("let `cargo icosian lint` run this program"))]
    NoRequest,
    /// A file cannot be read or written.
    #[error("`{path}` cannot be read or written")]
    #[diagnostic(code("ICO1202 check-file-unreachable"), help("check the path and its permissions"))]
    Unreachable {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        source: io::Error,
    },
    /// The request cannot be parsed.
    #[error("the request is invalid")]
    #[diagnostic(
        code("ICO1203 check-request-invalid"),
        help("install the `cargo-icosian` of the version of `icosian`")
    )]
    InvalidRequest {
        /// The parser's error.
        #[source]
        source: serde_json::Error,
    },
    /// Standard input was closed before the transcript was complete.
    #[error("the caller ended before the transcript was complete")]
    #[diagnostic(code("ICO1204 check-abandoned"), help("let `cargo icosian lint` run this program"))]
    Abandoned,
    /// The request has another version.
    #[error("the request has version {found}, not {}", HarnessRequest::VERSION)]
    #[diagnostic(
        code("ICO1205 check-version-mismatch"),
        help("install the `cargo-icosian` of the version of `icosian`")
    )]
    VersionMismatch {
        /// The version of the request.
        found: u32,
    },
}
