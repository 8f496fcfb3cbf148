//! `assert_lint_clean!` in tests.

use std::panic::{AssertUnwindSafe, catch_unwind};

use icosian_check::{Check, assert_lint_clean};
use icosian_core::{Dataflow, Node, Outline};
use icosian_diagnostics::Location;
use icosian_driver::{AsyncDriver, Driver};

fn rates() -> Dataflow {
    let rate = Outline::new("rate").with_location(Location::new("src/rates.rs", 4, 18, 4));
    Dataflow::new("rates").with_node(Node::future(rate, |_| async { Ok(1.5) }))
}

#[test]
fn valid_dataflow_is_clean() {
    assert_lint_clean!(rates());
    assert_lint_clean!(rates(), AsyncDriver::builder());
    assert_lint_clean!(Check::new(AsyncDriver::builder().with_dataflow(rates())).with_outputs(["rate"]));
}

#[test]
fn panic_lists_code_location_and_help() {
    let failed = catch_unwind(AssertUnwindSafe(|| assert_lint_clean!(rates(), Driver::builder())));
    let payload = failed.expect_err("a sync adapter runs no async node");
    let message = payload.downcast_ref::<String>().expect("it is text");
    insta::assert_snapshot!(message, @r"
    the dataflow has 1 finding:

    ICO0101 async-node-under-sync-adapter: node `rate` is async, but the `sync` adapter runs only sync nodes
      at src/rates.rs:4:18: this node is async
      help: execute `rate` with an `AsyncDriver`, or override `rate`
    ");
}
