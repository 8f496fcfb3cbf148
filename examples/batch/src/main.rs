//! Prices a file of orders: `cargo run -p batch`, or `cargo run -p batch -- FILE`.
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;

use batch::orders;
use icosian::observe::{RunRecorder, ValueCapture};

fn main() -> Result<(), Box<dyn Error>> {
    let file = match std::env::args().nth(1) {
        Some(path) => std::fs::read_to_string(path)?,
        None => include_str!("../orders.csv").to_owned(),
    };
    let recorder =
        RunRecorder::for_workspace().with_name("orders").with_values(ValueCapture::only(["report"]));
    let driver = orders::driver(recorder)?;
    for total in driver.execute::<orders::report>(orders::ReportInputs { file })? {
        println!("{:<8} {:>10.2}", total.customer, f64::from(u32::try_from(total.cents)?) / 100.0);
    }
    Ok(())
}
