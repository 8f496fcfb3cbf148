//! Settings from environment variables.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use miette::Diagnostic;
use reqwest::Url;

/// The settings of the service.
///
/// # Examples
/// ```
/// use async_service::settings::Settings;
///
/// let settings = Settings::read(|name| (name == "PORT").then(|| "9000".to_owned()))?;
/// assert_eq!(settings.address.to_string(), "127.0.0.1:9000");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address to listen on: `HOST` (default 127.0.0.1) and `PORT` (default 8000; 0 for any free port).
    pub address: SocketAddr,
    /// The URL of the data source, `DATA_URL`. By default the service uses its own `/data`.
    pub data_url: Option<Url>,
}

/// An environment variable with an invalid value.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`{name}` is `{value}`, expected {expected}")]
#[diagnostic(code(async_service::setting), help("set `{name}` to {expected}, or unset it to use {default}"))]
pub struct SettingError {
    name: &'static str,
    value: String,
    expected: &'static str,
    default: &'static str,
}

impl Settings {
    /// Reads the settings. `variable` returns the value of an environment variable.
    ///
    /// # Errors
    /// Returns the first invalid setting.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingError> {
        let invalid =
            |name, expected, default| move |value: String| SettingError { name, value, expected, default };
        let port = variable("PORT").map_or(Ok(8000), |port| {
            port.parse::<u16>().map_err(|_| invalid("PORT", "a number from 0 to 65535", "8000")(port))
        })?;
        let host = variable("HOST").map_or(Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)), |host| {
            host.parse::<IpAddr>().map_err(|_| invalid("HOST", "an IP address", "127.0.0.1")(host))
        })?;
        let schemes: &[&str] = if cfg!(feature = "tls") { &["http", "https"] } else { &["http"] };
        let expected = if cfg!(feature = "tls") {
            "an http or https URL"
        } else {
            "an http URL (https needs `--features tls`)"
        };
        let data_url = variable("DATA_URL")
            .map(|url| match Url::parse(&url) {
                Ok(parsed) if schemes.contains(&parsed.scheme()) => Ok(parsed),
                _ => Err(invalid("DATA_URL", expected, "the service's own `/data`")(url)),
            })
            .transpose()?;
        Ok(Self { address: SocketAddr::new(host, port), data_url })
    }
}
