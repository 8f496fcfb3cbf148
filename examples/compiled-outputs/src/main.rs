//! A dataflow as a plain async function.
//!
//! ```text
//! $ cargo run -p compiled-outputs
//! compiled: 3 books of Ada for 30.00
//! driver:   3 books of Ada for 30.00
//! error:    node `name` failed
//! ```
#![expect(clippy::print_stdout, reason = "an example prints its results")]
#![allow(clippy::missing_errors_doc, reason = "an example")]

use std::error::Error;

use icosian::prelude::*;

/// Describes an order.
#[dataflow(outputs(summary), compile)]
pub mod order {
    use std::time::Duration;

    /// Loads the name of the customer. A real service would query its database here.
    #[timeout("1s")]
    pub async fn name(customer: u64) -> Result<String, String> {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if customer == 1 { Ok("Ada".to_owned()) } else { Err(format!("there is no customer {customer}")) }
    }

    /// Loads the price of a book, concurrently with `name`.
    #[retry(attempts = 3, backoff = "10ms..1s")]
    pub async fn price() -> Result<f64, String> {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(10.0)
    }

    /// Starts as soon as `price` is done.
    #[check_output(range = 0.0..=1_000.0, importance = "fail")]
    pub fn total(price: f64, books: u32) -> f64 {
        price * f64::from(books)
    }

    /// The output.
    pub fn summary(name: &str, total: f64, books: u32) -> String {
        format!("{books} books of {name} for {total:.2}")
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // The compiled output needs no driver. A missing or mistyped input is a compile error.
    let compiled = order::run::summary(order::SummaryInputs { customer: 1, books: 3 }).await?;
    println!("compiled: {compiled}");

    // A driver executes the same nodes, and adds hooks, overrides, config and limits.
    let driver = AsyncDriver::builder().with_dataflow(order::dataflow()).build()?;
    let driven = driver.execute::<order::summary>(inputs! { customer: 1_u64, books: 3_u32 }).await?;
    println!("driver:   {driven}");

    // Both return the same errors.
    if let Err(error) = order::run::summary(order::SummaryInputs { customer: 2, books: 3 }).await {
        println!("error:    {error}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::order;

    #[tokio::test(start_paused = true)]
    async fn nodes_run_concurrently() {
        let begun = tokio::time::Instant::now();
        let inputs = order::SummaryInputs { customer: 1, books: 2 };
        assert_eq!(order::run::summary(inputs).await.expect("no node fails"), "2 books of Ada for 20.00");
        assert_eq!(begun.elapsed(), Duration::from_millis(20));
    }
}
