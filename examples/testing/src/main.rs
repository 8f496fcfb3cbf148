//! Quotes an order with the real client. The tests are in `tests/it.rs`.
//!
//! ```text
//! $ cargo run -p testing
//! The order costs 1100 cents.
//! $ cargo test -p testing
//! ```
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;
use std::sync::Arc;

use icosian::prelude::*;
use testing::{PriceService, quotes};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let driver = AsyncDriver::builder().with_dataflow(quotes::dataflow()).build()?;
    let inputs = quotes::QuoteInputs {
        order: vec!["apple".to_owned(), "cherry".to_owned()],
        service: Arc::new(PriceService),
    };
    println!("The order costs {} cents.", driver.execute::<quotes::quote>(inputs).await?);
    Ok(())
}
