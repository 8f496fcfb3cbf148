//! Starts a mock server, analyses the folder `texts`, and prints a report as JSON: `cargo run -p documents`.
//!
//! A folder can be passed as the first argument.
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;
use std::path::PathBuf;

use documents::mock_server::MockServer;
use documents::model::Model;
use documents::pipeline;
use icosian::prelude::*;
use reqwest::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let texts = || concat!(env!("CARGO_MANIFEST_DIR"), "/texts").into();
    let folder = std::env::args_os().nth(1).map_or_else(texts, PathBuf::from);
    let server = MockServer::start().await?;
    let model = Model::new(Client::builder().no_proxy().build()?, server.url());

    let driver = AsyncDriver::builder().with_dataflow(pipeline::dataflow()).build()?;
    let report = driver.execute::<pipeline::report>(pipeline::ReportInputs { folder, model }).await?;
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}
