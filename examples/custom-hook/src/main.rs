//! Runs a dataflow under a time budget.
//!
//! ```text
//! $ cargo run -p custom-hook
//! the longest word: a.example
//! `page` ran 2 times
//! hook `time-budget` failed: the nodes ran 41.247635ms, and the budget is 30ms
//! ```
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;
use std::time::Duration;

use custom_hook::{Documented, TimeBudget, pages};
use icosian::prelude::*;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let budget = TimeBudget::new(Duration::from_millis(30));
    let builder = AsyncDriver::builder().with_dataflow(pages::dataflow());
    let driver = builder.with_hook(budget.clone()).with_validator(Documented).build()?;

    let page = |milliseconds| pages::RankingInputs {
        url: "a.example".to_owned(),
        latency: Duration::from_millis(milliseconds),
    };
    let ranking = driver.execute::<pages::ranking>(page(1)).await?;
    println!("the longest word: {}", ranking[0]);

    let slow = driver.execute::<pages::ranking>(page(40)).await;
    println!("`page` ran {} times", budget.cost_of("page").runs);
    if let Err(error) = slow {
        println!("{error}: {}", error.source().map(ToString::to_string).unwrap_or_default());
    }
    Ok(())
}
