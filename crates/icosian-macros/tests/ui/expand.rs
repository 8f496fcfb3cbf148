//! Expanding functions whose sequence does not fit, and parameters that collect another type.

use icosian::dataflow;
use icosian::expand::{Collect, CollectStream, ItemError};

#[dataflow]
mod faults {
    use super::*;

    #[expand]
    pub fn nothing() {}

    #[expand(on_error = "colect", concurrency = 0)]
    pub fn arguments() -> Vec<u64> {
        vec![]
    }

    pub fn stream(score: &CollectStream<u64>) -> u64 {
        1
    }

    pub fn optional(#[collect(unsorted)] score: Option<Collect<u64>>) -> u64 {
        1
    }
}

#[dataflow]
mod sequences {
    use std::rc::Rc;

    #[expand]
    pub fn number() -> u64 {
        1
    }

    #[expand]
    pub fn not_send(words: &[String]) -> Box<dyn Iterator<Item = String>> {
        Box::new(words.to_vec().into_iter())
    }

    #[expand]
    pub fn not_shared() -> Vec<Rc<u64>> {
        vec![]
    }

    #[expand]
    pub fn borrowing(words: &[String]) -> impl Iterator<Item = String> + Send {
        words.iter().cloned()
    }

    #[expand]
    pub fn error() -> Vec<Result<u64, u8>> {
        vec![]
    }

    #[expand]
    pub async fn future() -> Vec<std::future::Ready<u64>> {
        vec![]
    }
}

#[dataflow]
mod collected {
    use super::*;

    #[expand]
    pub fn item() -> Vec<u64> {
        vec![]
    }

    pub fn score(item: u64) -> f64 {
        item as f64
    }

    pub fn values(score: Collect<u64>) -> usize {
        score.len()
    }

    pub fn results(score: &Collect<Result<String, ItemError>>) -> usize {
        score.len()
    }

    pub async fn stream(score: CollectStream<f32>) -> usize {
        score.into_iter().count()
    }
}

fn main() {}
