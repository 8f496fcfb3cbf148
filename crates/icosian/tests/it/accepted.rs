//! Parameters of type `Result<&T, &NodeError>`, on sync and async functions, under each adapter.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::Poll;

use icosian::adapter::{SyncAdapter, TokioAdapter};
use icosian::expand::ItemError;
use icosian::prelude::*;
use icosian::{ErrorPolicy, NodeError};
use icosian_rayon::RayonAdapter;

#[derive(Debug, thiserror::Error)]
#[error("there is no user `{0}`")]
pub(crate) struct NoUser(String);

/// Describes an argument.
pub(crate) fn describe<T: std::fmt::Debug + ?Sized>(argument: Result<&T, &NodeError>) -> String {
    match argument {
        Ok(value) => format!("{value:?}"),
        Err(error) => {
            let upstream = error.upstream().expect("another node failed");
            assert!(upstream.location().is_some());
            format!("<{error} at {}>", upstream.path().join(" > "))
        }
    }
}

fn look_up(user: &str) -> Result<String, NoUser> {
    match user {
        "nobody" => Err(NoUser(user.to_owned())),
        "bug" => std::panic::resume_unwind(Box::new("index out of bounds")),
        _ => Ok(format!("{user}@example.com")),
    }
}

#[dataflow(outputs(report, strict))]
pub(crate) mod blocking {
    use super::{NoUser, describe, look_up};
    use icosian::{BoxError, NodeError};

    pub fn profile(user: &str) -> Result<String, NoUser> {
        look_up(user)
    }
    pub fn name(profile: &str) -> String {
        profile.to_uppercase()
    }
    pub fn letters(name: String) -> Vec<char> {
        name.chars().take(2).collect()
    }
    pub fn count(user: &str) -> usize {
        user.len()
    }
    pub fn report(
        profile: Result<&str, &NodeError>,
        letters: std::result::Result<&[char], &icosian::NodeError>,
        count: Result<&usize, &NodeError>,
        user: Result<&String, &NodeError>,
    ) -> String {
        [describe(profile), describe(letters), describe(count), describe(user)].join(", ")
    }
    /// Accepts the failure and propagates it.
    pub fn strict(letters: Result<&[char], &NodeError>) -> Result<usize, BoxError> {
        Ok(letters?.len())
    }
}

#[dataflow(outputs(report, strict))]
pub(crate) mod waiting {
    use super::{NoUser, describe, look_up};
    use icosian::{BoxError, NodeError};
    use tokio::task::yield_now;

    pub async fn profile(user: &str) -> Result<String, NoUser> {
        yield_now().await;
        look_up(user)
    }
    pub async fn name(profile: &str) -> String {
        yield_now().await;
        profile.to_uppercase()
    }
    pub async fn letters(name: String) -> Vec<char> {
        name.chars().take(2).collect()
    }
    pub async fn count(user: &str) -> usize {
        user.len()
    }
    pub async fn report(
        profile: Result<&str, &NodeError>,
        letters: Result<&[char], &NodeError>,
        count: Result<&usize, &NodeError>,
        user: Result<&String, &NodeError>,
    ) -> String {
        yield_now().await;
        [describe(profile), describe(letters), describe(count), describe(user)].join(", ")
    }
    pub async fn strict(letters: Result<&[char], &NodeError>) -> Result<usize, BoxError> {
        yield_now().await;
        Ok(letters?.len())
    }
}

static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
});

static RAYON: LazyLock<RayonAdapter> =
    LazyLock::new(|| RayonAdapter::with_threads(NonZeroUsize::new(2).unwrap()).unwrap());

/// Executes `wanted` under each adapter that runs the dataflow, and returns the common result.
fn execute(dataflow: fn() -> Dataflow, wanted: &str, inputs: impl Fn() -> Inputs) -> Result<String, String> {
    let mut results = Vec::new();
    let shown = |result: Result<NamedValues, ExecuteError>| match result {
        Ok(values) => Ok(values.get::<String>(wanted).expect("the output is a text").clone()),
        // With `CollectAll`, the failures that were accepted come before the fatal one.
        Err(ExecuteError::Failed(failures)) => {
            Err(failures.iter().map(|failure| failure.kind().to_string()).last().unwrap())
        }
        Err(other) => panic!("{other:?}"),
    };
    let nodes = dataflow();
    let mut functions = nodes.functions().iter();
    if functions.all(|function| function.node().outline().asyncness() == icosian::Asyncness::Sync) {
        let run = |builder: icosian::Builder<dyn icosian::adapter::GraphAdapter>| {
            let driver = builder.with_dataflow(dataflow()).build().unwrap();
            // A later run reuses the memory of an earlier one.
            shown(driver.execute_named([wanted], inputs())).ok();
            shown(driver.execute_named([wanted], inputs()))
        };
        results.push(("sync", run(Driver::builder().with_adapter(SyncAdapter))));
        results.push(("rayon", run(Driver::builder().with_adapter(RAYON.clone()))));
    }
    let adapters = [
        ("tokio", TokioAdapter::default()),
        ("tokio with a limit", TokioAdapter::default().with_max_concurrent_nodes(1)),
    ];
    for (name, adapter) in adapters {
        for policy in [ErrorPolicy::FailFast, ErrorPolicy::CollectAll] {
            let driver = AsyncDriver::under(adapter.clone()).with_dataflow(dataflow());
            let driver = driver.with_error_policy(policy).build().unwrap();
            RUNTIME.block_on(driver.execute_named([wanted], inputs())).ok();
            results.push((name, shown(RUNTIME.block_on(driver.execute_named([wanted], inputs())))));
        }
    }
    let (_, first) = results[0].clone();
    for (adapter, result) in results {
        assert_eq!(result, first, "{adapter}");
    }
    first
}

const TWINS: [fn() -> Dataflow; 2] = [blocking::dataflow, waiting::dataflow];

#[test]
fn consumer_receives_values_errors_and_panics() {
    for dataflow in TWINS {
        let report = |user: &'static str| execute(dataflow, "report", || inputs! { user: user.to_owned() });
        assert_eq!(report("ann").unwrap(), r#""ann@example.com", ['A', 'N'], 3, "ann""#);
        assert_eq!(
            report("nobody").unwrap(),
            "<node `profile` failed: there is no user `nobody` at profile>, \
             <node `profile` failed: there is no user `nobody` at profile > name > letters>, 6, \"nobody\""
        );
        assert_eq!(
            report("bug").unwrap(),
            "<node `profile` panicked: index out of bounds at profile>, \
             <node `profile` panicked: index out of bounds at profile > name > letters>, 3, \"bug\""
        );
    }
}

#[test]
fn declared_outputs_and_typed_requests_are_the_same() {
    let driver = Driver::builder().with_dataflow(blocking::dataflow()).build().unwrap();
    let report = driver.execute::<blocking::report>(blocking::ReportInputs { user: "ann".to_owned() });
    assert_eq!(report.unwrap(), r#""ann@example.com", ['A', 'N'], 3, "ann""#);
    let driver = AsyncDriver::builder().with_dataflow(waiting::dataflow()).build().unwrap();
    let report = driver.execute::<waiting::report>(waiting::ReportInputs { user: "ann".to_owned() });
    assert_eq!(RUNTIME.block_on(report).unwrap(), r#""ann@example.com", ['A', 'N'], 3, "ann""#);
}

#[test]
fn failure_that_a_requested_output_needs_is_an_error() {
    for dataflow in TWINS {
        let failed = execute(dataflow, "name", || inputs! { user: "nobody".to_owned() });
        assert_eq!(failed.unwrap_err(), "node `profile` failed");
    }
    let driver = Driver::builder().with_dataflow(blocking::dataflow()).build().unwrap();
    let both = driver.execute::<(blocking::report, blocking::name)>(inputs! { user: "nobody" });
    assert!(matches!(both, Err(ExecuteError::Failed(failures)) if failures.iter().count() == 1));
}

#[test]
fn consumer_can_propagate_the_error() {
    for dataflow in TWINS {
        let failed = execute(dataflow, "strict", || inputs! { user: "nobody".to_owned() });
        assert_eq!(failed.unwrap_err(), "node `strict` failed");
    }
    let driver = Driver::builder().with_dataflow(blocking::dataflow()).build().unwrap();
    let Err(ExecuteError::Failed(failures)) = driver.execute::<blocking::strict>(inputs! { user: "nobody" })
    else {
        panic!("it fails")
    };
    let Some(RunError::NodeFailed { source, .. }) = failures.first() else { panic!("{failures:?}") };
    assert_eq!(source.to_string(), "node `profile` failed: there is no user `nobody`");
    assert!(source.find::<NoUser, _>().is_some(), "the error of the other node is in the chain");
}

#[test]
fn overridden_node_config_value_and_input_are_values() {
    let expect = r#""x", ['Y'], 0, "nobody""#;
    for dataflow in TWINS {
        let report = execute(dataflow, "report", || {
            (inputs! { user: "nobody".to_owned() })
                .overriding_named("profile", Input::value("x".to_owned()))
                .overriding_named("letters", Input::value(vec!['Y']))
                .overriding_named("count", Input::value(0_usize))
        });
        assert_eq!(report.unwrap(), expect);
    }
    let config = config! { "profile": "x", letters: vec!['Y'], count: 0_usize };
    let driver = Driver::builder().with_dataflow(blocking::dataflow()).with_config(config).build().unwrap();
    assert_eq!(driver.execute::<blocking::report>(inputs! { user: "nobody" }).unwrap(), expect);
}

#[test]
fn future_input_that_fails_is_accepted() {
    let user = || Input::try_future(async { Err::<String, _>(NoUser("ann".to_owned())) });
    let driver = AsyncDriver::builder().with_dataflow(only_user::dataflow()).build().unwrap();
    let report = driver.execute::<only_user::greeting>(Inputs::new().with_input("user", user()));
    assert_eq!(
        RUNTIME.block_on(report).unwrap(),
        "the future of input `user` failed: there is no user `ann`"
    );
}

#[dataflow]
pub(crate) mod only_user {
    use icosian::NodeError;

    pub fn greeting(user: Result<&str, &NodeError>) -> String {
        user.map_or_else(ToString::to_string, |user| format!("hello {user}"))
    }
}

#[dataflow]
pub(crate) mod slow {
    use icosian::NodeError;
    use std::time::Duration;

    #[timeout("1s")]
    pub async fn remote() -> u64 {
        tokio::time::sleep(Duration::from_mins(1)).await;
        1
    }
    #[timeout("2s")]
    pub async fn stuck() -> Result<u64, String> {
        std::future::pending().await
    }
    pub async fn report(remote: Result<&u64, &NodeError>, stuck: Result<&u64, &NodeError>) -> String {
        let describe = |result: Result<&u64, &NodeError>| match result.map_err(NodeError::cause) {
            Err(NodeError::TimedOut(limit)) => format!("{limit:?}"),
            other => panic!("{other:?}"),
        };
        format!("{}, {}", describe(remote), describe(stuck))
    }
}

/// Counts the failed nodes.
#[derive(Debug, Default)]
struct FailedNodes(AtomicUsize);

#[icosian::async_trait]
impl icosian::AsyncHook for FailedNodes {
    async fn after_node(&self, _: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), icosian::BoxError> {
        if let icosian::NodeOutcome::Failed(_) = end.outcome() {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

#[test]
fn async_hooks_observe_an_accepted_failure() {
    for dataflow in TWINS {
        let failed_nodes = Arc::new(FailedNodes::default());
        let driver =
            AsyncDriver::builder().with_dataflow(dataflow()).with_async_hook(Arc::clone(&failed_nodes));
        let driver = driver.build().unwrap();
        let values = RUNTIME.block_on(driver.execute_named(["report"], inputs! { user: "nobody" })).unwrap();
        let report = values.get::<String>("report").unwrap();
        assert!(
            report.starts_with("<node `profile` failed: there is no user `nobody` at profile>, "),
            "{report}"
        );
        assert_eq!(failed_nodes.0.load(Ordering::Relaxed), 1);
    }
}

/// Fails after each failed node.
#[derive(Debug)]
struct Down;

#[icosian::async_trait]
impl icosian::AsyncHook for Down {
    fn name(&self) -> &'static str {
        "down"
    }

    async fn after_node(&self, _: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), icosian::BoxError> {
        let icosian::NodeOutcome::Failed(_) = end.outcome() else { return Ok(()) };
        Err("the hook is down".into())
    }
}

#[test]
fn async_hook_that_fails_after_an_accepted_failure_aborts_the_run() {
    for policy in [ErrorPolicy::FailFast, ErrorPolicy::CollectAll] {
        for dataflow in TWINS {
            let builder = AsyncDriver::builder().with_dataflow(dataflow()).with_error_policy(policy);
            let driver = builder.with_async_hook(Down).build().unwrap();
            let inputs = inputs! { user: "nobody" };
            let Err(ExecuteError::Failed(failures)) =
                RUNTIME.block_on(driver.execute_named(["report"], inputs))
            else {
                panic!("a hook fails")
            };
            let failures: Vec<_> = failures.iter().map(ToString::to_string).collect();
            assert_eq!(failures, ["node `profile` failed", "hook `down` failed"], "{policy:?}");
        }
    }
}

#[test]
fn timeouts_are_accepted() {
    let driver = AsyncDriver::builder().with_dataflow(slow::dataflow()).build().unwrap();
    let report = driver.execute::<slow::report>(inputs! {});
    assert_eq!(RUNTIME.block_on(report).unwrap(), "1s, 2s");
}

#[test]
fn dropped_execution_drops_the_consumer() {
    let driver = AsyncDriver::builder().with_dataflow(endless::dataflow()).build().unwrap();
    let token = Arc::new(());
    let mut execution = Box::pin(driver.execute::<endless::report>(inputs! { token: Arc::clone(&token) }));
    let polled = RUNTIME.block_on(async { futures::poll!(execution.as_mut()) });
    assert!(matches!(polled, Poll::Pending));
    assert!(Arc::strong_count(&token) > 1);
    drop(execution);
    assert_eq!(Arc::strong_count(&token), 1);
}

#[dataflow]
pub(crate) mod endless {
    use icosian::NodeError;
    use std::sync::Arc;

    pub fn broken() -> Result<u64, String> {
        Err("no luck".to_owned())
    }
    pub async fn report(broken: Result<&u64, &NodeError>, token: Arc<()>) -> u64 {
        assert_eq!(broken.unwrap_err().upstream().unwrap().node(), &"broken");
        std::future::pending::<()>().await;
        drop(token);
        1
    }
}

/// A dataflow whose nodes with decorators read failed nodes.
#[dataflow]
pub(crate) mod decorated {
    use icosian::NodeError;
    use std::sync::atomic::{AtomicUsize, Ordering};

    pub fn broken(input: u64) -> Result<u64, String> {
        Err(format!("no luck with {input}"))
    }
    #[check_output(range = 0..5)]
    pub fn large(input: u64) -> u64 {
        input + 10
    }
    #[extract_fields(left: u64, right: u64)]
    pub fn parts(broken: u64) -> Parts {
        Parts { left: broken, right: broken }
    }
    #[derive(Clone, Copy)]
    pub(crate) struct Parts {
        pub left: u64,
        pub right: u64,
    }

    /// Fails at first, so that its arguments are held.
    #[retry(attempts = 3)]
    pub fn retried(broken: Result<&u64, &NodeError>, calls: &AtomicUsize) -> Result<String, String> {
        match calls.fetch_add(1, Ordering::SeqCst) {
            0 => Err("not yet".to_owned()),
            _ => Ok(super::describe(broken)),
        }
    }
    #[retry(attempts = 3)]
    pub async fn retried_later(
        broken: Result<&u64, &NodeError>,
        calls: &AtomicUsize,
    ) -> Result<String, String> {
        tokio::task::yield_now().await;
        match calls.fetch_add(1, Ordering::SeqCst) {
            0 => Err("not yet".to_owned()),
            _ => Ok(super::describe(broken)),
        }
    }
    #[fallback(cached)]
    pub fn replaced(broken: Result<&u64, &NodeError>) -> Result<String, String> {
        broken.map(ToString::to_string).map_err(|_| "no value".to_owned())
    }
    fn cached(broken: Result<&u64, &NodeError>) -> String {
        format!("cached: {}", super::describe(broken))
    }
    #[parameterize(
        first(of = source("broken")),
        second(of = source("large")),
        third(of = value(7_u64)),
    )]
    pub fn described(of: Result<&u64, &NodeError>) -> String {
        super::describe(of)
    }
    #[pipe_input(step(halved))]
    pub fn piped(broken: Result<&u64, &NodeError>) -> String {
        super::describe(broken)
    }
    fn halved(given: u64) -> u64 {
        given / 2
    }
    #[pipe_output(step(recovered))]
    pub fn output(broken: u64) -> u64 {
        broken
    }
    fn recovered(given: Result<&u64, &NodeError>) -> u64 {
        given.copied().unwrap_or(99)
    }
    pub fn all(
        left: Result<&u64, &NodeError>,
        piped: &str,
        first: &str,
        second: &str,
        third: &str,
        output: u64,
    ) -> String {
        [&*super::describe(left), piped, first, second, third, &output.to_string()].join("\n")
    }
}

#[test]
fn decorators_apply_to_consumers_that_accept_failures() {
    let execute = |wanted: &'static str| {
        let driver = AsyncDriver::builder().with_dataflow(decorated::dataflow()).build().unwrap();
        let inputs = inputs! { input: 3_u64 };
        let inputs = match wanted {
            "retried" | "retried_later" => {
                inputs.with_input("calls", Input::value(std::sync::atomic::AtomicUsize::new(0)))
            }
            _ => inputs,
        };
        let values = RUNTIME.block_on(driver.execute_named([wanted], inputs)).unwrap();
        values.get::<String>(wanted).expect("it is a text").clone()
    };
    let broken = "<node `broken` failed: no luck with 3 at broken>";
    assert_eq!(execute("retried"), broken);
    assert_eq!(execute("retried_later"), broken);
    assert_eq!(execute("replaced"), format!("cached: {broken}"));
    let through = |path: &str| format!("<node `broken` failed: no luck with 3 at broken{path}>");
    let expect =
        [&through(" > parts > left"), &through(" > piped.with_halved"), broken, "13", "7", "99"].join("\n");
    assert_eq!(execute("all"), expect);
}

/// Nodes of a block that accept failures inside and outside of the block.
#[dataflow]
pub(crate) mod expanded {
    use icosian::NodeError;
    use icosian::expand::Collect;

    #[expand]
    pub fn number(count: u64) -> Result<Vec<u64>, String> {
        if count > 9 { Err("too many".to_owned()) } else { Ok((0..count).collect()) }
    }
    pub fn half(number: &u64) -> Result<u64, String> {
        if number.is_multiple_of(2) { Ok(number / 2) } else { Err(format!("{number} is odd")) }
    }
    pub fn factor(count: u64) -> Result<u64, String> {
        if count == 3 { Err("three is out".to_owned()) } else { Ok(10) }
    }
    pub fn text(half: Result<&u64, &NodeError>, factor: Result<&u64, &NodeError>) -> String {
        let shown = |result: Result<&u64, &NodeError>| match result {
            Ok(value) => value.to_string(),
            Err(error) => error.to_string(),
        };
        format!("{} * {}", shown(half), shown(factor))
    }
    pub fn product(half: Result<&u64, &NodeError>, factor: u64) -> u64 {
        half.copied().unwrap_or(1) * factor
    }
    pub fn texts(text: Collect<String>) -> String {
        text.join(", ")
    }
    pub fn sum(half: Collect<u64>) -> u64 {
        half.iter().sum()
    }
    pub fn total(product: Collect<u64>) -> u64 {
        product.iter().sum()
    }
    pub fn summary(sum: Result<&u64, &NodeError>) -> String {
        sum.map_or_else(super::item, ToString::to_string)
    }
    pub fn summary_of_totals(total: Result<&u64, &NodeError>) -> String {
        total.map_or_else(super::item, ToString::to_string)
    }
    pub fn summary_of_texts(texts: Result<&str, &NodeError>) -> String {
        texts.map_or_else(super::item, ToString::to_string)
    }
}

/// Describes the failure of an item.
pub(crate) fn item(error: &NodeError) -> String {
    let upstream = error.upstream().expect("another node failed");
    let item = error.find::<ItemError, _>().map(|item| item.items()[0].to_string());
    format!("{error} at {} ({})", upstream.path().join(" > "), item.unwrap_or_default())
}

#[test]
fn nodes_of_a_block_accept_failures() {
    let summary =
        |wanted, count: u64| execute(expanded::dataflow, wanted, move || inputs! { count }).unwrap();
    // The items accept their failures.
    assert_eq!(summary("summary_of_texts", 2), "0 * 10, node `half` failed: 1 is odd * 10");
    assert_eq!(summary("summary_of_totals", 2), "10");
    // The block reads a failed value, which all its readers accept.
    assert_eq!(
        summary("summary_of_texts", 3),
        ["0", "node `half` failed: 1 is odd", "1"]
            .map(|half| format!("{half} * node `factor` failed: three is out"))
            .join(", ")
    );
    // A node of the block needs the failed value, so the block is skipped.
    assert_eq!(summary("summary_of_totals", 3), "node `factor` failed: three is out at factor > total ()");
    // An item fails.
    assert_eq!(
        summary("summary", 2),
        "node `half` failed for item 1 of `number` (1): 1 is odd at half > sum (item 1 of `number` (1))"
    );
    // The expanding node fails.
    for (wanted, collected) in [("summary", "sum"), ("summary_of_texts", "texts")] {
        let expect = format!("node `number` failed: too many at number > {collected} ()");
        assert_eq!(summary(wanted, 10), expect);
    }
}
