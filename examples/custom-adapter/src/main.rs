//! Runs one dataflow under two adapters of one's own: `cargo run -p custom-adapter`.
#![expect(clippy::print_stdout, reason = "a program for people, at a terminal")]

use std::error::Error;
use std::time::Instant;

use custom_adapter::{AtMost, Timed};
use icosian::prelude::*;

/// Two slow answers, and what is made of them.
#[dataflow]
pub mod answers {
    use std::time::Duration;

    use tokio::time::sleep;

    /// The words of the greeting.
    pub fn words() -> Vec<String> {
        ["good", "day"].map(str::to_owned).to_vec()
    }

    /// The greeting in one line.
    pub fn greeting(words: &[String]) -> String {
        words.join(" ")
    }

    /// A name that takes its time.
    pub async fn name() -> String {
        sleep(Duration::from_millis(200)).await;
        "Ada".to_owned()
    }

    /// A place that takes its time.
    pub async fn place() -> String {
        sleep(Duration::from_millis(200)).await;
        "London".to_owned()
    }

    /// All of it.
    pub fn letter(greeting: &str, name: &str, place: &str) -> String {
        format!("{greeting} {name} in {place}")
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let timed = Timed::default();
    let driver = Driver::builder().with_dataflow(answers::dataflow()).with_adapter(timed.clone()).build()?;
    println!("{}", driver.execute::<answers::greeting>(inputs! {})?);
    for (name, time) in timed.times() {
        println!("  {name:<10} {time:>10.1?}");
    }

    for at_a_time in [1, 2] {
        let driver = AsyncDriver::under(AtMost(at_a_time)).with_dataflow(answers::dataflow()).build()?;
        let started = Instant::now();
        let letter = driver.execute::<answers::letter>(inputs! {}).await?;
        println!("{letter}: {:.1?} with at most {at_a_time} async node(s) at a time", started.elapsed());
    }

    // What an adapter cannot do is told before anything runs.
    let refused = driver.execute::<answers::letter>(inputs! {}).expect_err("`name` and `place` are async");
    println!("{refused}");
    Ok(())
}
