use std::any::Any;
use std::error::Error;
use std::fmt;
use std::iter::successors;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use icosian_diagnostics::Location;

use crate::{BoxError, Name};

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
    /// Another node failed. Only a parameter of type `Result<&T, &NodeError>` receives this error.
    ///
    /// [`cause`](Self::cause) returns the error of the other node.
    Upstream(UpstreamError),
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
            Self::Upstream(upstream) => upstream.error().find(),
            _ => None,
        }
    }

    /// Returns the failure of another node, if the error is that of a `Result` parameter.
    ///
    /// Its name, location and path describe the node. It implements `Error` and `Clone`, so a node can return it as its own error.
    #[must_use]
    pub fn upstream(&self) -> Option<&UpstreamError> {
        match self {
            Self::Upstream(upstream) => Some(upstream),
            _ => None,
        }
    }

    /// Returns the error of the node that failed: the error inside of [`Upstream`](Self::Upstream), or else this error.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::NodeError;
    /// # use icosian_core::run::{FailedSource, UpstreamError};
    /// # use std::time::Duration;
    ///
    /// fn describe(profile: Result<&String, &NodeError>) -> &'static str {
    ///     match profile.map_err(NodeError::cause) {
    ///         Ok(_) => "known",
    ///         Err(NodeError::TimedOut(_)) => "slow",
    ///         Err(_) => "unknown",
    ///     }
    /// }
    /// # let late = NodeError::TimedOut(Duration::from_secs(1));
    /// # let late = NodeError::Upstream(UpstreamError::new(FailedSource::Node, "profile", late));
    /// # assert_eq!(describe(Err(&late)), "slow");
    /// # assert_eq!(describe(Err(&NodeError::failed("no route"))), "unknown");
    /// ```
    #[must_use]
    pub fn cause(&self) -> &Self {
        match self {
            Self::Upstream(upstream) => upstream.error(),
            other => other,
        }
    }

    /// Returns two handles of the error: for the report of a run, and for the nodes that accept the failure.
    #[doc(hidden)]
    #[must_use]
    pub fn share(self) -> (Self, Self) {
        match self {
            Self::Failed(error) => {
                let error = error.into_shared();
                (
                    Self::Failed(ReturnedError(ReturnedErrorRepr::Shared(Arc::clone(&error)))),
                    Self::Failed(ReturnedError(ReturnedErrorRepr::Shared(error))),
                )
            }
            Self::Panicked(message) => (Self::Panicked(message.clone()), Self::Panicked(message)),
            Self::TimedOut(limit) => (Self::TimedOut(limit), Self::TimedOut(limit)),
            Self::ArgumentDropPanicked { position, message } => (
                Self::ArgumentDropPanicked { position, message: message.clone() },
                Self::ArgumentDropPanicked { position, message },
            ),
            Self::Upstream(upstream) => (Self::Upstream(upstream.clone()), Self::Upstream(upstream)),
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

/// Lets a function that returns a [`BoxError`] propagate the error of a `Result` parameter with `?`.
impl From<&NodeError> for BoxError {
    fn from(error: &NodeError) -> Self {
        match error.upstream() {
            Some(upstream) => Self::from(upstream.clone()),
            None => Self::from(error.to_string()),
        }
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
            Self::Upstream(upstream) => fmt::Display::fmt(upstream, f),
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
            Self::Upstream(upstream) => write!(f, "Upstream({upstream})"),
        }
    }
}

/// The failure of a node or an input, as a consumer with a `Result` parameter receives it.
///
/// The consumer reads the failed node itself, or a node that was skipped because of the failure. Clones share the error.
///
/// # Examples
/// ```
/// use icosian_core::NodeError;
/// use icosian_core::run::{FailedSource, UpstreamError};
///
/// let failed = UpstreamError::new(FailedSource::Node, "profile", NodeError::failed("no route"));
/// assert_eq!(failed.to_string(), "node `profile` failed: no route");
///
/// // A consumer of `name` receives this if `name` needs `profile`.
/// let error = NodeError::Upstream(failed.through(["profile", "name"]));
/// let upstream = error.upstream().expect("another node failed");
/// assert_eq!(upstream.node(), &"profile");
/// assert_eq!(upstream.path(), ["profile", "name"]);
/// ```
#[derive(Clone)]
pub struct UpstreamError {
    failure: Arc<UpstreamFailure>,
    path: Vec<Name>,
}

/// The kind of value that is missing after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedSource {
    /// The output of a node.
    Node,
    /// The output of a node for an item of an expansion. The error is an [`ItemError`](crate::expand::ItemError).
    Item,
    /// An input that is a future.
    Input,
}

struct UpstreamFailure {
    source: FailedSource,
    name: Name,
    location: Option<Location>,
    error: NodeError,
}

impl UpstreamError {
    /// Returns the error of a node or input that failed with `error`.
    #[must_use]
    pub fn new(source: FailedSource, name: impl Into<Name>, error: NodeError) -> Self {
        let name = name.into();
        let failure = UpstreamFailure { source, name: name.clone(), location: None, error };
        Self { failure: Arc::new(failure), path: vec![name] }
    }

    /// Sets the location of the node that failed.
    #[must_use]
    pub fn with_location(mut self, location: Option<Location>) -> Self {
        if let Some(failure) = Arc::get_mut(&mut self.failure) {
            failure.location = location;
        }
        self
    }

    /// Sets the path from the failed node to the node that the consumer reads, both included.
    #[must_use]
    pub fn through<N: Into<Name>>(mut self, path: impl IntoIterator<Item = N>) -> Self {
        self.path = path.into_iter().map(Into::into).collect();
        self
    }

    /// Returns whether a node, a node for an item, or an input failed.
    #[must_use]
    pub fn failed_source(&self) -> FailedSource {
        self.failure.source
    }

    /// Returns the name of the node or input that failed. For an item, it is the node inside the block.
    #[must_use]
    pub fn node(&self) -> &Name {
        &self.failure.name
    }

    /// Returns the location of the node that failed, if known.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.failure.location
    }

    /// Returns the path from the failed node to the node that the consumer reads, both included.
    ///
    /// If there are more than 100 nodes between them, nodes in the middle are left out. If a node accepts the failure and returns it as its
    /// own error, the path continues after that node.
    #[must_use]
    pub fn path(&self) -> &[Name] {
        &self.path
    }

    /// Returns the error of the node or input that failed.
    #[must_use]
    pub fn error(&self) -> &NodeError {
        &self.failure.error
    }
}

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let UpstreamFailure { source, name, error, .. } = &*self.failure;
        match (source, error) {
            (FailedSource::Item, error) => {
                write!(f, "{error}")?;
                self.source().and_then(Error::source).map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
            (FailedSource::Input, error) => write!(f, "the future of input `{name}` failed: {error}"),
            (FailedSource::Node, NodeError::Panicked(message)) => {
                write!(f, "node `{name}` panicked: {message}")
            }
            (FailedSource::Node, NodeError::TimedOut(limit)) => {
                write!(f, "node `{name}` timed out after {limit:?}")
            }
            (FailedSource::Node, error) => write!(f, "node `{name}` failed: {error}"),
        }
    }
}

impl fmt::Debug for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UpstreamError({self})")
    }
}

impl Error for UpstreamError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.error() {
            NodeError::Failed(error) => Some(&**error),
            _ => None,
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
    /// The error is also an argument of other nodes.
    Shared(Arc<ReturnedError>),
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

    fn into_shared(self) -> Arc<Self> {
        match self.0 {
            ReturnedErrorRepr::Shared(shared) => shared,
            own => Arc::new(Self(own)),
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
            ReturnedErrorRepr::Shared(shared) => &***shared,
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
            ReturnedErrorRepr::Shared(shared) => match Arc::try_unwrap(shared) {
                Ok(own) => own.into(),
                Err(shared) => Box::new(Opened(ReturnedError(ReturnedErrorRepr::Shared(shared)))),
            },
            report @ ReturnedErrorRepr::Report(_) => Box::new(Opened(ReturnedError(report))),
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
            ReturnedErrorRepr::Shared(shared) => fmt::Display::fmt(shared, f),
        }
    }
}

impl fmt::Debug for ReturnedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            ReturnedErrorRepr::Error(error) => fmt::Debug::fmt(error, f),
            ReturnedErrorRepr::Report(report) => fmt::Debug::fmt(report, f),
            ReturnedErrorRepr::Shared(shared) => fmt::Debug::fmt(shared, f),
        }
    }
}

/// A report or a shared error as an error, for conversions into a box.
struct Opened(ReturnedError);

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
        (*self.0).source()
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
            ReturnedErrorRepr::Shared(shared) => Self::downcast(shared),
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
