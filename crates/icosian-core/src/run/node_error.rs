use std::any::Any;
use std::error::Error;
use std::fmt;
use std::iter::successors;
use std::ops::Deref;
use std::time::Duration;

use crate::BoxError;

/// The error of a node that has no output.
///
/// # Examples
/// ```
/// use icosian_core::NodeError;
///
/// fn parse(text: &str) -> Result<u64, NodeError> {
///     Ok(text.parse::<u64>()?)
/// }
/// assert_eq!(parse("x").unwrap_err().to_string(), "invalid digit found in string");
/// ```
#[non_exhaustive]
pub enum NodeError {
    /// It returned an error.
    Failed(ReturnedError),
    /// It panicked, with this message.
    Panicked(String),
    /// It was timed out after this time, and was cancelled.
    TimedOut(Duration),
    /// An argument panicked while it was dropped. The node that produced the argument is at fault.
    ArgumentDropPanicked {
        /// The position of the parameter.
        position: usize,
        /// The message of the panic.
        message: String,
    },
}

/// The payload of a panic in the drop of an argument that [`HeldArgs`](crate::node::HeldArgs) owned.
#[derive(Debug)]
pub(crate) struct ArgumentDropPanic {
    pub(crate) position: usize,
    pub(crate) message: String,
}

impl NodeError {
    /// Returns the error of a node that returned `error`.
    pub fn failed(error: impl Into<BoxError>) -> Self {
        Self::Failed(ReturnedError::new(error))
    }

    /// Returns the error of a node that returned a report, such as an `anyhow::Error`.
    ///
    /// The macros use it by themselves. [`failed`](Self::failed) would lose the type of the error inside.
    pub fn reported<R>(report: R) -> Self
    where
        R: AsRef<dyn Error + Send + Sync> + Any + fmt::Debug + fmt::Display + Send + Sync,
    {
        Self::Failed(ReturnedError::report(report))
    }

    /// Returns the first `E` among the error that the node returned and its chain of sources.
    #[must_use]
    pub fn find<E: Downcast<Kind>, Kind>(&self) -> Option<&E> {
        match self {
            Self::Failed(error) => error.find(),
            _ => None,
        }
    }

    /// Returns the error of a node that panicked with `payload`, as [`std::panic::catch_unwind`] gives it.
    #[must_use]
    pub fn panicked(payload: &(dyn Any + Send)) -> Self {
        if let Some(ArgumentDropPanic { position, message }) = payload.downcast_ref() {
            return Self::ArgumentDropPanicked { position: *position, message: message.clone() };
        }
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        Self::Panicked(text.unwrap_or_else(|| "a panic without a message".to_owned()))
    }
}

// Not `Error` itself, so that every `Error` converts into it with `?`.
impl<E: Error + Send + Sync + 'static> From<E> for NodeError {
    fn from(error: E) -> Self {
        Self::failed(error)
    }
}

impl fmt::Display for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => fmt::Display::fmt(error, f),
            Self::Panicked(message) => f.write_str(message),
            Self::TimedOut(limit) => write!(f, "timed out after {limit:?}"),
            Self::ArgumentDropPanicked { position, message } => {
                write!(f, "parameter {position} panicked while it was dropped: {message}")
            }
        }
    }
}

impl fmt::Debug for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => write!(f, "Failed({error})"),
            Self::Panicked(message) => write!(f, "Panicked({message})"),
            Self::TimedOut(limit) => write!(f, "TimedOut({limit:?})"),
            Self::ArgumentDropPanicked { position, message } => {
                write!(f, "ArgumentDropPanicked({position}, {message})")
            }
        }
    }
}

/// The error that a node returned.
///
/// It dereferences to `dyn Error`, so [`is`](#method.is), `downcast_ref` and `source` work as on a box.
///
/// # Reports
///
/// `anyhow::Error`, `eyre::Report` and `miette::Report` are not errors themselves. A function of `#[dataflow]` or
/// `#[node]` that fails with one keeps the report, and this type dereferences to the error inside of it.
/// Elsewhere, [`NodeError::reported`] keeps a report. The report itself is found by [`find`](Self::find).
///
/// `miette`'s `into_diagnostic` hides the error that it converts from every downcast. Return a `Diagnostic` with that error as
/// its source instead.
///
/// # Examples
/// ```
/// use icosian_core::NodeError;
/// use icosian_core::run::ReturnedError;
/// use std::io;
///
/// let error = ReturnedError::new(io::Error::other("no route"));
/// assert!(error.is::<io::Error>());
/// assert_eq!(error.to_string(), "no route");
/// ```
pub struct ReturnedError(ReturnedErrorRepr);

enum ReturnedErrorRepr {
    Error(BoxError),
    Report(Box<dyn ReturnedReport>),
}

/// A type that contains an error and is none itself.
trait ReturnedReport: Any + fmt::Debug + fmt::Display + Send + Sync {
    fn error(&self) -> &(dyn Error + Send + Sync + 'static);
}

impl<R> ReturnedReport for R
where
    R: AsRef<dyn Error + Send + Sync> + Any + fmt::Debug + fmt::Display + Send + Sync,
{
    fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self.as_ref()
    }
}

impl ReturnedError {
    /// Boxes an error.
    pub fn new(error: impl Into<BoxError>) -> Self {
        Self(ReturnedErrorRepr::Error(error.into()))
    }

    /// Keeps a report and the error inside of it.
    pub fn report<R>(report: R) -> Self
    where
        R: AsRef<dyn Error + Send + Sync> + Any + fmt::Debug + fmt::Display + Send + Sync,
    {
        let report: Box<dyn Any> = Box::new(report);
        match report.downcast::<BoxError>() {
            Ok(error) => Self(ReturnedErrorRepr::Error(*error)),
            Err(report) => match report.downcast::<R>() {
                Ok(report) => Self(ReturnedErrorRepr::Report(report)),
                Err(_) => unreachable!("the box contains an `R`"),
            },
        }
    }

    /// Returns the first `E` among the error and its chain of sources, or the report if that is an `E`.
    ///
    /// After a fallback function failed, the chain of its error is searched first, then that of the error before.
    #[must_use]
    pub fn find<E: Downcast<Kind>, Kind>(&self) -> Option<&E> {
        E::downcast(self)
    }
}

impl Deref for ReturnedError {
    type Target = dyn Error + Send + Sync;

    fn deref(&self) -> &Self::Target {
        match &self.0 {
            ReturnedErrorRepr::Error(error) => &**error,
            ReturnedErrorRepr::Report(report) => report.error(),
        }
    }
}

impl From<BoxError> for ReturnedError {
    fn from(error: BoxError) -> Self {
        Self(ReturnedErrorRepr::Error(error))
    }
}

impl From<ReturnedError> for BoxError {
    fn from(error: ReturnedError) -> Self {
        match error.0 {
            ReturnedErrorRepr::Error(error) => error,
            ReturnedErrorRepr::Report(report) => Box::new(Opened(report)),
        }
    }
}

impl fmt::Display for ReturnedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            ReturnedErrorRepr::Error(error) => match error.downcast_ref::<FallbackFailed>() {
                Some(both) => write!(f, "{both}: {}", both.fallback),
                None => fmt::Display::fmt(error, f),
            },
            ReturnedErrorRepr::Report(report) => fmt::Display::fmt(report, f),
        }
    }
}

impl fmt::Debug for ReturnedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            ReturnedErrorRepr::Error(error) => fmt::Debug::fmt(error, f),
            ReturnedErrorRepr::Report(report) => fmt::Debug::fmt(report, f),
        }
    }
}

/// A report as an error, for conversions into a box.
struct Opened(Box<dyn ReturnedReport>);

impl fmt::Display for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Error for Opened {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // The text of the error inside is that of the report already.
        self.0.error().source()
    }
}

/// A type of error that [`ReturnedError::find`] can return.
///
/// `Kind` is inferred: one implementation is for errors, the other for reports.
#[diagnostic::on_unimplemented(
    message = "a node's error cannot be downcast to `{Self}`",
    label = "`{Self}` is neither an error nor a report",
    note = "use a type that implements `std::error::Error`, or the report that the function returns, such as `anyhow::Error`",
    note = "`when_any` and `fallback(with = ..)` receive every error, as a `&NodeError`"
)]
pub trait Downcast<Kind>: Sized {
    /// Returns the first error of this type.
    fn downcast(error: &ReturnedError) -> Option<&Self>;
}

/// The kind of types that implement `Error`.
#[derive(Debug)]
pub enum InChain {}

/// The kind of types that contain an error.
#[derive(Debug)]
pub enum AsReport {}

impl<E: Error + 'static> Downcast<InChain> for E {
    fn downcast(error: &ReturnedError) -> Option<&Self> {
        let chain = successors(Some(&**error as &(dyn Error + 'static)), |&error| error.source());
        let mut fallbacks = chain.clone().filter_map(|error| error.downcast_ref::<FallbackFailed>());
        chain
            .into_iter()
            .find_map(|error| error.downcast_ref())
            .or_else(|| fallbacks.find_map(|both| both.error.find::<E, _>()))
    }
}

impl<R: AsRef<dyn Error + Send + Sync> + Any> Downcast<AsReport> for R {
    fn downcast(error: &ReturnedError) -> Option<&Self> {
        match &error.0 {
            ReturnedErrorRepr::Error(error) => (error as &dyn Any).downcast_ref(),
            ReturnedErrorRepr::Report(report) => (&**report as &dyn Any).downcast_ref(),
        }
    }
}

/// The error of a node whose fallback function failed too.
///
/// Its source is the error of the fallback function.
///
/// # Examples
/// ```
/// use icosian_core::NodeError;
/// use icosian_core::run::FallbackFailed;
///
/// let both = FallbackFailed::new(NodeError::failed("no route"), NodeError::failed("the cache is empty"));
/// let error = NodeError::from(both);
/// assert_eq!(error.to_string(), "no route; then the fallback function failed: the cache is empty");
/// ```
#[derive(Debug)]
pub struct FallbackFailed {
    error: NodeError,
    fallback: NodeError,
}

impl FallbackFailed {
    /// Returns the error of a function that failed with `error`, and whose fallback failed with `fallback`.
    #[must_use]
    pub fn new(error: NodeError, fallback: NodeError) -> Self {
        Self { error, fallback }
    }

    /// Returns the error of the function itself.
    #[must_use]
    pub fn error(&self) -> &NodeError {
        &self.error
    }

    /// Returns the error of the fallback function.
    #[must_use]
    pub fn fallback_error(&self) -> &NodeError {
        &self.fallback
    }
}

impl fmt::Display for FallbackFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; then the fallback function failed", self.error)
    }
}

impl Error for FallbackFailed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.fallback {
            NodeError::Failed(error) => Some(&**error),
            _ => None,
        }
    }
}
