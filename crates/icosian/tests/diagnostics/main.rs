//! A snapshot of each rendered diagnostic.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::module_inception,
    reason = "a test may panic, and counts are small"
)]

mod crawl;
mod rates;
mod shop;

use icosian::adapter::{AsyncGraphAdapter, AsyncRun, RunAbort};
use icosian::prelude::*;
use icosian::{AdapterSpec, BuildError, Value};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use crate::rates::rates as flow;
use crate::shop::{answers, questions, shop as other, twin};

/// Renders for a terminal of 100 columns without asyncness.
fn render(error: &dyn Diagnostic) -> String {
    let theme = GraphicalTheme::unicode_nocolor();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    let mut text = String::new();
    handler.render_report(&mut text, error).expect("writing to a string does not fail");
    text
}

macro_rules! check {
    ($name:expr, $error:expr) => {
        insta::assert_snapshot!($name, render(&$error))
    };
}

fn driver() -> Driver {
    Driver::builder().with_dataflow(flow::dataflow()).build().expect("the dataflow is fine")
}

fn async_driver() -> AsyncDriver {
    AsyncDriver::builder().with_dataflow(flow::dataflow()).build().expect("the dataflow is fine")
}

fn build(flows: impl IntoIterator<Item = Dataflow>) -> Result<Driver, BuildError> {
    flows.into_iter().fold(Driver::builder(), icosian::Builder::with_dataflow).build()
}

#[test]
fn missing_input_names_its_readers() {
    check!("missing_input", driver().execute_named(["broken"], inputs! {}).unwrap_err());
}

#[tokio::test]
async fn misspelt_input_has_suggestion() {
    let inputs = inputs! { rates_url: "http://localhost", curency: "EUR" };
    check!("misspelt_input", async_driver().execute::<flow::report>(inputs).await.unwrap_err());
}

#[tokio::test]
async fn wrong_input_type_names_readers_and_types() {
    let inputs = inputs! { rates_url: 3_u64, currency: "EUR", limit: 3_i32 };
    check!("wrong_input_type", async_driver().execute::<flow::report>(inputs).await.unwrap_err());
}

#[test]
fn unknown_output_has_suggestion() {
    check!("unknown_output", driver().execute_named(["brokn", "nothing"], inputs! {}).unwrap_err());
}

#[test]
fn unknown_override_has_suggestion() {
    let inputs = inputs! { currency: "EUR" }.overriding_named("fetchd", Value::new(1.0));
    check!("unknown_override", driver().execute_named(["broken"], inputs).unwrap_err());
}

#[test]
fn duplicate_node_shows_both_files() {
    check!("duplicate_node", build([flow::dataflow(), twin::dataflow()]).unwrap_err());
}

#[test]
fn cycle_across_dataflows_shows_every_edge() {
    check!("cycle", build([questions::dataflow(), answers::dataflow()]).unwrap_err());
}

#[test]
fn edge_type_mismatches_and_conflicting_inputs_are_reported_together() {
    check!("type_mismatch", build([flow::dataflow(), other::dataflow()]).unwrap_err());
}

#[test]
fn config_value_of_wrong_type_fails_build() {
    let builder = Driver::builder().with_dataflow(flow::dataflow()).with_config(config! { "fetched": "two" });
    check!("wrong_config_type", builder.build().unwrap_err());
}

#[test]
fn input_that_is_config_or_node_is_refused() {
    let builder =
        Driver::builder().with_dataflow(flow::dataflow()).with_config(config! { "currency": "EUR" });
    let inputs = inputs! { currency: "USD", doubled: 2.0 };
    check!("input_is_config_or_node", builder.build().unwrap().execute::<flow::broken>(inputs).unwrap_err());
}

#[test]
fn all_async_nodes_under_sync_adapter_are_named() {
    let inputs = inputs! { rates_url: "http://localhost", currency: "EUR" };
    check!("async_nodes", driver().execute::<flow::report>(inputs).unwrap_err());
}

#[test]
fn future_input_under_sync_adapter_is_refused() {
    let currency = Input::future(async { "EUR".to_owned() });
    check!("future_input", driver().execute::<flow::broken>(inputs! { currency }).unwrap_err());
}

#[test]
fn value_that_is_not_clone_has_one_consumer() {
    let inputs = inputs! { rates_url: "http://localhost" };
    check!("moved_value", driver().execute::<(flow::summed, flow::drained)>(inputs).unwrap_err());
}

#[test]
fn output_that_is_not_serializable_is_refused_before_run() {
    let inputs = inputs! { rates_url: "http://localhost" };
    check!("output_refused", driver().execute_with(&JsonObject, ["table"], inputs).unwrap_err());
}

#[test]
fn output_that_is_not_clone_is_returned_once() {
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
fn all_errors_of_request_are_in_one_report() {
    let inputs = inputs! { rates_url: 3_u64, curency: "EUR", doubled: 2.0 };
    check!("everything", driver().execute_named(["report", "broken", "repport"], inputs).unwrap_err());
}

#[tokio::test]
async fn failed_node_has_location_error_and_path() {
    let inputs = inputs! { rates_url: "http://localhost", currency: "EUR" };
    check!("node_failed", async_driver().execute::<flow::report>(inputs).await.unwrap_err());
}

#[test]
fn panicked_node_is_named() {
    check!("node_panicked", driver().execute::<flow::broken>(inputs! { currency: "EUR" }).unwrap_err());
}

#[tokio::test]
async fn failed_future_input_is_named() {
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
async fn failed_adapter_is_named() {
    for (name, error) in [("adapter_ended_early", None), ("adapter_failed", Some("the cluster is gone"))] {
        let driver = AsyncDriver::under(Idle(error)).with_dataflow(flow::dataflow()).build().unwrap();
        let inputs = inputs! { rates_url: "http://localhost", currency: "EUR" };
        check!(name, driver.execute::<flow::report>(inputs).await.unwrap_err());
    }
}

#[tokio::test(start_paused = true)]
async fn node_timeout_and_deadline_are_reported() {
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

/// A node that never ends.
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
fn collected_failures_are_in_one_report() {
    use icosian::ErrorPolicy::CollectAll;
    let driver = Driver::builder().with_dataflow(unlucky::dataflow()).with_error_policy(CollectAll);
    let driver = driver.build().unwrap();
    check!("failures_collected", driver.execute::<unlucky::total>(inputs! {}).unwrap_err());
}

/// Two nodes that fail, and a node that needs both.
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

/// A function whose output fails its checks, and a function whose fallback fails.
#[dataflow]
pub(crate) mod decorated {
    #[check_output(range = 0..=9, importance = "fail")]
    pub fn digit() -> u64 {
        12
    }

    #[fallback(spare)]
    pub fn rate() -> Result<f64, std::num::ParseFloatError> {
        "1,5".parse()
    }

    fn spare() -> Result<f64, std::num::ParseFloatError> {
        "2,5".parse()
    }
}

#[test]
fn failures_of_decorators_have_separate_codes() {
    let driver = Driver::builder().with_dataflow(decorated::dataflow()).build().unwrap();
    check!("check_failed", driver.execute::<decorated::digit>(inputs! {}).unwrap_err());
    check!("fallback_failed", driver.execute::<decorated::rate>(inputs! {}).unwrap_err());
}

/// A hook that always fails.
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
fn failed_hook_and_cancellation_are_reported() {
    let driver = Driver::builder().with_dataflow(unlucky::dataflow()).with_hook(Dry).build().unwrap();
    check!("hook_failed", driver.execute::<unlucky::total>(inputs! {}).unwrap_err());
    let driver = Driver::builder().with_dataflow(unlucky::dataflow()).build().unwrap();
    let context = RunContext::new();
    context.cancel();
    check!("cancelled", driver.execute::<unlucky::total>(inputs! {}.with_context(context)).unwrap_err());
}

#[tokio::test]
async fn group_without_limit_is_refused() {
    let query = icosian::Outline::new("query").with_group(icosian::Group::new("database"));
    let query = icosian::Node::sync(query, |_| Ok(1_u64));
    let flow = || Dataflow::new("queries").with_node(query.clone());
    let driver = AsyncDriver::builder().with_dataflow(flow()).build().unwrap();
    check!("group_without_limit", driver.execute_named(["query"], inputs! {}).await.unwrap_err());
    let driver = Driver::builder().with_dataflow(flow()).build().unwrap();
    check!("group_under_sync_adapter", driver.execute_named(["query"], inputs! {}).unwrap_err());
}

#[test]
fn debug_prints_all_errors_as_text() {
    let inputs = inputs! { rates_url: 3_u64, doubled: 2.0 };
    let refused = driver().execute_named(["report", "repport"], inputs).unwrap_err();
    insta::assert_snapshot!("debug", format!("{refused:?}"));
}

#[test]
fn failed_item_names_the_item_and_the_node() {
    let driver = build([crawl::crawl::dataflow()]).unwrap();
    let urls = ["https://5", "https://seven", "https://9"].map(str::to_owned).to_vec();
    check!("item_failed", driver.execute::<crawl::crawl::total>(inputs! { urls: urls }).unwrap_err());
}

#[test]
fn node_of_a_block_is_requested_as_collected() {
    let driver = build([crawl::crawl::dataflow()]).unwrap();
    let urls = vec!["https://5".to_owned()];
    check!("block_output", driver.execute::<crawl::crawl::words>(inputs! { urls: urls }).unwrap_err());
}

#[test]
fn faults_of_blocks_have_labels() {
    check!("collects_own_block", build([crawl::crawl::dataflow(), crawl::shares::dataflow()]).unwrap_err());
    check!("two_expansions", build([crawl::crawl::dataflow(), crawl::pairs::dataflow()]).unwrap_err());
    check!("collect_without_expand", build([crawl::crawl::dataflow(), crawl::once::dataflow()]).unwrap_err());
}
