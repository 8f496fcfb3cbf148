//! Async clients, and methods whose names sound like those of others.

use std::sync::Arc;
use std::time::Duration;

use icosian::prelude::*;
use reqwest::Client;
use tokio::net::TcpStream;

/// A shop behind the network; its methods are async or do nothing slow.
pub struct Shop {
    client: Client,
    sent: usize,
}

impl Shop {
    pub fn send(&mut self) -> usize {
        self.sent += 1;
        self.sent
    }
    pub fn call(&self) -> &'static str {
        "shop"
    }
    pub fn exists(&self) -> bool {
        true
    }
}

#[dataflow]
pub mod quotes {
    use super::*;

    /// Today's exchange rate.
    pub async fn exchange_rate(base: &str) -> Result<f64, reqwest::Error> {
        let body: Rates = reqwest::get(format!("https://rates.example/{base}")).await?.json().await?;
        Ok(body.eur)
    }

    /// The quote of the first supplier.
    pub async fn supplier_quote(client: &Client, part: &str) -> Result<Quote, reqwest::Error> {
        client.get(format!("https://supplier.example/{part}")).send().await?.json().await
    }

    /// The number of requests to the shop.
    pub async fn sent(mut shop: Shop, log: &Log) -> usize {
        let count = shop.send();
        log.write(shop.call()).await;
        count
    }

    /// Returns whether the shop is open.
    pub async fn is_open(shop: &Shop, clock: &Clock) -> bool {
        shop.exists() && clock.is_day().await
    }

    /// The quote, asked again a little later.
    pub async fn patient_quote(client: &Client, part: &str) -> anyhow::Result<Quote> {
        let mut wait = Duration::from_millis(100);
        for _ in 0..3 {
            if let Ok(quote) = supplier_quote(client, part).await {
                return Ok(quote);
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        anyhow::bail!("no quote")
    }

    /// The greeting of the legacy host.
    pub async fn greeting(host: String) -> std::io::Result<Vec<u8>> {
        let stream = TcpStream::connect((host.as_str(), 25)).await?;
        stream.readable().await?;
        let mut greeting = vec![0; 128];
        let length = stream.try_read(&mut greeting)?;
        greeting.truncate(length);
        Ok(greeting)
    }

    /// The quote of a client that blocks, where it may.
    #[offload]
    pub fn second_quote(part: String) -> anyhow::Result<Quote> {
        Ok(reqwest::blocking::get(format!("https://second.example/{part}"))?.json()?)
    }

    /// A request that only this node builds.
    pub async fn request(client: Arc<Client>, part: &str) -> anyhow::Result<reqwest::Request> {
        Ok(client.get(format!("https://second.example/{part}")).build()?)
    }

    /// The addresses, as the runtime resolves them.
    pub async fn addresses(host: &str) -> std::io::Result<Vec<std::net::SocketAddr>> {
        Ok(tokio::net::lookup_host((host, 5432)).await?.collect())
    }

    /// The url's host.
    pub async fn host(url: &str, registry: &Registry) -> anyhow::Result<String> {
        let url: url::Url = url.parse()?;
        registry.checked(url.host_str().unwrap_or_default().to_owned()).await
    }
}
