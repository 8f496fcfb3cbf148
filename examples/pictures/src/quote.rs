//! A quote for an order: prices of its lines, taxes, shipping, and a document.

use icosian::prelude::*;

/// The value added tax, which the quote includes as a subdag.
#[dataflow]
pub(crate) mod tax {
    /// The tax rate of the region.
    pub fn rate(region: &str) -> f64 {
        if region == "EU" { 0.19 } else { 0.07 }
    }

    /// The tax on an amount.
    pub fn amount(net: f64, rate: f64) -> f64 {
        net * rate
    }
}

/// The quote.
#[dataflow]
pub(crate) mod flow {
    use icosian::expand::Collect;

    use super::tax;

    /// A part of an order.
    #[derive(Clone, Debug)]
    pub(crate) struct Line {
        article: String,
        quantity: f64,
    }

    /// Loads the order from the database.
    #[retry(attempts = 3, backoff = "100ms")]
    #[timeout("2s")]
    #[tag(owner = "orders")]
    pub async fn order(order_id: u64) -> std::io::Result<Vec<Line>> {
        let line = |article: &str, quantity| Line { article: article.to_owned(), quantity };
        Ok(vec![line("chair", f64::from(u8::try_from(order_id).unwrap_or(1))), line("table", 1.0)])
    }

    /// Loads the discount of the customer.
    #[tag(owner = "sales")]
    pub async fn discount(order_id: u64, #[default(0.0)] voucher: f64) -> f64 {
        if order_id > 0 { voucher } else { 0.0 }
    }

    /// Splits the order into lines.
    #[expand(concurrency = 8)]
    pub fn line(order: Vec<Line>) -> Vec<Line> {
        order
    }

    /// Looks the price up.
    #[limit("catalog", max_concurrency = 4)]
    pub async fn unit_price(line: &Line, prices: &[(String, f64)]) -> f64 {
        prices.iter().find(|(article, _)| *article == line.article).map_or(0.0, |(_, price)| *price)
    }

    /// Multiplies price and quantity.
    pub fn line_price(line: &Line, unit_price: f64, discount: f64) -> f64 {
        line.quantity * unit_price * (1.0 - discount)
    }

    /// Adds up the prices of the lines.
    pub fn net(line_price: Collect<f64>) -> f64 {
        line_price.iter().sum()
    }

    /// Adds the tax.
    #[subdag(tax::dataflow(), inputs(net = source("net")))]
    pub fn gross(net: f64, amount: f64) -> f64 {
        net + amount
    }

    /// Renders the document on a thread for blocking work.
    #[offload]
    pub fn document(gross: f64, order_id: u64, region: &str) -> String {
        format!("Order {order_id} ({region}): {gross:.2}")
    }
}
