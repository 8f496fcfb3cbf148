//! Errors and inputs that cannot move to another thread, and texts that do not convert.

use std::error::Error;

use icosian::prelude::*;

type Outcome<T> = Result<T, Box<dyn Error>>;
type Rate = f64;

pub trait Client {}

#[dataflow]
pub mod pipeline {
    use super::*;

    pub fn parsed(text: &str) -> Result<u64, Box<dyn Error>> {
        Ok(text.parse()?)
    }

    pub async fn read(text: &str) -> Result<u64, Box<dyn Error + Send>> {
        let _ = text;
        Ok(1)
    }

    pub fn called(client: &dyn Client) -> u64 {
        let _ = client;
        1
    }

    pub fn scaled(#[default("two")] rate: Rate) -> f64 {
        rate
    }

    #[inject(rate = value("two"))]
    pub fn injected(rate: Rate) -> f64 {
        rate
    }

    #[config_when("env", "prod")]
    pub fn unit() -> String {
        "€".to_owned()
    }

    #[retry(attempts = 3, backoff = "100ms-2s")]
    pub fn tried() -> std::io::Result<u64> {
        Ok(1)
    }
}

#[dataflow]
pub mod aliases {
    use super::*;

    pub type Result<T> = Outcome<T>;

    pub fn aliased() -> Result<u64> {
        Ok(1)
    }
}

fn main() {}
