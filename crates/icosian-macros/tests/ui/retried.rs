//! What `retry` asks about is an error that the function can give.

use std::fmt;
use std::io;

use icosian::prelude::*;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

fn is_timeout(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::TimedOut
}

/// Becomes a box, and is no error itself.
pub struct Report;

impl From<Report> for BoxError {
    fn from(_: Report) -> Self {
        "nothing".into()
    }
}

#[dataflow]
pub mod pipeline {
    use super::*;

    #[retry(attempts = 2, when = |_: &fmt::Error| true)]
    pub fn other() -> io::Result<u64> {
        Ok(1)
    }

    #[retry(attempts = 2, when = is_timeout)]
    pub async fn named() -> Result<u64, fmt::Error> {
        Ok(1)
    }

    #[retry(attempts = 2, when = is_timeout)]
    #[timeout("2s")]
    pub async fn never() -> u64 {
        1
    }

    // These are fine.
    #[retry(attempts = 2, when = is_timeout)]
    pub fn own() -> Result<u64, io::Error> {
        Ok(1)
    }

    #[retry(attempts = 2, when = is_timeout)]
    pub fn boxed() -> Result<u64, BoxError> {
        Ok(1)
    }

    #[retry(attempts = 2, when = |_: &fmt::Error| true)]
    pub fn reported() -> Result<u64, Report> {
        Ok(1)
    }

    #[retry(attempts = 2, when = is_timeout)]
    #[fallback(own)]
    pub fn replaced() -> Result<u64, fmt::Error> {
        Ok(1)
    }
}

fn main() {}
