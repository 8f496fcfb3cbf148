//! Tests the concurrency limit and the errors of the custom adapters.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may panic, and its nodes need no docs")]

use std::time::Duration;

use custom_adapter::{AtMost, Timed};
use icosian::prelude::*;
use tokio::time::Instant;

/// Three nodes that sleep for a second each, and a node that adds their outputs.
#[dataflow]
pub mod sleepers {
    use std::time::Duration;

    use tokio::time::sleep;

    pub async fn first() -> u64 {
        sleep(Duration::from_secs(1)).await;
        1
    }

    pub async fn second() -> u64 {
        sleep(Duration::from_secs(1)).await;
        2
    }

    pub async fn third() -> u64 {
        sleep(Duration::from_secs(1)).await;
        3
    }

    pub fn sum(first: u64, second: u64, third: u64) -> u64 {
        first + second + third
    }
}

#[tokio::test(start_paused = true)]
async fn at_most_limits_concurrent_nodes() {
    for (max_concurrency, seconds) in [(1, 3), (2, 2), (3, 1)] {
        let driver =
            AsyncDriver::under(AtMost(max_concurrency)).with_dataflow(sleepers::dataflow()).build().unwrap();
        let started = Instant::now();
        assert_eq!(driver.execute::<sleepers::sum>(inputs! {}).await.unwrap(), 6);
        assert_eq!(started.elapsed(), Duration::from_secs(seconds));
    }
}

#[test]
fn error_names_the_custom_adapter() {
    let driver =
        Driver::builder().with_dataflow(sleepers::dataflow()).with_adapter(Timed::default()).build().unwrap();
    let error = driver.execute::<sleepers::sum>(inputs! {}).unwrap_err();
    let error = format!("{error:?}");
    for node in ["first", "second", "third"] {
        let expect = format!("node `{node}` is async, but the `timed` adapter runs only sync nodes");
        assert!(error.contains(&expect), "{error}");
    }
}
