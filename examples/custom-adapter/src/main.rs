//! Runs a dataflow under two custom adapters: `cargo run -p custom-adapter`.
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;
use std::time::Instant;

use custom_adapter::{AtMost, Timed};
use icosian::prelude::*;

/// Builds a letter from two slow lookups.
#[dataflow]
pub mod letters {
    use std::time::Duration;

    use tokio::time::sleep;

    /// Returns the words of the greeting.
    pub fn words() -> Vec<String> {
        ["good", "day"].map(str::to_owned).to_vec()
    }

    /// Joins the words into one line.
    pub fn greeting(words: &[String]) -> String {
        words.join(" ")
    }

    /// Looks up a name, slowly.
    pub async fn name() -> String {
        sleep(Duration::from_millis(200)).await;
        "Ada".to_owned()
    }

    /// Looks up a place, slowly.
    pub async fn place() -> String {
        sleep(Duration::from_millis(200)).await;
        "London".to_owned()
    }

    /// Combines the greeting, the name and the place.
    pub fn letter(greeting: &str, name: &str, place: &str) -> String {
        format!("{greeting} {name} in {place}")
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let timed = Timed::default();
    let driver = Driver::builder().with_dataflow(letters::dataflow()).with_adapter(timed.clone()).build()?;
    println!("{}", driver.execute::<letters::greeting>(inputs! {})?);
    for (name, time) in timed.times() {
        println!("  {name:<10} {time:>10.1?}");
    }

    for max_concurrency in [1, 2] {
        let driver =
            AsyncDriver::under(AtMost(max_concurrency)).with_dataflow(letters::dataflow()).build()?;
        let started = Instant::now();
        let letter = driver.execute::<letters::letter>(inputs! {}).await?;
        println!(
            "{letter}: {:.1?} with at most {max_concurrency} async node(s) at a time",
            started.elapsed()
        );
    }

    // The driver reports nodes that the adapter does not support before any node runs.
    let error = driver.execute::<letters::letter>(inputs! {}).expect_err("`name` and `place` are async");
    println!("{error}");
    Ok(())
}
