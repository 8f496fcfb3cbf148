//! Starts a web server, crawls it, and prints a report: `cargo run -p crawl`.
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;
use std::io::{IsTerminal, stderr};

use crawl::crawler;
use crawl::progress::{Progress, ProgressStyle};
use crawl::site::Site;
use reqwest::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let site = Site::start().await?;
    let urls = site.urls();

    let style = if stderr().is_terminal() { ProgressStyle::Terminal } else { ProgressStyle::Log };
    let progress = Progress::new(urls.len(), style, stderr());
    let driver = crawler::driver(progress)?;

    let inputs = crawler::ReportInputs { urls, http: Client::builder().no_proxy().build()? };
    let report = driver.execute::<crawler::report>(inputs).await?;
    print!("{report}");
    Ok(())
}
