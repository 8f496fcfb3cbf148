//! Async nodes that use clients which wait on their thread.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use icosian::prelude::*;
use reqwest::blocking::Client;

#[dataflow]
pub mod quotes {
    use super::*;

    /// Today's exchange rate.
    pub async fn exchange_rate(base: &str) -> Result<f64, reqwest::Error> {
        let body: Rates = reqwest::blocking::get(format!("https://rates.example/{base}"))?.json()?; //~ ICO0201
        Ok(body.eur)
    }

    /// The quote of the first supplier.
    pub async fn supplier_quote(client: &Client, part: &str) -> Result<Quote, reqwest::Error> {
        client.get(format!("https://supplier.example/{part}")).send()?.json() //~ ICO0201
    }

    /// The quote of the second supplier.
    pub async fn second_quote(part: String) -> anyhow::Result<Quote> {
        let client = reqwest::blocking::Client::builder().timeout(Duration::from_secs(5)).build()?;
        let response = client.get(format!("https://second.example/{part}")).send()?; //~ ICO0201
        Ok(response.json()?)
    }

    /// The stock of the warehouse.
    pub async fn stock(agent: &ureq::Agent, part: &str) -> anyhow::Result<u32> {
        let stock: Stock = agent.get(&format!("https://stock.example/{part}")).call()?.into_json()?; //~ ICO0201
        Ok(stock.count)
    }

    /// Returns whether the order was accepted.
    pub async fn accepted(order: &Order) -> Result<bool, ureq::Error> {
        let response = ureq::post("https://orders.example").send_json(order)?; //~ ICO0201
        Ok(response.status() == 200)
    }

    /// The addresses of the database host.
    pub async fn addresses(host: &str) -> std::io::Result<Vec<std::net::SocketAddr>> {
        Ok((host, 5432).to_socket_addrs()?.collect()) //~ ICO0201
    }

    /// The greeting of the legacy host.
    pub async fn greeting(host: String) -> std::io::Result<String> {
        let mut stream = TcpStream::connect((host.as_str(), 25))?; //~ ICO0201
        let mut greeting = [0; 128];
        let length = stream.read(&mut greeting)?; //~ ICO0201
        Ok(String::from_utf8_lossy(&greeting[..length]).into_owned())
    }

    /// Sends a metric to statsd.
    pub async fn metric_sent(name: &str, socket: &UdpSocket) -> std::io::Result<usize> {
        socket.send_to(name.as_bytes(), "127.0.0.1:8125") //~ ICO0201
    }

    /// The quote of the partner, with the client of all nodes.
    pub async fn partner_quote(http: Arc<reqwest::blocking::Client>, part: String) -> anyhow::Result<Quote> {
        let request = http.post("https://partner.example/quotes").json(&part);
        let quote = request.send()?.error_for_status()?.json()?; //~ ICO0201
        Ok(quote)
    }

    /// Waits a little before the shop is asked again.
    pub async fn patient_price(shop: &ShopClient, part: u64) -> anyhow::Result<f64> {
        for attempt in 0..3 {
            match shop.price(part).await {
                Ok(price) => return Ok(price),
                Err(_) => std::thread::sleep(Duration::from_millis(200 << attempt)), //~ ICO0201
            }
        }
        anyhow::bail!("no price")
    }
}
