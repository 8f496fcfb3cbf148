//! Nodes of a web service.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use icosian::prelude::*;
use tokio::task::JoinHandle;

#[dataflow]
pub mod checkout {
    use super::*;

    fn render(template: &str) -> anyhow::Result<String> {
        let source = read_template(template)?;
        Ok(source.to_uppercase())
    }

    fn read_template(name: &str) -> std::io::Result<String> {
        std::fs::read_to_string(format!("templates/{name}.html"))
    }

    /// The receipt as a page.
    pub async fn receipt(order: &Order) -> anyhow::Result<String> {
        let page = render("receipt")?; //~ ICO0201
        Ok(page.replace("{order}", &order.id.to_string()))
    }

    /// Records the payment, and lets the mail go out on its own.
    pub async fn paid(order: Order, gateway: &Gateway) -> anyhow::Result<Payment> {
        let payment = gateway.charge(&order).await?;
        tokio::spawn(async move { send_mail(order).await }); //~ ICO0209
        Ok(payment)
    }

    /// Starts the export.
    pub async fn export_started(report: Report) -> u64 {
        let id = report.id;
        let _ = std::thread::spawn(move || export(report)); //~ ICO0209
        id
    }

    /// Starts the pool's warm up.
    pub async fn warmed(pool: Arc<Pool>) -> usize {
        let _task: JoinHandle<()> = tokio::task::spawn(async move { pool.warm_up().await }); //~ ICO0209
        16
    }

    /// The price, after the feed has connected.
    pub async fn live_price(feed: &Feed) -> f64 {
        while !feed.is_connected() { //~ ICO0211
            tokio::task::yield_now().await;
        }
        feed.price().await
    }

    /// Waits for the flag.
    pub async fn released(flag: Arc<AtomicBool>) -> bool {
        while !flag.load(Ordering::Acquire) { //~ ICO0211
            std::hint::spin_loop();
        }
        true
    }

    /// Waits for the deadline.
    pub async fn settled(deadline: Instant) -> Instant {
        loop { //~ ICO0211
            if Instant::now() >= deadline {
                break;
            }
            tokio::task::yield_now().await;
        }
        deadline
    }

    /// The stock of all parts of the order.
    pub async fn stocks(order: &Order, warehouse: &Warehouse) -> anyhow::Result<Vec<u32>> {
        let mut stocks = Vec::with_capacity(order.parts.len());
        for part in &order.parts {
            let stock = warehouse.stock(part.id).await?; //~ ICO0210
            stocks.push(stock);
        }
        Ok(stocks)
    }

    /// The customers' mails.
    pub async fn mails(customers: Vec<Customer>, mailer: &Mailer) -> usize {
        let mut sent = 0;
        for customer in customers {
            if mailer.send(&customer.address).await.is_ok() { //~ ICO0210
                sent += 1;
            }
        }
        sent
    }

    /// Reads the token in an async helper that blocks.
    pub async fn token(vault: &Vault) -> anyhow::Result<String> {
        let name = vault.token_name().await?;
        read_token(&name).await //~ ICO0201
    }

    async fn read_token(name: &str) -> anyhow::Result<String> {
        let text = std::fs::read_to_string(format!("/run/secrets/{name}"))?;
        Ok(text.trim().to_owned())
    }

    /// Starts the refresh of the catalogue in a set that is dropped.
    pub async fn refreshed(catalogue: Arc<Catalogue>) -> usize {
        let count = catalogue.len();
        tokio::task::spawn_blocking(move || catalogue.refresh()); //~ ICO0209
        count
    }
}
