//! All invalid signatures are reported together.

use std::future::Future;
use std::pin::Pin;

use icosian::{dataflow, node};

#[dataflow]
pub mod pipeline {
    use super::*;

    pub unsafe fn dangerous() -> u8 {
        1
    }

    pub extern "C" fn foreign() -> u8 {
        1
    }

    pub fn generic<T: Into<u64>, const N: usize>(values: [T; N]) -> u64 {
        values.into_iter().map(Into::into).sum()
    }

    pub fn anything(text: impl AsRef<str>) -> usize {
        text.as_ref().len()
    }

    pub fn nameless(count: u64) -> impl Iterator<Item = u64> {
        0..count
    }

    pub fn pair((left, right): (u64, u64)) -> u64 {
        left + right
    }

    pub fn ignored(_: u64) -> u64 {
        1
    }

    pub fn changes(values: &mut Vec<u64>) -> usize {
        values.len()
    }

    pub fn nothing(value: &u64) -> ! {
        panic!("{value}")
    }

    pub fn borrowing(text: &str) -> &str {
        text
    }

    pub fn later() -> impl Future<Output = u64> {
        async { 1 }
    }

    pub fn boxed() -> Pin<Box<dyn Future<Output = u64> + Send>> {
        Box::pin(async { 1 })
    }

    pub fn optional_default(#[default(1)] limit: Option<u64>) -> u64 {
        limit.unwrap_or(2)
    }

    #[node]
    pub fn twice_marked(value: u64) -> u64 {
        value
    }

    pub(crate) fn hidden(#[default(1)] value: u64) -> u64 {
        value
    }

    #[cfg_attr(all(), cfg(any()))]
    pub fn sometimes() -> u64 {
        1
    }

    // Reading a rejected node is not a second fault.
    pub fn reads(nothing: &u64, boxed: u64, generic: u64, nameless: String, sometimes: u64) -> u64 {
        let _ = nameless;
        nothing + boxed + generic + sometimes
    }
}

struct Holder;

impl Holder {
    #[node]
    fn method(&self, value: u64) -> u64 {
        value
    }

    #[node]
    pub fn associated(value: u64) -> u64 {
        value
    }
}

fn main() {
    let _ = pipeline::dataflow();
}
