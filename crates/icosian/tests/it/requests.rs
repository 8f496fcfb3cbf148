//! Inputs, shared inputs, config and overrides: precedence and refused requests.
#![expect(clippy::float_cmp, reason = "the values are exact")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use icosian::decorators::{Condition, ConfigWhen, Tag};
use icosian::{BuildErrorKind, LikelyCause, Node, Outline, Param, RequestErrorKind, ValueType};

use icosian::prelude::*;
use miette::Diagnostic;

/// A client that is not `Clone`.
#[derive(Debug, Default)]
pub(crate) struct Client(AtomicUsize);

impl Client {
    fn call(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) as u64
    }
}

#[dataflow]
mod services {
    use super::*;

    pub async fn user(http: &Client, user_id: u64) -> String {
        format!("user {user_id}, call {}", http.call())
    }

    pub fn greeting(greeting_word: &str, user: &str) -> String {
        format!("{greeting_word}, {user}")
    }
}

#[dataflow]
mod prices {
    pub fn rate() -> f64 {
        1.5
    }

    pub fn price(rate: f64, amount: f64) -> f64 {
        rate * amount
    }

    #[config_when(env = "prod")]
    pub fn source__prod(database: &str) -> String {
        database.to_owned()
    }

    #[config_when(env = "dev")]
    pub fn source__dev() -> String {
        "memory".to_owned()
    }

    #[expect(dead_code, reason = "only diagnostics name it")]
    fn discount(amount: f64) -> f64 {
        amount * 0.1
    }

    pub fn reduced(amount: f64, discount: f64) -> f64 {
        amount - discount
    }
}

fn sync(config: Config) -> Driver {
    Driver::builder().with_dataflow(prices::dataflow()).with_config(config).build().unwrap()
}

fn messages<'a, T: ToString + 'a>(errors: impl IntoIterator<Item = &'a T>) -> Vec<String> {
    errors.into_iter().map(ToString::to_string).collect()
}

fn refused<T: std::fmt::Debug>(result: Result<T, ExecuteError>) -> icosian::RequestError {
    match result {
        Err(ExecuteError::Refused(refused)) => refused,
        other => panic!("it should be refused: {other:?}"),
    }
}

#[tokio::test]
async fn shared_inputs_serve_all_executions() {
    let http = Client::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(services::dataflow())
        .with_shared(inputs! { http, greeting_word: "Hello" })
        .build()
        .unwrap();
    for call in 0..3 {
        let greeting = driver.execute::<services::greeting>(inputs! { user_id: 7_u64 }).await.unwrap();
        assert_eq!(greeting, format!("Hello, user 7, call {call}"));
    }
    let prepared = driver.prepare::<services::greeting>().unwrap();
    assert_eq!(prepared.execute(inputs! { user_id: 8_u64 }).await.unwrap(), "Hello, user 8, call 3");
    let once = inputs! { user_id: 7_u64 }.overriding_named("http", Input::value(Client::default()));
    let once = once.overriding_named("greeting_word", Input::future(async { "Bye".to_owned() }));
    assert_eq!(prepared.execute(once).await.unwrap(), "Bye, user 7, call 0");
    assert_eq!(prepared.execute(inputs! { user_id: 9_u64 }).await.unwrap(), "Hello, user 9, call 4");
}

#[tokio::test]
async fn execution_cannot_pass_a_shared_input() {
    let driver = AsyncDriver::builder()
        .with_dataflow(services::dataflow())
        .with_shared(inputs! { http: Client::default() })
        .build()
        .unwrap();
    let inputs = inputs! { http: Client::default(), greeting_word: "Hi", user_id: 1_u64 };
    let refused = refused(driver.execute::<services::greeting>(inputs).await);
    assert_eq!(messages(&refused), ["`http` is both an input and a shared input of the driver"]);
    // It is not `Clone`, so no execution can return it.
    let output = driver.execute_named(["http"], inputs! {}).await.unwrap_err();
    let expected =
        "output `http` cannot be returned by value: all executions share it, and `Client` is not `Clone`";
    assert_eq!(output.to_string(), expected);
}

#[test]
fn build_reports_all_invalid_shared_inputs() {
    let build = |shared: Inputs, config: Config| {
        let builder = Driver::builder().with_dataflow(prices::dataflow()).with_config(config);
        builder.with_shared(shared).build().map_err(|error| messages(&error))
    };
    let shared = inputs! { amuont: 1.0, rate: 1.0, env: "dev" };
    let found = build(shared, config! { env: "dev" }).unwrap_err();
    assert_eq!(
        found,
        [
            "no node reads shared input `amuont`",
            "shared input `rate` has the name of a node",
            "`env` is both a shared input and a config value",
        ]
    );
    let found = build(inputs! { amount: 1_u64 }, config! { env: "dev" }).unwrap_err();
    assert_eq!(
        found,
        [
            "node `price` expects `amount: f64`, but shared input `amount` is a `u64`",
            "node `reduced` expects `amount: f64`, but shared input `amount` is a `u64`",
        ]
    );
    let shared = inputs! { amount: Input::future(async { 1.0 }) }.overriding::<prices::rate>(2.0);
    let shared = shared.with_context(RunContext::new());
    let found = build(shared, config! { env: "dev" }).unwrap_err();
    assert_eq!(
        found,
        [
            "shared inputs cannot override node `rate`: an override belongs to one execution",
            "shared inputs cannot contain a `RunContext`: a context belongs to one execution",
            "shared input `amount` is a future, which can be awaited only once",
        ]
    );
    // Only the variant that this config drops reads the input.
    build(inputs! { database: "postgres" }, config! { env: "dev" }).unwrap();
    let driver = build(inputs! { database: "postgres" }, config! { env: "prod" }).unwrap();
    let source = driver.execute_named(["source"], inputs! {}).unwrap();
    assert_eq!(source.get::<String>("source").map(String::as_str), Some("postgres"));
}

#[test]
fn node_cannot_consume_a_shared_input_without_clone() {
    let take = Outline::new("closed").with_param(Param::taken::<Client>("client"));
    let take = Node::sync(take, |args| Ok(args.take_with::<Client>(0, None).call()));
    let flow = Dataflow::new("flow").with_node(take);
    let shared = inputs! { client: Client::default() };
    let error = Driver::builder().with_dataflow(flow).with_shared(shared).build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "node `closed` consumes `client: Client`, which all executions share, but `Client` is not `Clone`",
    );
}

#[test]
fn decorators_do_not_see_shared_inputs() {
    let shared = inputs! { env: "prod" };
    let kept = Node::sync(Outline::new("kept").with_param(Param::borrowed::<str>("env")), |_| Ok(1_u64));
    let when = ConfigWhen::new(Condition::when("env", "prod"));
    let flow = Dataflow::new("flow").with_node(kept.with_decorator(when));
    let driver = Driver::builder().with_dataflow(flow).with_shared(shared).build().unwrap();
    assert!(driver.graph().node("kept").is_none());
}

#[test]
fn override_of_a_config_value_wins_for_one_execution() {
    let driver = sync(config! { env: "dev", rate: 2.0, amount: 10.0 });
    let price = |inputs: Inputs| driver.execute::<prices::price>(inputs);
    assert_eq!(price(inputs! {}).unwrap(), 20.0);
    assert_eq!(price(inputs! {}.overriding::<prices::rate>(3.0)).unwrap(), 30.0);
    assert_eq!(price(inputs! {}.overriding_named("amount", Input::value(1.0))).unwrap(), 2.0);
    let prepared = driver.prepare::<prices::price>().unwrap();
    assert_eq!(prepared.execute(inputs! {}.overriding::<prices::rate>(3.0)).unwrap(), 30.0);
    assert_eq!(prepared.execute(inputs! {}).unwrap(), 20.0);
    let rate = driver.execute::<prices::rate>(inputs! {}.overriding::<prices::rate>(4.0)).unwrap();
    assert_eq!(rate, 4.0);
    let wrong = refused(price(inputs! {}.overriding_named("amount", Input::value("1"))));
    assert_eq!(
        messages(&wrong),
        ["override `amount` is of type `&'static str`, but node `price` expects `f64`"]
    );
    // Conditions were evaluated in `build`.
    let source = inputs! {}.overriding_named("env", Input::value("prod".to_owned()));
    let source = driver.execute_named(["source"], source).unwrap();
    assert_eq!(source.get::<String>("source").map(String::as_str), Some("memory"));
    // An input of that name is still refused.
    let both = refused(price(inputs! { amount: 1.0 }));
    assert_eq!(messages(&both), ["`amount` is both an input and a config value"]);
}

#[test]
fn config_value_has_the_type_of_the_node_that_it_replaces() {
    let build = |config: Config| {
        let flow = nodes![prices::rate];
        Driver::builder().with_dataflow(flow).with_config(config).build()
    };
    let error = build(config! { rate: 2 }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "config value `rate` is of type `i32`, but the node that it replaces returns `f64`"
    );
    assert!(format!("{error:?}").contains("write `1.0`"), "{error:?}");
    assert!(build(config! { rate: 2.0 }).is_ok());
}

#[test]
fn config_with_many_keys_is_linear() {
    let config = (0..16_000_u64).fold(Config::new(), |config, at| config.with(format!("key{at}"), at));
    let found = (0..16_000_u64).filter(|at| config.get::<u64>(&format!("key{at}")) == Some(at));
    assert_eq!(found.count(), 16_000);
}

#[test]
fn config_accepts_borrowed_text() {
    fn of(env: &str) -> Config {
        config! { "env": env }
    }
    assert_eq!(of(&"pro d".replace(' ', "")).text("env"), Some("prod"));
}

#[test]
fn missing_input_suggests_a_node_of_a_similar_name() {
    let discount = Node::sync(Outline::new("discount"), |_| Ok(0.5_f64));
    let price = Outline::new("price").with_param(Param::taken::<f64>("discuont"));
    let price = Node::sync(price, |args| Ok(args.take::<f64>(0)));
    let flow = Dataflow::new("flow").with_node(discount).with_node(price);
    let driver = Driver::builder().with_dataflow(flow).build().unwrap();
    let refused = refused(driver.execute_named(["price"], inputs! {}));
    let help = "pass it as a value of type `f64`, or rename the parameter if it means node `discount`";
    assert!(format!("{refused:?}").contains(help), "{refused:?}");
}

#[test]
fn missing_input_names_a_private_function() {
    let driver = sync(config! { env: "dev" });
    let refused = refused(driver.execute::<prices::reduced>(inputs! { amount: 1.0 }));
    let help = "`discount` is private, so it is not a node: write `pub fn discount`, or pass it as a value of type `f64`";
    assert!(format!("{refused:?}").contains(help), "{refused:?}");
}

#[dataflow]
mod ordered {
    pub fn migrations() -> u64 {
        3
    }

    /// Depends on another node only for its order.
    pub fn rows(_migrations: u64, _limit: Option<u64>) -> u64 {
        10
    }
}

#[test]
fn underscore_of_a_parameter_is_not_part_of_its_name() {
    let driver = Driver::builder().with_dataflow(ordered::dataflow()).build().unwrap();
    let mut upstream: Vec<_> = driver.graph().shape().upstream("rows").collect();
    upstream.sort_unstable();
    assert_eq!(upstream, ["limit", "migrations"]);
    assert_eq!(driver.execute::<ordered::rows>(inputs! { limit: 1_u64 }).unwrap(), 10);
}

/// The side effects of an execution, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Effects(Arc<Mutex<Vec<&'static str>>>);

impl Effects {
    fn add(&self, name: &'static str) {
        self.0.lock().unwrap().push(name);
    }
}

#[dataflow]
mod effects {
    use super::*;

    pub fn opened(log: &Effects) {
        log.add("opened");
    }

    pub async fn migrated(log: &Effects, _opened: &()) {
        tokio::task::yield_now().await;
        log.add("migrated");
    }

    #[offload]
    #[tag(kind = "effect")]
    pub fn warmed(log: &Effects, _migrated: ()) {
        log.add("warmed");
    }

    #[timeout("1s")]
    pub async fn rows(log: &Effects, _warmed: Option<()>) -> u64 {
        log.add("rows");
        7
    }
}

#[node]
fn closed(log: &Effects, rows: u64) {
    assert_eq!(rows, 7);
    log.add("closed");
}

#[node]
async fn reported(log: &Effects, _closed: &()) {
    log.add("reported");
}

#[tokio::test]
async fn function_without_return_type_is_a_node_of_unit() {
    let driver = AsyncDriver::builder()
        .with_dataflow(effects::dataflow())
        .with_dataflow(nodes![closed, reported])
        .build()
        .unwrap();
    let log = Effects::default();
    let () = driver.execute::<reported>(inputs! { log: log.clone() }).await.unwrap();
    let all = ["opened", "migrated", "warmed", "rows", "closed", "reported"];
    assert_eq!(*log.0.lock().unwrap(), all);

    let log = Effects::default();
    let ((), ()) =
        driver.execute::<(effects::migrated, effects::opened)>(inputs! { log: log.clone() }).await.unwrap();
    assert_eq!(*log.0.lock().unwrap(), all[..2]);
}

#[test]
fn sync_node_without_return_type_runs_its_side_effect() {
    let driver = Driver::builder().with_dataflow(nodes![closed]).build().unwrap();
    let log = Effects::default();
    let () = driver.execute::<closed>(inputs! { log: log.clone(), rows: 7_u64 }).unwrap();
    assert_eq!(*log.0.lock().unwrap(), ["closed"]);
}

#[test]
fn number_literal_of_another_type_is_explained() {
    let driver = sync(config! { env: "dev" });
    let refused = refused(driver.execute::<prices::price>(inputs! { amount: 1 }));
    let help = "pass a value of type `f64` (the literal `1` is an `i32`: write `1.0`)";
    assert!(format!("{refused:?}").contains(help), "{refused:?}");
}

#[dataflow]
mod panicking {
    use super::*;

    #[resolve(|config| Ok::<_, String>(Tag::new().with("owner", [config.text("owner").expect("config has an owner").to_owned()])))]
    pub fn resolved() -> u64 {
        1
    }

    #[config(|config: &Config| config.text("env").expect("config has an env") == "prod")]
    pub fn conditional() -> u64 {
        1
    }

    #[inject(limit = value(none().expect("there is a limit")))]
    pub fn bound(limit: u64) -> u64 {
        limit
    }

    fn none() -> Option<u64> {
        None
    }
}

#[test]
fn panics_of_decorator_closures_are_build_errors() {
    let error = Driver::builder().with_dataflow(panicking::dataflow()).build().unwrap_err();
    assert_eq!(
        messages(&error),
        [
            "`resolve` of `resolved` panicked: config has an owner",
            "`config_when` of `conditional` panicked: config has an env",
            "the arguments of `inject` of `bound` panicked: there is a limit",
        ]
    );
    assert!(format!("{error:?}").contains("ICO0423 decorator-panicked"), "{error:?}");
}

#[test]
fn config_gap_names_key_values_and_misspelling() {
    #[dataflow]
    mod seasons {
        #[icosian::decorators::config_when(env = "prod")]
        pub fn rate__prod() -> f64 {
            1.0
        }

        #[icosian::decorators::config_when(env = "dev")]
        pub fn rate__dev() -> f64 {
            2.0
        }

        pub fn price(rate: f64) -> f64 {
            rate
        }
    }
    let build = |config: Config| {
        let error =
            Driver::builder().with_dataflow(seasons::dataflow()).with_config(config).build().unwrap_err();
        format!("{error:?}")
    };
    let text = build(config! { env: "staging" });
    let message = "config matches no variant of `rate`, which `price` reads: `env` is \"staging\", but variants accept \"prod\" or \"dev\"";
    assert!(text.contains(message), "{text}");
    assert!(text.contains("set `env` to one of these values"), "{text}");
    let text = build(config! { enw: "prod" });
    assert!(text.contains("`env` is not set, but variants accept \"prod\" or \"dev\""), "{text}");
    assert!(text.contains("config sets `enw`, which no node reads; did you mean `env`?"), "{text}");
}

#[test]
fn json_inputs_report_all_errors() {
    let inputs = Inputs::from_json(r#"{ "amount": 2.0, "note": null }"#)
        .read::<f64>("amount")
        .read_optional::<String>("note")
        .finish()
        .unwrap();
    let driver = sync(config! { env: "dev" });
    assert_eq!(driver.execute::<prices::price>(inputs).unwrap(), 3.0);

    let body = r#"{ "order": { "items": [{ "price": 1.0 }, { "price": "x" }] }, "usre": 1 }"#;
    let error = Inputs::from_json(body)
        .read::<serde_json::Map<String, serde_json::Value>>("orders")
        .read::<std::collections::HashMap<String, Vec<std::collections::HashMap<String, f64>>>>("order")
        .read::<u64>("user")
        .finish()
        .unwrap_err();
    let found = messages(&error);
    assert!(
        found[0].starts_with("JSON field `order.items[1].price` does not match input `order:"),
        "{found:?}"
    );
    assert_eq!(
        found[1..],
        [
            "the JSON object has no field `orders`, which is an input of type `Map<String, Value>`",
            "the JSON object has no field `user`, which is an input of type `u64`",
            "no input reads JSON field `usre`",
        ]
    );
    let broken = Inputs::from_json("{").read::<u64>("user").finish().unwrap_err();
    assert!(broken.to_string().starts_with("the inputs are not a JSON object: EOF"), "{broken}");
    assert_eq!(broken.iter().len(), 1);
}

#[test]
fn repeated_json_keys_are_refused() {
    let body = r#"{ "x": 1, "order": [{ "id": 1 }, { "id": 1, "tax": 2.5e3, "id": 2 }], "x": 2, "x": null }"#;
    let refused = Inputs::from_json(body).read::<u64>("x").read::<serde_json::Value>("order").finish();
    let found = messages(&refused.unwrap_err());
    assert_eq!(found[..2], ["JSON field `order[1].id` is repeated", "JSON field `x` is repeated"]);
    // The fields themselves are reported as usual.
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[2].contains("does not match input `x: u64`"), "{found:?}");

    let body = r#"{ "x": { "a": [1, -1, 1.5, "a", true, null, {}] }, "y": { "a": 1 } }"#;
    let read = Inputs::from_json(body).read::<serde_json::Value>("x").read::<serde_json::Value>("y");
    assert!(read.finish().is_ok());
}

#[test]
fn json_fields_that_are_read_twice_are_refused() {
    let read = |body: &str| {
        let json = Inputs::from_json(body).read::<u64>("x").read::<u32>("x").read_optional::<u8>("x");
        messages(&json.finish().unwrap_err())
    };
    let twice = ["`x` is read twice, as `u64` and as `u32`", "`x` is read twice, as `u64` and as `u8`"];
    assert_eq!(read(r#"{ "x": 1 }"#), twice);
    let missing = "the JSON object has no field `x`, which is an input of type `u64`";
    assert_eq!(read("{}"), [twice[0], twice[1], missing]);
    let optional = Inputs::from_json("{}").read_optional::<u64>("x").read::<u64>("x").finish().unwrap_err();
    assert_eq!(messages(&optional), ["`x` is read twice, as `u64` and as `u64`"]);
}

#[derive(Clone)]
pub(crate) struct Refuses;
impl serde::Serialize for Refuses {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no"))
    }
}

#[test]
fn json_result_error_names_the_output() {
    #[dataflow]
    mod outputs {
        use super::Refuses;
        pub fn fine() -> u64 {
            1
        }
        pub fn broken() -> Refuses {
            Refuses
        }
    }
    let driver = Driver::builder().with_dataflow(outputs::dataflow()).build().unwrap();
    let error = driver.execute_with(&JsonObject, ["fine", "broken"], inputs! {}).unwrap_err();
    assert!(format!("{error:?}").contains("output `broken` cannot be serialized"), "{error:?}");
}

#[test]
fn inputs_of_one_name_in_two_calls_are_replaced() {
    let inputs = inputs! { amount: 1.0 }.with("amount", 2.0);
    assert_eq!(sync(config! { env: "dev" }).execute::<prices::price>(inputs).unwrap(), 3.0);
}

#[test]
fn request_error_iterates_over_matchable_kinds() {
    let refused = refused(sync(config! { env: "dev" }).execute::<prices::price>(inputs! { amuont: 1.0 }));
    let missing = RequestErrorKind::MissingInput {
        name: "amount".into(),
        readers: vec!["price".into()],
        expected: Some(ValueType::of::<f64>()),
        can_be_shared: false,
        likely_cause: Some(LikelyCause::MisspeltInput("amuont".into())),
    };
    let unread = RequestErrorKind::UnreadInput { name: "amuont".into(), nearest: Some("amount".into()) };
    assert_eq!(refused.kinds().collect::<Vec<_>>(), [&missing, &unread]);
    let mut locations = Vec::new();
    for error in &refused {
        locations.push((error.code().unwrap().to_string(), error.location().is_some()));
    }
    assert_eq!(
        locations,
        [("ICO0001 missing-input".to_owned(), true), ("ICO0008 unused-input".to_owned(), false)]
    );
    assert_eq!(
        refused.to_string(),
        "2 errors: (1) input `amount` is missing; node `price` reads it; (2) no node reads input `amuont`"
    );
    assert_eq!(refused.into_iter().map(|error| error.kind().clone()).collect::<Vec<_>>(), [missing, unread]);
}

#[test]
fn build_error_iterates_over_matchable_kinds() {
    let config = config! { env: "dev", rate: "x" };
    let builder = Driver::builder().with_dataflow(prices::dataflow()).with_config(config);
    let error = builder.with_shared(inputs! { env: 1_u8, amuont: 2.0 }).build().unwrap_err();
    let wrong_type = BuildErrorKind::WrongConfigType {
        name: "rate".into(),
        given: ValueType::of::<String>(),
        expected: ValueType::of::<f64>(),
    };
    let kinds: Vec<_> = error.kinds().cloned().collect();
    assert!(kinds.contains(&wrong_type), "{error:?}");
    assert!(kinds.contains(&BuildErrorKind::SharedInputIsConfig { name: "env".into() }), "{error:?}");
    let is_unread = |kind: &BuildErrorKind| matches!(kind, BuildErrorKind::UnreadSharedInput { name, .. } if name == "amuont");
    assert!((&error).into_iter().any(|error| is_unread(error.kind())), "{error:?}");
    assert!(error.to_string().starts_with(&format!("{} errors: (1) ", kinds.len())), "{error}");
}

#[test]
fn errors_convert_with_question_mark() {
    fn boxed() -> Result<(), Box<dyn std::error::Error>> {
        sync(config! { env: "dev" }).execute::<prices::price>(inputs! {})?;
        Ok(())
    }
    fn report() -> miette::Result<()> {
        Driver::builder().with_shared(inputs! { nothing: 1_u8 }).build()?;
        Ok(())
    }
    assert!(boxed().unwrap_err().downcast_ref::<ExecuteError>().is_some());
    let report = report().unwrap_err();
    assert!(report.downcast_ref::<BuildError>().is_some());
    assert_eq!(report.code().map(|code| code.to_string()).as_deref(), Some("ICO0008 unused-input"));
}
