use icosian_core::BoxError;

/// The error of an adapter that cannot start the threads of its pool.
///
/// # Examples
/// ```
/// use icosian_adapter::ThreadPoolError;
///
/// let error = ThreadPoolError::new(std::io::Error::other("too many threads"));
/// assert_eq!(error.to_string(), "the adapter cannot start its threads");
/// ```
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("the adapter cannot start its threads")]
#[diagnostic(
    code("ICO1117 thread-pool-failed"),
    help("use fewer threads, or raise the thread limit of the process")
)]
pub struct ThreadPoolError {
    source: BoxError,
}

impl ThreadPoolError {
    /// Returns an error whose source is the error of the thread pool.
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self { source: source.into() }
    }
}
