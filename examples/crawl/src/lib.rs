//! A crawler that fetches a list of pages and scores each of them.
//!
//! - [`crawler`]: the functions, which `#[dataflow]` turns into a graph, and the driver.
//! - [`report`]: the result of a crawl.
//! - [`progress`]: a hook that prints the progress of a crawl.
//! - [`site`]: a local web server with pages to crawl.

pub mod crawler;
pub mod progress;
pub mod report;
pub mod site;
