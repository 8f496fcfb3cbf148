//! Exchange rates, under the tokio adapter. The program runs in production, with the config `env = "prod"`.

use std::io;

use icosian::dataflow;

#[dataflow]
pub mod nodes {
    use super::*;

    /// The rate of today.
    #[config_when(env = "prod")]
    pub async fn rate__live(currency: &str) -> io::Result<f64> {
        Ok(if currency == "EUR" { 1.0 } else { 1.1 })
    }

    /// A constant rate for tests.
    #[config_when(env = "test")]
    pub fn rate__fixed() -> f64 {
        1.0
    }
}
