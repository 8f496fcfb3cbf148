//! Executes a dataflow with custom and built-in decorators: `cargo run -p custom-decorator`.
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;

use custom_decorator::{Alias, Count, Counted};
use icosian::decorators::Retry;
use icosian::prelude::*;
use icosian::{Node, NodeError, Outline};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let count = Count::default();
    let attempts = count.clone();
    // `Counted` counts every attempt, because it is applied before `Retry`.
    let rate = Node::future(Outline::new("rate"), move |_| {
        let attempt = attempts.calls();
        async move { if attempt < 2 { Err(NodeError::failed("no route")) } else { Ok(1.5_f64) } }
    });
    // ANCHOR: apply
    let rate = rate
        .with_decorator(Counted::new(count.clone()))
        .with_decorator(Retry::new(3))
        .with_decorator(Alias::new("exchange_rate"));
    // ANCHOR_END: apply
    let driver = AsyncDriver::builder().with_dataflow(Dataflow::new("rates").with_node(rate)).build()?;

    let outputs = driver.execute_named(["exchange_rate"], inputs! {}).await?;
    let rate = outputs.get::<f64>("exchange_rate").copied().unwrap_or_default();
    println!("{rate} after {} calls, {} of which failed", count.calls(), count.failures());
    Ok(())
}
