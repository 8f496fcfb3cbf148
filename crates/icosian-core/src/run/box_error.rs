use std::error::Error;

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
