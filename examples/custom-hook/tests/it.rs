//! Tests of the hook and the validator.

use std::error::Error;
use std::time::Duration;

use custom_hook::{Documented, NodeCost, TimeBudget, pages};
use icosian::prelude::*;

fn page(milliseconds: u64) -> pages::RankingInputs {
    pages::RankingInputs { url: "a.example".to_owned(), latency: Duration::from_millis(milliseconds) }
}

#[tokio::test(start_paused = true)]
async fn execution_within_the_budget_succeeds() {
    let budget = TimeBudget::new(Duration::from_secs(1));
    let driver = AsyncDriver::builder().with_dataflow(pages::dataflow()).with_hook(budget.clone()).build();
    let driver = driver.expect("the dataflow is valid");
    for _ in 0..2 {
        driver.execute::<pages::ranking>(page(400)).await.expect("it is within the budget");
    }
    let NodeCost { runs, run_time, .. } = budget.cost_of("page");
    assert_eq!((runs, run_time), (2, Duration::from_millis(800)));
}

#[tokio::test(start_paused = true)]
async fn execution_above_the_budget_fails() {
    let budget = TimeBudget::new(Duration::from_millis(30));
    let driver = AsyncDriver::builder().with_dataflow(pages::dataflow()).with_hook(budget.clone()).build();
    let error = driver.expect("the dataflow is valid").execute::<pages::ranking>(page(40)).await;
    let error = error.expect_err("the page is slow");
    assert_eq!(error.to_string(), "hook `time-budget` failed");
    let cause = error.source().map(ToString::to_string);
    assert_eq!(cause.as_deref(), Some("the nodes ran 40ms, and the budget is 30ms"));
    assert_eq!(budget.cost_of("ranking").runs, 0);
}

#[test]
fn undocumented_function_is_refused() {
    #[dataflow]
    mod undocumented {
        pub fn one() -> u64 {
            1
        }
    }

    let error =
        AsyncDriver::builder().with_dataflow(undocumented::dataflow()).with_validator(Documented).build();
    let message = error.expect_err("`one` has no documentation").to_string();
    assert_eq!(message, "validator `Documented` refuses node `one`: it has no documentation");
}
