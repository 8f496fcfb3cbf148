//! The adapters keep what they promise.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may panic, and its nodes speak for themselves")]

use std::time::Duration;

use custom_adapter::{AtMost, Timed};
use icosian::prelude::*;
use tokio::time::Instant;

/// Three nodes that sleep a second each, and one that waits for all.
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
async fn no_more_nodes_run_at_a_time_than_are_allowed() {
    for (at_a_time, seconds) in [(1, 3), (2, 2), (3, 1)] {
        let driver =
            AsyncDriver::under(AtMost(at_a_time)).with_dataflow(sleepers::dataflow()).build().unwrap();
        let started = Instant::now();
        assert_eq!(driver.execute::<sleepers::sum>(inputs! {}).await.unwrap(), 6);
        assert_eq!(started.elapsed(), Duration::from_secs(seconds));
    }
}

#[test]
fn an_adapter_of_ones_own_is_named_in_what_it_refuses() {
    let driver =
        Driver::builder().with_dataflow(sleepers::dataflow()).with_adapter(Timed::default()).build().unwrap();
    let refused = driver.execute::<sleepers::sum>(inputs! {}).unwrap_err();
    let refused = format!("{refused:?}");
    for node in ["first", "second", "third"] {
        let expect = format!("node `{node}` is async, and the `timed` adapter runs sync nodes only");
        assert!(refused.contains(&expect), "{refused}");
    }
}
