//! The dataflow. Each public function is a node, and its parameters name the nodes and inputs that it reads.

use icosian::dataflow;

pub use nodes::*;

/// Computes the price of an order.
#[dataflow(name = "pricing", outputs(quote))]
pub mod nodes {
    use serde::{Deserialize, Serialize};
    use tracing::debug;

    /// The body of a request.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct Order {
        /// The currency of the price, such as `EUR`.
        pub currency: String,
        /// The ordered items.
        pub items: Vec<Item>,
    }

    /// An item of an order.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct Item {
        /// The name in the catalogue.
        pub name: String,
        /// The number of pieces.
        pub quantity: u32,
    }

    /// The body of a response.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub struct Quote {
        /// The price.
        pub price: f64,
        /// The currency of the price.
        pub currency: String,
    }

    /// An order that has no price.
    #[derive(Debug, thiserror::Error)]
    pub enum OrderError {
        /// An item is not in the catalogue.
        #[error("the catalogue has no item `{0}`")]
        UnknownItem(String),
        /// There is no rate for the currency.
        #[error("there is no exchange rate for `{0}`")]
        UnknownCurrency(String),
    }

    /// Adds up the items, in euros.
    ///
    /// # Errors
    /// [`OrderError::UnknownItem`] if the catalogue does not contain an item.
    pub fn subtotal(order: &Order) -> Result<f64, OrderError> {
        let price = |item: &Item| Ok(unit_price(&item.name)? * f64::from(item.quantity));
        order.items.iter().map(price).sum()
    }

    /// Loads the exchange rate of the order's currency. Runs concurrently with other async nodes.
    ///
    /// # Errors
    /// [`OrderError::UnknownCurrency`] if there is no rate.
    #[timeout("2s")]
    pub async fn exchange_rate(order: &Order) -> Result<f64, OrderError> {
        debug!(currency = order.currency, "loading the exchange rate");
        // A real service would call another service here.
        match order.currency.as_str() {
            "EUR" => Ok(1.0),
            "USD" => Ok(1.25),
            other => Err(OrderError::UnknownCurrency(other.to_owned())),
        }
    }

    /// Returns the discount for large orders.
    pub fn discount(subtotal: f64) -> f64 {
        if subtotal >= 100.0 { 0.1 } else { 0.0 }
    }

    /// Combines the results into the response.
    pub fn quote(order: &Order, subtotal: f64, exchange_rate: f64, discount: f64) -> Quote {
        let price = subtotal * (1.0 - discount) * exchange_rate;
        Quote {
            price: (price * 100.0).round() / 100.0,
            currency: order.currency.clone(),
        }
    }

    fn unit_price(name: &str) -> Result<f64, OrderError> {
        match name {
            "tea" => Ok(4.0),
            "teapot" => Ok(30.0),
            other => Err(OrderError::UnknownItem(other.to_owned())),
        }
    }
}
