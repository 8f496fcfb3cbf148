//! What the environment says: where to listen, and where the data is.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use miette::Diagnostic;
use reqwest::Url;

/// Where to listen, and where the data is.
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
    /// The address to listen at: `HOST` (loopback) and `PORT` (8000; 0 for any free one).
    pub address: SocketAddr,
    /// The data source: `DATA_URL`, or the service's own `/data`.
    pub data_url: Option<Url>,
}

/// A setting that cannot be what it is.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`{name}` is `{value}`, which is not {wanted}")]
#[diagnostic(code(async_service::setting), help("set `{name}` to {wanted}, or leave it out for {default}"))]
pub struct WrongSetting {
    name: &'static str,
    value: String,
    wanted: &'static str,
    default: &'static str,
}

impl Settings {
    /// Reads the settings from `variable`, which gives environment variables by name.
    ///
    /// # Errors
    /// The first setting that is wrong.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, WrongSetting> {
        let read = |name, wanted, default| move |value: String| WrongSetting { name, value, wanted, default };
        let port = variable("PORT").map_or(Ok(8000), |port| {
            port.parse::<u16>().map_err(|_| read("PORT", "a number from 0 to 65535", "8000")(port))
        })?;
        let host = variable("HOST").map_or(Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)), |host| {
            host.parse::<IpAddr>().map_err(|_| read("HOST", "an IP address", "127.0.0.1")(host))
        })?;
        let schemes: &[&str] = if cfg!(feature = "tls") { &["http", "https"] } else { &["http"] };
        let wanted = if cfg!(feature = "tls") {
            "an http or https URL"
        } else {
            "an http URL (https takes `--features tls`)"
        };
        let data_url = variable("DATA_URL")
            .map(|url| match Url::parse(&url) {
                Ok(parsed) if schemes.contains(&parsed.scheme()) => Ok(parsed),
                _ => Err(read("DATA_URL", wanted, "the service's own `/data`")(url)),
            })
            .transpose()?;
        Ok(Self { address: SocketAddr::new(host, port), data_url })
    }
}
