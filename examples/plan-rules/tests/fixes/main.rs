//! Applies each fix to an example, then compares the outputs of the example before and after the fix.
//!
//! `after` contains the linter's result for `before`. All files compile, except those in `before` with faults that the compiler
//! rejects.
#![allow(
    clippy::unwrap_used,
    clippy::unnecessary_wraps,
    clippy::unused_async,
    missing_docs,
    unreachable_pub,
    reason = "a test with intentional faults"
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
use icosian_lint::{FixScope, Linter, Settings};
use icosian_rules::{Level, rules};

#[test]
fn each_fix_produces_the_file_in_after() {
    let settings = Settings::parse("icosian.toml", "adapter = \"tokio\"").unwrap();
    let linter = Linter::new(settings.with_level("async-without-await", Level::Warn));
    for metadata in rules().iter().map(|rule| rule.metadata()).filter(|metadata| metadata.fix.is_some()) {
        let file = |folder| format!("tests/fixes/{folder}/{}.rs", metadata.code.to_lowercase());
        let read = |folder| {
            let file = file(folder);
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"))
        };
        let rule_only = linter.clone();
        let found = rule_only.lint_text(file("before"), read("before"));
        assert!(
            found.diagnoses().iter().any(|it| it.code() == metadata.code),
            "{}: {found:?}",
            metadata.code
        );
        // `async-without-await` is off by default, because it would also fix the examples of other rules.
        let linter = if metadata.code == "ICO0206" { linter.clone() } else { default_linter() };
        let (text, fixed) = linter.fix_text(&file("before"), read("before"), FixScope::All);
        assert_eq!(text, read("after"), "{}", metadata.code);
        assert!(fixed.applied > 0 && fixed.reverted.is_empty(), "{}: {fixed:?}", metadata.code);
    }
}

fn default_linter() -> Linter {
    Linter::new(Settings::parse("icosian.toml", "adapter = \"tokio\"").unwrap())
}

/// Executes a dataflow whose node `waited` blocks until the channel has a value, and returns the output `total`.
///
/// The value comes from the node `sent`, or with `is_sent_before` from this function.
async fn execute_total(dataflow: Dataflow, is_sent_before: bool) -> u64 {
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
async fn offloading_keeps_the_outputs() {
    for dataflow in [
        before::ico0201::nodes::dataflow(),
        after::ico0201::nodes::dataflow(),
        before::ico0212::nodes::dataflow(),
        after::ico0212::nodes::dataflow(),
    ] {
        assert_eq!(execute_total(dataflow, true).await, 14);
    }
}

/// Without the fix this test would hang: `waited` blocks the only thread of the runtime, so `sent` cannot run.
#[tokio::test(flavor = "current_thread")]
async fn offloaded_node_does_not_block_its_sibling() {
    for dataflow in [after::ico0201::nodes::dataflow(), after::ico0212::nodes::dataflow()] {
        let total = tokio::time::timeout(Duration::from_mins(1), execute_total(dataflow, false));
        assert_eq!(total.await.expect("the sibling runs"), 14);
    }
}

#[tokio::test]
async fn other_fixes_keep_the_outputs() {
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

/// Checks that the fix of ICO0206 produces a sync node, which runs without a runtime.
#[test]
fn fixed_sync_node_runs_without_a_runtime() {
    let driver = Driver::builder().with_dataflow(after::ico0206::nodes::dataflow()).build().unwrap();
    let mut outputs = driver.execute_named(["total"], inputs! { left: 1_u64, right: 2_u64 }).unwrap();
    assert_eq!(outputs.take::<u64>("total").unwrap(), 3);
}
