//! Valid dataflows. The errors come from requests and from combinations of them.

use icosian::dataflow;

/// Exchange rates and reports about them.
#[dataflow]
pub(crate) mod rates {
    /// A value without `Clone`.
    #[derive(Debug)]
    pub(crate) struct Table(pub f64);

    pub fn table(rates_url: &str) -> Table {
        Table(rates_url.len() as f64)
    }

    pub async fn fetched(rates_url: &str) -> std::io::Result<f64> {
        Err(std::io::Error::other(format!("{rates_url} is gone")))
    }

    pub async fn doubled(fetched: f64) -> f64 {
        fetched * 2.0
    }

    pub fn report(doubled: f64, currency: &str, limit: Option<u64>) -> String {
        format!("{doubled} {currency} {limit:?}")
    }

    pub fn broken(currency: &str) -> u64 {
        panic!("no rate for {currency}")
    }

    pub fn summed(table: Table) -> f64 {
        table.0
    }

    pub fn drained(table: Table) -> f64 {
        table.0
    }
}
