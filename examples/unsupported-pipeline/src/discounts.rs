//! Discounts of the season, with the config `season = "spring"`.

use icosian::dataflow;

#[dataflow]
pub mod nodes {
    /// The discount of the summer sale.
    #[config_when(season = "summer")]
    pub fn discount__summer() -> f64 {
        0.2
    }

    /// The discount of the winter sale.
    #[config_when(season = "winter")]
    pub fn discount__winter() -> f64 {
        0.5
    }

    /// The price of a part after the discount.
    pub fn net_price(price: f64, discount: f64) -> f64 {
        price * (1.0 - discount)
    }
}
