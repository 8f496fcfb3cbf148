//! A node whose output is a future, or holds one, is refused: no adapter awaits a value.

use std::future::{Future, Ready};
use std::io;
use std::pin::Pin;

use icosian::prelude::*;
use tokio::task::JoinHandle;

type Later = Pin<Box<dyn Future<Output = u64> + Send + Sync>>;
type Outcome<T> = Result<T, io::Error>;

pub struct Handles {
    pub first: Ready<u64>,
    pub count: u64,
}

#[dataflow]
pub mod pipeline {
    use super::*;

    pub fn handle() -> JoinHandle<u64> {
        tokio::spawn(async { 1 })
    }

    pub fn ready() -> Ready<u64> {
        std::future::ready(1)
    }

    pub fn alias() -> Later {
        Box::pin(async { 1 })
    }

    pub fn result() -> io::Result<JoinHandle<u64>> {
        Ok(tokio::spawn(async { 1 }))
    }

    pub fn aliased_result() -> Outcome<Ready<u64>> {
        Ok(std::future::ready(1))
    }

    pub fn optional() -> Option<Ready<u64>> {
        None
    }

    pub async fn handles() -> Vec<JoinHandle<u64>> {
        vec![]
    }

    pub async fn spawned() -> JoinHandle<u64> {
        tokio::spawn(async { 1 })
    }

    #[extract_fields(first: Ready<u64>, count: u64)]
    pub fn fields() -> Handles {
        Handles { first: std::future::ready(1), count: 1 }
    }

    // The caller awaits the future of a helper.
    #[exclude]
    pub fn helper() -> Ready<u64> {
        std::future::ready(1)
    }

    fn private() -> Ready<u64> {
        std::future::ready(1)
    }

    pub async fn awaited() -> u64 {
        helper().await + private().await
    }
}

#[node]
fn alone() -> Ready<u64> {
    std::future::ready(1)
}

fn main() {}
