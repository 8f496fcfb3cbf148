use std::any::Any;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::{Downcast, ReturnedError};

/// Any error, as a node may return it.
///
/// # Examples
/// ```
/// use icosian_core::BoxError;
///
/// fn port(text: &str) -> Result<u16, BoxError> {
///     let port = text.parse()?;
///     if port < 1024 { Err("the port is reserved".into()) } else { Ok(port) }
/// }
/// assert_eq!(port("80").unwrap_err().to_string(), "the port is reserved");
/// ```
pub type BoxError = Box<dyn Error + Send + Sync>;

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
    /// It was not done within this time, and was cancelled.
    TimedOut(Duration),
    /// An argument panicked while it was dropped. The node that produced the argument is at fault.
    ArgumentDropPanicked {
        /// The position of the parameter.
        position: usize,
        /// The message of the panic.
        message: String,
    },
}

/// The payload of a panic in the drop of an argument that [`HeldArgs`](crate::HeldArgs) owned.
#[derive(Debug)]
pub(crate) struct ArgumentDropPanic {
    pub(crate) position: usize,
    pub(crate) message: String,
}

impl NodeError {
    /// Returns the error of a node that returned `error`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::NodeError::failed("no rates").to_string(), "no rates");
    /// ```
    pub fn failed(error: impl Into<BoxError>) -> Self {
        Self::Failed(ReturnedError::new(error))
    }

    /// Returns the error of a node that returned a report, such as an `anyhow::Error`.
    ///
    /// The macros use it by themselves. [`failed`](Self::failed) would lose the type of the error inside.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{BoxError, NodeError};
    ///
    /// let boxed = BoxError::from("x".parse::<u64>().unwrap_err());
    /// assert!(NodeError::reported(boxed).find::<std::num::ParseIntError, _>().is_some());
    /// ```
    pub fn reported<R>(report: R) -> Self
    where
        R: AsRef<dyn Error + Send + Sync> + Any + fmt::Debug + fmt::Display + Send + Sync,
    {
        Self::Failed(ReturnedError::report(report))
    }

    /// Returns the first `E` among the error that the node returned and its chain of sources.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::NodeError;
    ///
    /// let error = NodeError::failed(std::io::Error::other("no route"));
    /// assert!(error.find::<std::io::Error, _>().is_some());
    /// assert!(NodeError::TimedOut(std::time::Duration::ZERO).find::<std::io::Error, _>().is_none());
    /// ```
    #[must_use]
    pub fn find<E: Downcast<Kind>, Kind>(&self) -> Option<&E> {
        match self {
            Self::Failed(error) => error.find(),
            _ => None,
        }
    }

    /// Returns the error of a node that panicked with `payload`, as [`std::panic::catch_unwind`] gives it.
    ///
    /// # Examples
    /// ```
    /// let payload: Box<dyn std::any::Any + Send> = Box::new("index out of bounds");
    /// assert_eq!(icosian_core::NodeError::panicked(&*payload).to_string(), "index out of bounds");
    /// ```
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
            Self::TimedOut(limit) => write!(f, "it was not done within {limit:?}"),
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
