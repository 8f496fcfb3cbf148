//! Applies each fix to an example, then runs the example before and after it.
//!
//! `after` has the linter's result for `before`. Both compile here, except for faults that the compiler refuses.
#![allow(
    clippy::unwrap_used,
    clippy::unnecessary_wraps,
    clippy::unused_async,
    missing_docs,
    unreachable_pub,
    reason = "a test; faults on purpose"
)]

mod before {
    pub(super) mod ico0201;
    pub(super) mod ico0206;
    pub(super) mod ico0212;
    pub(super) mod ico1002;
}

mod after {
    pub(super) mod ico0201;
    pub(super) mod ico0206;
    pub(super) mod ico0212;
    pub(super) mod ico0404;
    pub(super) mod ico0405;
    pub(super) mod ico0406;
    pub(super) mod ico0410;
    pub(super) mod ico1002;
}

use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::Duration;

use icosian::prelude::*;
use icosian_lint::{Linter, Settings};
use icosian_rules::{Level, rules};

#[test]
fn each_fix_makes_the_code_that_runs_here() {
    let settings = Settings::parse("icosian.toml", "adapter = \"tokio\"").unwrap();
    let linter = Linter::new(settings.with_level("async-without-await", Level::Warn));
    for card in rules().iter().map(|rule| rule.card()).filter(|card| card.fix.is_some()) {
        let file = |folder| format!("tests/fixes/{folder}/{}.rs", card.code.to_lowercase());
        let read = |folder| {
            let file = file(folder);
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"))
        };
        let rule_only = linter.clone();
        let found = rule_only.lint_text(file("before"), read("before"));
        assert!(found.diagnoses().iter().any(|it| it.code() == card.code), "{}: {found:?}", card.code);
        // `async-without-await` is off by default: it would fix the example of another rule as well.
        let linter = if card.code == "ICO0206" { linter.clone() } else { quiet() };
        let (text, fixed) = linter.fix_text(&file("before"), read("before"), true);
        assert_eq!(text, read("after"), "{}", card.code);
        assert!(fixed.applied > 0 && fixed.undone.is_empty(), "{}: {fixed:?}", card.code);
    }
}

fn quiet() -> Linter {
    Linter::new(Settings::parse("icosian.toml", "adapter = \"tokio\"").unwrap())
}

/// Executes a dataflow whose node `waited` blocks until its sibling `sent` runs, or until the channel has a value.
async fn total_of(dataflow: Dataflow, is_sent_before: bool) -> u64 {
    let driver = AsyncDriver::builder().with_dataflow(dataflow).build().unwrap();
    let (sender, receiver) = channel::<u64>();
    if is_sent_before {
        sender.send(7).unwrap();
    }
    let inputs = inputs! { sender: sender, signals: Mutex::new(receiver) };
    let mut outputs = driver.execute_named(["total"], inputs).await.unwrap();
    outputs.take::<u64>("total").unwrap()
}

#[tokio::test]
async fn offloaded_nodes_have_the_same_values() {
    for dataflow in [
        before::ico0201::nodes::dataflow(),
        after::ico0201::nodes::dataflow(),
        before::ico0212::nodes::dataflow(),
        after::ico0212::nodes::dataflow(),
    ] {
        assert_eq!(total_of(dataflow, true).await, 14);
    }
}

/// Before the fix this would wait forever: the only thread of the runtime is blocked, so the sibling cannot send.
#[tokio::test(flavor = "current_thread")]
async fn siblings_of_offloaded_nodes_make_progress() {
    for dataflow in [after::ico0201::nodes::dataflow(), after::ico0212::nodes::dataflow()] {
        let total = tokio::time::timeout(Duration::from_mins(1), total_of(dataflow, false));
        assert_eq!(total.await.expect("the sibling runs"), 14);
    }
}

#[tokio::test]
async fn other_fixes_keep_the_values() {
    for (dataflow, inputs) in [
        (before::ico0206::nodes::dataflow(), inputs! { left: 1_u64, right: 2_u64 }),
        (after::ico0206::nodes::dataflow(), inputs! { left: 1_u64, right: 2_u64 }),
        (nodes![after::ico0404::total], inputs! { left: 1_u64, right: 2_u64 }),
        (after::ico0405::nodes::dataflow(), inputs! { left: 1_u64, right: 2_u64 }),
        (after::ico0406::nodes::dataflow(), inputs! { left: 1_u64, right: 2_u64 }),
        (after::ico0410::nodes::dataflow(), inputs! { left: 1_u64 }),
        (before::ico1002::nodes::dataflow(), inputs! { left: 1_u64, right: 2_u64 }),
        (after::ico1002::nodes::dataflow(), inputs! { left: 1_u64, right: 2_u64 }),
    ] {
        let driver = AsyncDriver::builder().with_dataflow(dataflow).build().unwrap();
        let mut outputs = driver.execute_named(["total"], inputs).await.unwrap();
        assert_eq!(outputs.take::<u64>("total").unwrap(), 3);
    }
}

/// A sync node needs no async adapter.
#[test]
fn sync_nodes_run_without_a_runtime() {
    let driver = Driver::builder().with_dataflow(after::ico0206::nodes::dataflow()).build().unwrap();
    let mut outputs = driver.execute_named(["total"], inputs! { left: 1_u64, right: 2_u64 }).unwrap();
    assert_eq!(outputs.take::<u64>("total").unwrap(), 3);
}
