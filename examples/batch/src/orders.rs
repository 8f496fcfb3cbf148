//! The dataflow, and the driver with its hooks.

use std::io::stderr;
use std::sync::Arc;
use std::time::Duration;

use icosian::BuildError;
use icosian::adapter::RayonAdapter;
use icosian::observe::{ProgressHook, RunRecorder, SlowNodes, SlowThreshold};
use icosian::prelude::*;
use indicatif::ProgressDrawTarget;
use serde::Serialize;

pub use nodes::{ReportInputs, report};

/// An order, such as `ada,umbrella,3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The name of the customer.
    pub customer: String,
    /// The article.
    pub article: String,
    /// The number of articles.
    pub quantity: u64,
}

/// The error of a line that contains no order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLine {
    /// The line does not have three fields.
    #[error("`{0}` does not have the fields customer, article and quantity")]
    Fields(String),
    /// The quantity is not a number.
    #[error("`{0}` is not a quantity")]
    Quantity(String),
    /// The article has no price.
    #[error("article `{0}` has no price")]
    Article(String),
}

/// The total of a customer in cents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CustomerTotal {
    /// The name of the customer.
    pub customer: String,
    /// The sum of the orders, in cents.
    pub cents: u64,
}

/// The functions.
#[dataflow(name = "orders", outputs(report))]
pub mod nodes {
    use std::collections::BTreeMap;

    use icosian::prelude::*;

    use super::{CustomerTotal, InvalidLine, Order};

    /// The prices of articles in cents.
    pub fn prices() -> BTreeMap<&'static str, u64> {
        BTreeMap::from([("umbrella", 1990), ("raincoat", 4950), ("boots", 7900)])
    }

    /// The lines of the file. Lines that contain no order are skipped, and the hooks count them.
    #[expand(on_error = "skip")]
    pub fn line(file: &str) -> Vec<String> {
        file.lines().map(str::to_owned).collect()
    }

    /// The order in a line.
    ///
    /// # Errors
    /// The line contains no order.
    pub fn order(line: &str) -> Result<Order, InvalidLine> {
        let mut fields = line.split(',');
        let (Some(customer), Some(article), Some(quantity), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(InvalidLine::Fields(line.to_owned()));
        };
        let quantity = quantity.parse().map_err(|_| InvalidLine::Quantity(quantity.to_owned()))?;
        Ok(Order { customer: customer.to_owned(), article: article.to_owned(), quantity })
    }

    /// The customer and the price of an order.
    ///
    /// # Errors
    /// The article has no price.
    pub fn priced(order: Order, prices: &BTreeMap<&'static str, u64>) -> Result<CustomerTotal, InvalidLine> {
        let price = prices.get(order.article.as_str()).ok_or(InvalidLine::Article(order.article))?;
        Ok(CustomerTotal { customer: order.customer, cents: price * order.quantity })
    }

    /// The totals of all customers, by name.
    pub fn report(priced: Collect<CustomerTotal>) -> Vec<CustomerTotal> {
        let mut totals = BTreeMap::<String, u64>::new();
        for order in priced.into_vec() {
            *totals.entry(order.customer).or_default() += order.cents;
        }
        totals.into_iter().map(|(customer, cents)| CustomerTotal { customer, cents }).collect()
    }
}

/// Builds the driver: `RayonAdapter` prices several orders at a time.
///
/// The progress is a bar if stderr is a terminal, and lines otherwise. The record contains the value of the report, and no other values.
///
/// # Errors
/// Returns the errors of the dataflow.
pub fn driver(recorder: RunRecorder) -> Result<Driver, BuildError> {
    let progress = ProgressHook::new(ProgressDrawTarget::stderr(), stderr()).with_name("orders");
    let unusual = SlowThreshold::Median { factor: 10.0, minimum: Duration::from_secs(1) };
    Driver::builder()
        .with_adapter(RayonAdapter::new())
        .with_dataflow(nodes::dataflow())
        .with_hook(progress)
        .with_hook(SlowNodes::new(unusual))
        .with_hook(Arc::new(recorder))
        .build()
}
