//! Decorators without effect, or with impossible arguments, are reported with a replacement.

use icosian::prelude::*;

#[dataflow]
pub mod pipeline {
    use std::fmt::Error;

    #[unpack_fields(_)]
    pub fn nothing() -> (u8,) {
        (1,)
    }

    #[unpack_fields(_, _)]
    pub fn nothing_of_two() -> (u8, u8) {
        (1, 2)
    }

    pub struct Letter {
        pub text: String,
    }

    #[extract_fields(text: &str)]
    pub fn letter() -> Letter {
        Letter { text: String::new() }
    }

    #[timeout("0s")]
    pub async fn never() -> u64 {
        1
    }

    #[retry(attempts = 2, when = |_| true)]
    pub fn any() -> Result<u64, Error> {
        Ok(1)
    }

    #[retry(attempts = 2, jitter = 3)]
    pub fn shaken() -> Result<u64, Error> {
        Ok(1)
    }

    #[config_when_in(env = [])]
    pub fn none() -> u64 {
        1
    }

    #[config_when(env == "prod")]
    pub fn equal() -> u64 {
        1
    }

    #[config_when("env")]
    pub fn compared() -> u64 {
        1
    }

    #[tag(owner = [], 1 = "x")]
    pub fn tagged() -> u64 {
        1
    }

    // These are fine: a `timeout` around a `retry`, and one for each attempt.
    #[timeout("2s")]
    #[retry(attempts = 2)]
    #[retry(attempts = 3)]
    #[timeout("1s")]
    pub async fn patient() -> Result<u64, Error> {
        Ok(1)
    }
}

fn main() {}
