//! Every diagnostic as a user sees it, in a snapshot each.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::module_inception,
    reason = "a test may panic, and counts are small"
)]

mod rates;
mod shop;

use icosian::adapter::{AsyncGraphAdapter, AsyncRun, RunAbort};
use icosian::prelude::*;
use icosian::{AdapterSpec, BuildError, Value};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use crate::rates::rates as flow;
use crate::shop::{answers, questions, shop as other, twin};

/// Renders as a terminal of 100 columns without colour does.
fn rendered(error: &dyn Diagnostic) -> String {
    let theme = GraphicalTheme::unicode_nocolor();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    let mut text = String::new();
    handler.render_report(&mut text, error).expect("writing to a string does not fail");
    text
}

macro_rules! check {
    ($name:expr, $error:expr) => {
        insta::assert_snapshot!($name, rendered(&$error))
    };
}

fn driver() -> Driver {
    Driver::builder().with_dataflow(flow::dataflow()).build().expect("the dataflow is fine")
}

fn async_driver() -> AsyncDriver {
    AsyncDriver::builder().with_dataflow(flow::dataflow()).build().expect("the dataflow is fine")
}

fn built(flows: impl IntoIterator<Item = Dataflow>) -> Result<Driver, BuildError> {
    flows.into_iter().fold(Driver::builder(), icosian::Builder::with_dataflow).build()
}

#[test]
fn a_missing_input_names_the_nodes_that_ask_for_it() {
    check!("missing_input", driver().execute_named(["broken"], inputs! {}).unwrap_err());
}

#[tokio::test]
async fn a_misspelt_input_is_told_with_the_one_that_was_meant() {
    let inputs = inputs! { rates_url: "http://localhost", curency: "EUR" };
    check!("misspelt_input", async_driver().execute::<flow::report>(inputs).await.unwrap_err());
}

#[tokio::test]
async fn a_wrong_input_type_names_who_asks_for_which() {
    let inputs = inputs! { rates_url: 3_u64, currency: "EUR", limit: 3_i32 };
    check!("wrong_input_type", async_driver().execute::<flow::report>(inputs).await.unwrap_err());
}

#[test]
fn an_unknown_output_is_told_with_the_one_that_was_meant() {
    check!("unknown_output", driver().execute_named(["brokn", "nothing"], inputs! {}).unwrap_err());
}

#[test]
fn an_unknown_override_is_told_with_the_one_that_was_meant() {
    let inputs = inputs! { currency: "EUR" }.overriding_named("fetchd", Value::new(1.0));
    check!("unknown_override", driver().execute_named(["broken"], inputs).unwrap_err());
}

#[test]
fn a_duplicate_node_shows_both_files() {
    check!("duplicate_node", built([flow::dataflow(), twin::dataflow()]).unwrap_err());
}

#[test]
fn a_cycle_across_dataflows_shows_every_edge() {
    check!("cycle", built([questions::dataflow(), answers::dataflow()]).unwrap_err());
}

#[test]
fn edge_type_mismatches_and_conflicting_inputs_come_together() {
    check!("type_mismatch", built([flow::dataflow(), other::dataflow()]).unwrap_err());
}

#[test]
fn a_config_value_of_the_wrong_type_is_told_at_build() {
    let builder = Driver::builder().with_dataflow(flow::dataflow()).with_config(config! { "fetched": "two" });
    check!("wrong_config_type", builder.build().unwrap_err());
}

#[test]
fn an_input_that_is_config_or_a_node_is_refused() {
    let builder =
        Driver::builder().with_dataflow(flow::dataflow()).with_config(config! { "currency": "EUR" });
    let inputs = inputs! { currency: "USD", doubled: 2.0 };
    check!("input_is_config_or_node", builder.build().unwrap().execute::<flow::broken>(inputs).unwrap_err());
}

#[test]
fn async_nodes_under_a_sync_adapter_are_all_named() {
    let inputs = inputs! { rates_url: "http://localhost", currency: "EUR" };
    check!("async_nodes", driver().execute::<flow::report>(inputs).unwrap_err());
}

#[test]
fn a_future_under_a_sync_adapter_is_refused() {
    let currency = Input::future(async { "EUR".to_owned() });
    check!("future_input", driver().execute::<flow::broken>(inputs! { currency }).unwrap_err());
}

#[test]
fn a_value_that_is_not_clone_is_not_taken_twice() {
    let inputs = inputs! { rates_url: "http://localhost" };
    check!("moved_value", driver().execute::<(flow::summed, flow::drained)>(inputs).unwrap_err());
}

#[test]
fn an_output_that_is_not_serializable_is_refused_before_anything_runs() {
    let inputs = inputs! { rates_url: "http://localhost" };
    check!("output_refused", driver().execute_with(&JsonObject, ["table"], inputs).unwrap_err());
}

#[test]
fn an_output_that_is_not_clone_is_not_given_twice() {
    let inputs = inputs! { rates_url: "http://localhost" };
    check!("asked_twice", driver().execute::<(flow::table, flow::table)>(inputs).unwrap_err());
}

#[test]
fn typed_output_of_a_replaced_node_is_refused() {
    let text = icosian::Node::sync(icosian::Outline::new("broken"), |_| Ok("text".to_owned()));
    let other = Dataflow::new("other").with_node(text);
    let builder =
        Driver::builder().with_dataflow(flow::dataflow()).with_dataflow(other).allow_module_overrides();
    check!("wrong_output_type", builder.build().unwrap().execute::<flow::broken>(inputs! {}).unwrap_err());
}

#[test]
fn all_that_is_wrong_with_an_execution_comes_in_one_report() {
    let inputs = inputs! { rates_url: 3_u64, curency: "EUR", doubled: 2.0 };
    check!("everything", driver().execute_named(["report", "broken", "repport"], inputs).unwrap_err());
}

#[tokio::test]
async fn a_failing_node_tells_its_place_its_error_and_the_way_to_the_output() {
    let inputs = inputs! { rates_url: "http://localhost", currency: "EUR" };
    check!("node_failed", async_driver().execute::<flow::report>(inputs).await.unwrap_err());
}

#[test]
fn a_panicking_node_is_an_error_that_names_it() {
    check!("node_panicked", driver().execute::<flow::broken>(inputs! { currency: "EUR" }).unwrap_err());
}

#[tokio::test]
async fn a_failing_future_input_is_an_error_that_names_it() {
    let rates_url = Input::try_future(async { Err::<String, _>("no address") });
    let inputs = inputs! { rates_url, currency: "EUR" };
    check!("input_failed", async_driver().execute::<flow::report>(inputs).await.unwrap_err());
}

/// An adapter that runs nothing, and one that fails.
#[derive(Debug)]
struct Idle(Option<&'static str>);

#[icosian::adapter::async_trait]
impl AsyncGraphAdapter for Idle {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("idle").polls_futures()
    }

    async fn run(&self, _run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        self.0.map_or(Ok(()), |error| Err(RunAbort::adapter(error)))
    }
}

#[tokio::test]
async fn an_adapter_that_fails_is_told_apart_from_a_node() {
    for (name, error) in [("adapter_ended_early", None), ("adapter_failed", Some("the cluster is gone"))] {
        let driver = AsyncDriver::under(Idle(error)).with_dataflow(flow::dataflow()).build().unwrap();
        let inputs = inputs! { rates_url: "http://localhost", currency: "EUR" };
        check!(name, driver.execute::<flow::report>(inputs).await.unwrap_err());
    }
}

#[tokio::test(start_paused = true)]
async fn a_node_and_an_execution_that_take_too_long_are_told() {
    let adapter = icosian::adapter::TokioAdapter::default();
    let second = std::time::Duration::from_secs(1);
    for (name, adapter) in [
        ("node_timed_out", adapter.clone().with_node_timeout(second)),
        ("deadline_exceeded", adapter.with_deadline(second)),
    ] {
        let driver = AsyncDriver::under(adapter).with_dataflow(slow::dataflow()).build().unwrap();
        check!(name, driver.execute::<slow::answer>(inputs! {}).await.unwrap_err());
    }
}

/// A node that takes its time.
#[dataflow]
pub(crate) mod slow {
    pub async fn question() -> u64 {
        std::future::pending().await
    }

    pub fn answer(question: u64) -> u64 {
        question
    }
}

#[test]
fn collected_failures_are_told_together() {
    use icosian::ErrorPolicy::CollectAll;
    let driver = Driver::builder().with_dataflow(unlucky::dataflow()).with_error_policy(CollectAll);
    let driver = driver.build().unwrap();
    check!("failures_collected", driver.execute::<unlucky::total>(inputs! {}).unwrap_err());
}

/// Two nodes that fail, and one that needs both.
#[dataflow]
pub(crate) mod unlucky {
    pub fn rates() -> Result<f64, std::num::ParseFloatError> {
        "1,5".parse()
    }

    pub fn amount() -> f64 {
        panic!("no amount")
    }

    pub fn total(rates: f64, amount: f64) -> f64 {
        rates * amount
    }
}

/// A hook without ink.
#[derive(Debug)]
struct Dry;

impl icosian::Hook for Dry {
    fn name(&self) -> &'static str {
        "log"
    }

    fn before_node(&self, _: &icosian::NodeInfo<'_>) -> Result<(), icosian::BoxError> {
        Err("no ink".into())
    }
}

#[test]
fn a_hook_that_fails_and_a_cancelled_execution_are_told_apart_from_a_node() {
    let driver = Driver::builder().with_dataflow(unlucky::dataflow()).with_hook(Dry).build().unwrap();
    check!("hook_failed", driver.execute::<unlucky::total>(inputs! {}).unwrap_err());
    let driver = Driver::builder().with_dataflow(unlucky::dataflow()).build().unwrap();
    let context = RunContext::new();
    context.cancel();
    check!("cancelled", driver.execute::<unlucky::total>(inputs! {}.with_context(context)).unwrap_err());
}

#[tokio::test]
async fn a_group_that_nobody_limits_is_refused() {
    let query = icosian::Outline::new("query").grouped(icosian::Group::new("database"));
    let query = icosian::Node::sync(query, |_| Ok(1_u64));
    let flow = || Dataflow::new("queries").with_node(query.clone());
    let driver = AsyncDriver::builder().with_dataflow(flow()).build().unwrap();
    check!("group_without_limit", driver.execute_named(["query"], inputs! {}).await.unwrap_err());
    let driver = Driver::builder().with_dataflow(flow()).build().unwrap();
    check!("group_under_sync_adapter", driver.execute_named(["query"], inputs! {}).unwrap_err());
}

#[test]
fn debug_tells_everything_as_text() {
    let inputs = inputs! { rates_url: 3_u64, doubled: 2.0 };
    let refused = driver().execute_named(["report", "repport"], inputs).unwrap_err();
    insta::assert_snapshot!("debug", format!("{refused:?}"));
}
