//! Behaviour that the tests of Apache Hamilton require of its drivers.

use std::sync::Arc;
use std::time::Duration;

use icosian::prelude::*;
use icosian::{BoxError, Name, Output, Value, ValueType};
use serde_json::json;
use tokio::time::Instant;

use crate::calls::Calls;

/// Alternating sync and async nodes; `orders` is the top of a diamond whose bottom is `mean`.
#[dataflow]
mod shop {
    use crate::calls::Calls;

    pub async fn user(calls: &Calls, id: u64) -> String {
        calls.note("user");
        tokio::task::yield_now().await;
        format!("user {id}")
    }

    pub fn orders(calls: &Calls, user: &str) -> Vec<u64> {
        calls.note("orders");
        user.bytes().filter(u8::is_ascii_digit).map(|digit| u64::from(digit - b'0')).collect()
    }

    pub async fn spent(calls: &Calls, orders: &[u64], #[default(10)] price: u64) -> u64 {
        calls.note("spent");
        tokio::task::yield_now().await;
        orders.iter().sum::<u64>() * price
    }

    pub fn count(calls: &Calls, orders: &[u64]) -> usize {
        calls.note("count");
        orders.len()
    }

    pub async fn mean(calls: &Calls, spent: u64, count: usize) -> Option<u64> {
        calls.note("mean");
        spent.checked_div(count as u64)
    }

    pub fn report(
        calls: &Calls,
        mean: Option<u64>,
        #[default("EUR")] unit: &str,
        remark: Option<&str>,
    ) -> String {
        calls.note("report");
        let mean = mean.map_or_else(|| "nothing".to_owned(), |mean| format!("{mean} {unit}"));
        format!("{mean}{}", remark.unwrap_or_default())
    }

    pub async fn unrelated(calls: &Calls, other: u64) -> u64 {
        calls.note("unrelated");
        other
    }
}

const NAMES: [&str; 7] = ["user", "orders", "spent", "count", "mean", "report", "unrelated"];

fn shop() -> AsyncDriver {
    AsyncDriver::builder().with_dataflow(shop::dataflow()).build().unwrap()
}

fn calls() -> Arc<Calls> {
    Arc::default()
}

/// All outputs, in another order than the functions.
type All = (shop::report, shop::user, shop::orders, shop::spent, shop::count, shop::mean, shop::unrelated);

#[tokio::test]
async fn outputs_are_equal_alone_together_typed_and_named() {
    let (driver, calls) = (shop(), calls());
    let inputs = || inputs! { calls: Arc::clone(&calls), id: 135_u64, other: 8_u64 };
    let expect = json!({
        "user": "user 135", "orders": [1, 3, 5], "spent": 90, "count": 3, "mean": 30, "report": "30 EUR", "unrelated": 8,
    });
    for name in NAMES {
        let alone = driver.execute_with(&JsonObject, [name], inputs()).await.unwrap();
        assert_eq!(json!(alone), json!({ name: expect[name] }));
    }
    let together = driver.execute_with(&JsonObject, NAMES, inputs()).await.unwrap();
    assert_eq!(json!(together), expect);
    let order: Vec<_> =
        driver.execute_named(["mean", "user", "count"], inputs()).await.unwrap().into_iter().collect();
    assert_eq!(order.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["mean", "user", "count"]);

    assert_eq!(driver.execute::<shop::user>(inputs()).await.unwrap(), "user 135");
    assert_eq!(driver.execute::<shop::orders>(inputs()).await.unwrap(), [1, 3, 5]);
    assert_eq!(driver.execute::<shop::spent>(inputs()).await.unwrap(), 90);
    assert_eq!(driver.execute::<shop::count>(inputs()).await.unwrap(), 3);
    assert_eq!(driver.execute::<shop::mean>(inputs()).await.unwrap(), Some(30));
    assert_eq!(driver.execute::<shop::report>(inputs()).await.unwrap(), "30 EUR");
    assert_eq!(driver.execute::<shop::unrelated>(inputs()).await.unwrap(), 8);
    assert_eq!(
        driver.execute::<All>(inputs()).await.unwrap(),
        ("30 EUR".to_owned(), "user 135".to_owned(), vec![1, 3, 5], 90, 3, Some(30), 8)
    );
}

#[tokio::test]
async fn required_node_runs_once_and_others_never() {
    let (driver, calls) = (shop(), calls());
    for (wanted, expect) in [
        (&["report"][..], "count mean orders report spent user"),
        (&["report", "count", "user"], "count mean orders report spent user"),
        (&["mean"], "count mean orders spent user"),
        (&["spent", "unrelated"], "orders spent unrelated user"),
        (&["user"], "user"),
        (&["id"], ""),
        (&[], ""),
    ] {
        let inputs = inputs! { calls: Arc::clone(&calls), id: 135_u64, other: 8_u64 };
        driver.execute_named(wanted, inputs).await.unwrap();
        assert_eq!(calls.take(), expect, "for {wanted:?}");
    }
}

#[tokio::test]
async fn overridden_nodes_and_their_exclusive_inputs_do_not_run() {
    let (driver, calls) = (shop(), calls());
    let given = || inputs! { calls: Arc::clone(&calls) };
    let orders = || Input::value(vec![4_u64, 4]);

    let text = driver.execute::<shop::report>(given().overriding::<shop::orders>(vec![4, 4])).await.unwrap();
    assert_eq!((text.as_str(), calls.take().as_str()), ("40 EUR", "count mean report spent"));

    let inputs = given().overriding::<shop::spent>(6).overriding_named("orders", orders());
    assert_eq!(driver.execute::<shop::mean>(inputs).await.unwrap(), Some(3));
    assert_eq!(calls.take(), "count mean");

    let inputs = given().with("id", 12_u64).overriding::<shop::spent>(6);
    assert_eq!(driver.execute::<shop::mean>(inputs).await.unwrap(), Some(3));
    assert_eq!(calls.take(), "count mean orders user", "`count` still needs the others");

    let inputs = given().overriding::<shop::mean>(None).overriding_named("orders", orders());
    assert_eq!(
        driver.execute::<(shop::mean, shop::report)>(inputs).await.unwrap(),
        (None, "nothing".to_owned())
    );
    assert_eq!(calls.take(), "report", "an output may be overridden, and an override be of no use");

    let later = Input::future(async {
        tokio::task::yield_now().await;
        vec![1_u64, 2, 3, 4]
    });
    let inputs = given().overriding_named("orders", later);
    assert_eq!(driver.execute::<shop::count>(inputs).await.unwrap(), 4);
    assert_eq!(calls.take(), "count");
}

#[tokio::test]
async fn overridden_output_is_returned() {
    let (driver, calls) = (shop(), calls());
    let given = || inputs! { calls: Arc::clone(&calls) }.overriding::<shop::orders>(vec![4, 4]);
    let twice = driver.execute::<(shop::orders, shop::count, shop::orders)>(given()).await.unwrap();
    assert_eq!(twice, (vec![4, 4], 2, vec![4, 4]));
    let json = driver.execute_with(&JsonObject, ["orders", "count"], given()).await.unwrap();
    assert_eq!(json!(json), json!({ "orders": [4, 4], "count": 2 }));
}

#[tokio::test]
async fn unneeded_nodes_need_no_inputs() {
    let (driver, calls) = (shop(), calls());
    let inputs = || inputs! { calls: Arc::clone(&calls), id: 2_u64 };
    assert_eq!(driver.execute::<shop::spent>(inputs()).await.unwrap(), 20);
    assert_eq!(calls.take(), "orders spent user");
    let refused = driver.execute::<(shop::spent, shop::unrelated)>(inputs()).await.unwrap_err();
    assert_eq!(refused.to_string(), "input `other` is missing; node `unrelated` reads it");
    assert_eq!(calls.take(), "", "nothing ran");
}

#[tokio::test]
async fn optional_inputs_and_defaults_can_be_passed() {
    let (driver, calls) = (shop(), calls());
    let inputs = |id: u64| inputs! { calls: Arc::clone(&calls), id };
    let check = async |inputs: Inputs, expect: &str| {
        assert_eq!(driver.execute::<shop::report>(inputs).await.unwrap(), expect);
    };
    check(inputs(24), "30 EUR").await;
    check(inputs(24).with("price", 1_u64), "3 EUR").await;
    check(inputs(24).with("unit", "USD").with("remark", "!".to_owned()), "30 USD!").await;
    check(inputs(24).with("remark", Some("?".to_owned())), "30 EUR?").await;
    check(inputs(24).with("remark", None::<String>), "30 EUR").await;
    check(inputs(24).overriding::<shop::orders>(vec![]), "nothing").await;
    check(inputs(24).with_input("unit", Input::future(async { "CHF" })), "30 CHF").await;
    check(inputs(24), "30 EUR").await;
}

#[tokio::test]
async fn prepared_execution_accepts_many_inputs() {
    let (driver, calls) = (shop(), calls());
    let prepared = driver.prepare::<(shop::count, shop::mean)>().unwrap();
    for _ in 0..3 {
        for (id, expect) in [(5_u64, (1, Some(50))), (24, (2, Some(30)))] {
            let inputs = inputs! { calls: Arc::clone(&calls), id };
            assert_eq!(prepared.clone().execute(inputs).await.unwrap(), expect);
            assert_eq!(calls.take(), "count mean orders spent user");
        }
    }
    let overridden = inputs! { calls: Arc::clone(&calls) }.overriding::<shop::orders>(vec![]);
    assert_eq!(prepared.execute(overridden).await.unwrap(), (0, None));
    assert_eq!(calls.take(), "count mean spent");
    let refused = prepared.execute(inputs! { calls: Arc::clone(&calls) }).await.unwrap_err();
    assert_eq!(refused.to_string(), "input `id` is missing; node `user` reads it");

    let refused = driver.prepare::<(shop::count, twice::clones)>().unwrap_err();
    assert_eq!(refused.to_string(), "unknown node `clones`");
}

#[tokio::test]
async fn config_value_replaces_a_node() {
    let calls = calls();
    let config = config! { "orders": vec![1_u64, 2, 3], "price": 2_u64 };
    let builder = AsyncDriver::builder().with_dataflow(shop::dataflow());
    let driver = builder.with_config(config).build().unwrap();
    let inputs = || inputs! { calls: Arc::clone(&calls) };
    for _ in 0..2 {
        assert_eq!(driver.execute::<shop::report>(inputs()).await.unwrap(), "4 EUR");
        assert_eq!(calls.take(), "count mean report spent");
        assert_eq!(driver.execute::<shop::orders>(inputs()).await.unwrap(), [1, 2, 3]);
        let twice = driver.execute::<(shop::orders, shop::orders)>(inputs()).await.unwrap();
        assert_eq!(twice, (vec![1, 2, 3], vec![1, 2, 3]));
        let named = driver.execute_named(["orders", "price"], inputs()).await.unwrap();
        assert_eq!((named.get("orders"), named.get("price")), (Some(&vec![1_u64, 2, 3]), Some(&2_u64)));
        let json = driver.execute_with(&JsonObject, ["orders", "price"], inputs()).await.unwrap();
        assert_eq!(json!(json), json!({ "orders": [1, 2, 3], "price": 2 }));
        assert_eq!(calls.take(), "");
    }
    let both = driver.execute::<shop::spent>(inputs().with("price", 3_u64)).await.unwrap_err();
    assert_eq!(both.to_string(), "`price` is both an input and a config value");
}

#[tokio::test]
async fn config_value_replaces_an_unread_node() {
    let calls = calls();
    let builder = AsyncDriver::builder().with_dataflow(shop::dataflow());
    let driver = builder.with_config(config! { "report": "fixed" }).build().unwrap();
    let inputs = inputs! { calls: Arc::clone(&calls) };
    assert_eq!(driver.execute::<shop::report>(inputs).await.unwrap(), "fixed");
    assert_eq!(calls.take(), "");
}

/// Reads nodes of `shop`, and provides an input of `shop`.
#[dataflow]
mod prices {
    use crate::calls::Calls;

    pub async fn price(calls: &Calls) -> u64 {
        calls.note("price");
        3
    }

    pub fn summary(calls: &Calls, report: &str, count: &usize) -> String {
        calls.note("summary");
        format!("{count}: {report}")
    }
}

/// Defines a node that `shop` also defines.
#[dataflow]
mod cheaper {
    use crate::calls::Calls;

    pub fn spent(calls: &Calls, orders: &[u64]) -> u64 {
        calls.note("cheaper spent");
        orders.len() as u64
    }
}

#[tokio::test]
async fn dataflows_of_a_driver_read_each_other() {
    let calls = calls();
    for flows in [[shop::dataflow(), prices::dataflow()], [prices::dataflow(), shop::dataflow()]] {
        let builder = flows.into_iter().fold(AsyncDriver::builder(), icosian::Builder::with_dataflow);
        let driver = builder.build().unwrap();
        let inputs = inputs! { calls: Arc::clone(&calls), id: 24_u64 };
        assert_eq!(driver.execute::<prices::summary>(inputs).await.unwrap(), "2: 9 EUR");
        assert_eq!(calls.take(), "count mean orders price report spent summary user");
    }
}

#[tokio::test]
async fn duplicate_node_is_refused_or_replaces_the_first() {
    let calls = calls();
    let builder =
        || AsyncDriver::builder().with_dataflow(shop::dataflow()).with_dataflow(cheaper::dataflow());
    assert_eq!(builder().build().unwrap_err().to_string(), "node `spent` is defined twice");

    let driver = builder().allow_module_overrides().build().unwrap();
    let inputs = inputs! { calls: Arc::clone(&calls), id: 24_u64 };
    let spent = driver.execute::<(shop::spent, cheaper::spent, shop::mean)>(inputs).await.unwrap();
    assert_eq!(spent, (2, 2, Some(1)));
    assert_eq!(calls.take(), "cheaper spent count mean orders user");

    let twice =
        AsyncDriver::builder().with_dataflow(nodes![shop::spent, shop::spent]).allow_module_overrides();
    assert_eq!(twice.build().unwrap_err().to_string(), "node `spent` is defined twice", "in one dataflow");
}

/// Twelve nodes of twelve types.
#[dataflow]
mod dozen {
    pub fn a() -> u8 {
        1
    }
    pub fn b() -> u16 {
        2
    }
    pub fn c() -> u32 {
        3
    }
    pub fn d() -> u64 {
        4
    }
    pub fn e() -> u128 {
        5
    }
    pub fn f() -> i8 {
        6
    }
    pub fn g() -> i16 {
        7
    }
    pub fn h() -> i32 {
        8
    }
    pub fn i() -> i64 {
        9
    }
    pub fn j() -> i128 {
        10
    }
    pub fn k() -> usize {
        11
    }
    pub fn l() -> isize {
        12
    }
}

#[tokio::test]
async fn tuple_can_have_twelve_outputs() {
    use dozen::{a, b, c, d, e, f, g, h, i, j, k, l};
    let driver = Driver::builder().with_dataflow(dozen::dataflow()).build().unwrap();
    let expect = (12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
    assert_eq!(driver.execute::<(l, k, j, i, h, g, f, e, d, c, b, a)>(inputs! {}).unwrap(), expect);
    let driver = AsyncDriver::builder().with_dataflow(dozen::dataflow()).build().unwrap();
    assert_eq!(driver.execute::<(l, k, j, i, h, g, f, e, d, c, b, a)>(inputs! {}).await.unwrap(), expect);
    assert_eq!(driver.execute::<(a,)>(inputs! {}).await.unwrap(), (1,));
}

/// Sums numbers. It refuses outputs of other types and fails without outputs.
#[derive(Debug)]
struct Total;

impl ResultBuilder for Total {
    type Result = u64;

    fn refuse(&self, output: &Output) -> Option<String> {
        (output.value_type() != ValueType::of::<u64>())
            .then(|| format!("a `{}` is no number", output.value_type()))
    }

    fn build(&self, outputs: Vec<(Name, Value)>) -> Result<u64, BoxError> {
        let numbers = outputs.iter().filter_map(|(_, value)| value.get::<u64>());
        match numbers.sum() {
            0 => Err("there is nothing to add up".into()),
            total => Ok(total),
        }
    }
}

#[tokio::test]
async fn result_builder_builds_refuses_or_fails() {
    let (driver, calls) = (shop(), calls());
    let inputs = |id: u64| inputs! { calls: Arc::clone(&calls), id, other: 5_u64 };
    assert_eq!(driver.execute_with(&Total, ["spent", "unrelated"], inputs(24)).await.unwrap(), 65);
    calls.take();

    let refused =
        driver.execute_with(&Total, ["spent", "user", "count", "usr"], inputs(24)).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "3 errors: (1) output `user` cannot be part of the result: a `String` is no number; (2) output `count` cannot \
         be part of the result: a `usize` is no number; (3) unknown node `usr`"
    );
    assert_eq!(calls.take(), "", "it is refused before anything runs");

    let failed = driver.execute_with(&Total, ["spent"], inputs(0)).await.unwrap_err();
    assert_eq!(failed.to_string(), "the result could not be built from the outputs");
    let source = std::error::Error::source(&failed).map(ToString::to_string);
    assert_eq!(source.as_deref(), Some("there is nothing to add up"));
    assert_eq!(failed.node(), None);
}

#[tokio::test]
async fn json_contains_serializable_outputs() {
    let (driver, calls) = (shop(), calls());
    let given = || inputs! { calls: Arc::clone(&calls), id: 24_u64 };
    let json = driver.execute_with(&JsonObject, ["mean", "id", "user"], given()).await.unwrap();
    assert_eq!(json!(json), json!({ "mean": 30, "id": 24, "user": "user 24" }));
    let refused = driver.execute_with(&JsonObject, ["mean", "calls"], given()).await;
    assert!(refused.is_err(), "`calls` is not `Serialize`: {refused:?}");
}

/// Three nodes that wait for `seed` and a node that does not.
#[dataflow]
mod waits {
    use std::time::Duration;

    use tokio::time::sleep;

    pub async fn one(seed: u64) -> u64 {
        sleep(Duration::from_secs(1)).await;
        seed + 1
    }

    pub fn two(seed: &u64) -> u64 {
        seed + 2
    }

    pub async fn three(seed: u64) -> u64 {
        seed + 3
    }

    pub async fn alone() -> u64 {
        sleep(Duration::from_secs(5)).await;
        10
    }

    pub fn total(one: u64, two: u64, three: u64, alone: u64) -> u64 {
        one + two + three + alone
    }
}

fn waits() -> AsyncDriver {
    AsyncDriver::builder().with_dataflow(waits::dataflow()).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn future_input_is_awaited_once_beside_independent_nodes() {
    let calls = calls();
    let seed = |seconds: u64| {
        let calls = Arc::clone(&calls);
        Input::future(async move {
            calls.note("seed");
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            100_u64
        })
    };
    for (seconds, expect) in [(3, 5), (4, 5), (7, 8)] {
        let begun = Instant::now();
        let total = waits().execute::<waits::total>(inputs! { seed: seed(seconds) }).await.unwrap();
        assert_eq!((total, begun.elapsed()), (316, Duration::from_secs(expect)));
        assert_eq!(calls.take(), "seed");
    }
    let outputs = waits().execute_named(["seed", "two"], inputs! { seed: seed(1) }).await.unwrap();
    assert_eq!((outputs.get::<u64>("seed"), outputs.get::<u64>("two")), (Some(&100), Some(&102)));
}

#[tokio::test(start_paused = true)]
async fn unneeded_future_input_is_not_awaited() {
    let seed = Input::future(async { panic!("the input is not needed") as u64 });
    assert_eq!(waits().execute::<waits::alone>(inputs! { seed }).await.unwrap(), 10);
}

#[tokio::test(start_paused = true)]
async fn failed_future_input_aborts_the_execution() {
    let driver = waits();
    let begun = Instant::now();
    let seed = Input::try_future(async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        "ten".parse::<u64>()
    });
    let failed = driver.execute::<waits::total>(inputs! { seed }).await.unwrap_err();
    assert_eq!(failed.to_string(), "the future of input `seed` failed");
    let source = std::error::Error::source(&failed).map(ToString::to_string);
    assert_eq!(source.as_deref(), Some("invalid digit found in string"));
    assert_eq!((failed.node(), begun.elapsed()), (None, Duration::from_secs(1)));
    assert_eq!(driver.execute::<waits::total>(inputs! { seed: 1_u64 }).await.unwrap(), 19);
}

#[test]
fn sync_driver_refuses_future_inputs_and_async_nodes() {
    let driver = Driver::builder().with_dataflow(waits::dataflow()).build().unwrap();
    let seed = || Input::future(async { 1_u64 });
    let refused = driver.execute::<waits::two>(inputs! { seed: seed() }).unwrap_err();
    assert_eq!(refused.to_string(), "input `seed` is a future, which the `sync` adapter cannot await");
    let refused = driver.execute::<waits::one>(inputs! { seed: 1_u64 }).unwrap_err();
    assert_eq!(refused.to_string(), "node `one` is async, but the `sync` adapter runs only sync nodes");
    assert_eq!(driver.execute::<waits::two>(inputs! { seed: 1_u64 }).unwrap(), 3);
    let overridden = inputs! { seed: 1_u64 }.overriding::<waits::one>(0).overriding::<waits::three>(0);
    assert_eq!(driver.execute::<waits::total>(overridden.overriding::<waits::alone>(0)).unwrap(), 3);
}

#[tokio::test]
async fn input_can_be_an_output() {
    let (driver, calls) = (shop(), calls());
    let inputs = || inputs! { calls: Arc::clone(&calls), id: 24_u64, remark: "?" };
    let mut outputs = driver.execute_named(["id", "remark", "report", "calls"], inputs()).await.unwrap();
    assert_eq!(outputs.get::<u64>("id"), Some(&24));
    assert_eq!(outputs.get::<String>("report").map(String::as_str), Some("30 EUR?"));
    assert_eq!(outputs.take::<String>("remark").as_deref(), Some("?"));
    assert!(outputs.take::<Arc<Calls>>("calls").is_some_and(|given| Arc::ptr_eq(&given, &calls)));
    let refused = driver.execute_named(["remark"], Inputs::new()).await.unwrap_err();
    assert_eq!(refused.to_string(), "input `remark` is missing; it is a requested output");
}

/// One output is `Clone`, the other is not.
#[dataflow]
mod twice {
    #[derive(Debug, PartialEq)]
    pub(super) struct Unique(pub(super) u64);

    pub fn clones() -> Vec<u64> {
        vec![1, 2]
    }

    pub fn unique(number: u64) -> Unique {
        Unique(number)
    }

    pub fn reads_given(given: &Unique) -> u64 {
        given.0
    }
}

/// Defines a node that `twice` reads as an input.
#[dataflow]
mod other {
    use super::twice::Unique;

    pub fn given() -> Unique {
        Unique(0)
    }
}

#[test]
fn cloneable_output_can_be_requested_twice() {
    let driver = Driver::builder().with_dataflow(twice::dataflow()).build().unwrap();
    let number = || inputs! { number: 3_u64 };
    assert_eq!(
        driver.execute::<(twice::clones, twice::unique, twice::clones)>(number()).unwrap(),
        (vec![1, 2], twice::Unique(3), vec![1, 2])
    );
    let refused = driver.execute::<(twice::unique, twice::unique)>(number()).unwrap_err();
    assert_eq!(refused.to_string(), "output `unique` is requested twice, but `Unique` is not `Clone`");

    let given = || Inputs::new().with("given", twice::Unique(4));
    let refused = driver.execute::<(other::given, other::given)>(given()).unwrap_err();
    assert_eq!(refused.to_string(), "output `given` is requested twice, but `Unique` is not `Clone`");
    assert_eq!(driver.execute::<other::given>(given()).unwrap(), twice::Unique(4));

    let names = ["unique", "clones", "unique", "clones", "number", "number"];
    let outputs = driver.execute_named(names, number()).unwrap();
    assert_eq!(
        outputs.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["unique", "clones", "number"]
    );
    assert_eq!(outputs.get("unique"), Some(&twice::Unique(3)), "by name, twice is once");
}
