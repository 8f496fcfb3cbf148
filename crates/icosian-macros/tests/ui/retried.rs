//! The predicate of `retry` must accept the error type of the function.

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

/// Contains an error, and is no error itself.
#[derive(Debug)]
pub struct Chain(BoxError);

impl AsRef<dyn std::error::Error + Send + Sync> for Chain {
    fn as_ref(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<Chain> for BoxError {
    fn from(chain: Chain) -> Self {
        chain.0
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

    #[retry(attempts = 2, when = |_: &String| true)]
    pub fn text() -> Result<u64, String> {
        Ok(1)
    }

    #[retry(attempts = 2)]
    #[fallback(value = 1)]
    pub fn order() -> io::Result<u64> {
        Ok(1)
    }

    // These are fine.
    #[retry(attempts = 2, when = is_timeout)]
    pub fn chained() -> Result<u64, Chain> {
        Ok(1)
    }

    #[retry(attempts = 2, when = |_: &Chain| true)]
    pub async fn chain() -> Result<u64, Chain> {
        Ok(1)
    }

    #[retry(attempts = 2, when = |_: &BoxError| true)]
    pub async fn any_box() -> Result<u64, BoxError> {
        Ok(1)
    }

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
