//! A guide to decorators, with examples.
//!
//! A decorator is an attribute of a function in a `#[dataflow]` module, or of a `#[node]` function, below `#[node]`. A function can have
//! several decorators. The driver applies them in a fixed order of phases:
//!
//! 1. decorators that read config;
//! 2. decorators that include other dataflows or add steps;
//! 3. decorators that create several nodes;
//! 4. decorators that extract or check outputs;
//! 5. metadata such as tags;
//! 6. wrappers of the function's body.
//!
//! Within a phase, the decorator nearest to the function applies first. All decorators work on sync and async functions alike.
//! Errors are reported before any node runs: by the compiler if possible, otherwise
//! [when the driver is built](#checks-by-the-compiler-and-the-driver).
//!
//! Each attribute has a page in [`decorators`](crate::decorators). The same module contains the decorators as values, for nodes that are
//! built without macros and for custom decorators.
//!
//! | to | write |
//! |---|---|
//! | split an output into several nodes | `extract_outputs`, `extract_fields`, `unpack_fields` |
//! | create several nodes from one function | `parameterize`, `parameterize_sources`, `parameterize_values` |
//! | run the nodes that read a function once for each item that it returns | `expand`, see [fan-out](super::fan_out) |
//! | bind a parameter to another node or to a value | `inject` |
//! | select functions or decorators by config | `config_when`, `config_when_not`, `config_when_in`, `config_when_not_in`, `config`, `resolve`, `resolve_from_config` |
//! | add steps before a parameter or after an output | `pipe_input`, `pipe_output`, `mutate` |
//! | include another dataflow, or use the body of another function | `subdag`, `parameterized_subdag`, `does` |
//! | check an output | `check_output`, `check_output_custom` |
//! | add metadata | `tag`, `tag_outputs`, `remote` |
//! | handle failures and delays | `retry`, `timeout`, `limit`, `rate_limit`, `fallback` |
//! | choose [where a function runs](#placement-of-nodes) | `offload`, `spawn` |
//! | exclude a function from the dataflow | `exclude` |
//! | apply a custom decorator | `decorate` |
//!
//! # Handles
//!
//! Decorators can create nodes: the parts of an output, the nodes of `parameterize`, or the node that several variants share. Such a
//! node has a handle if its name is known at compile time, and the compiler then checks the parameters that read it.
//!
//! An excluded function and a parameterized function have no handle, because no node has their name. Request nodes that depend on
//! config or on custom decorators by name, with `execute_named`.
//!
//! # Checks by the compiler and the driver
//!
//! The compiler checks
//!
//! - the syntax of each decorator, and the parameters, outputs and functions of the module that it names;
//! - the types of values (`value(..)`, `fallback(value = ..)`, the predicate of `retry`), of parts and of validators;
//! - the types of parameters that read a node of the same name, including nodes that decorators create.
//!
//! The driver checks, when it is built,
//!
//! - the types of the nodes in `source(..)`. If no node has the name, `source(..)` reads an input, which `execute` checks;
//! - the parameters of a function under `subdag`, and the inputs and config that `subdag` passes to the included dataflow;
//! - the types of values that pass through a pipe or a `mutate`;
//! - the output and the parameters of the function in `does` or `fallback`;
//! - config: each required value is present and has the type that the decorator compares it with. The config selects exactly one variant
//!   of each node that other nodes or decorators need;
//! - the capabilities of the adapter, and that by-value parameters are `Clone` if a decorator can call the body again;
//! - the edges between functions that `nodes![..]` lists, and the nodes that `resolve` and custom decorators create.
//!
//! The keys of a map are only known at run time. If `extract_fields` finds neither a value nor a default for a key, the execution fails.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod rates {
//!     pub fn eu_rate() -> f64 {
//!         1.5
//!     }
//!
//!     #[inject(rate = source(eu_rate))]
//!     pub fn shown(rate: &str) -> String {
//!         format!("{rate}%")
//!     }
//! }
//! // The module compiles, because the driver checks `source(..)`. A parameter `eu_rate: &str` would not compile.
//! let error = Driver::builder().with_dataflow(rates::dataflow()).build().unwrap_err();
//! assert_eq!(error.to_string(), "node `shown` expects `rate: &str`, but node `eu_rate` returns `f64`");
//! ```
//!
//! # Parts of an output
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod moments {
//!     use std::collections::HashMap;
//!
//!     #[derive(Clone)]
//!     pub struct Moments {
//!         pub mean: f64,
//!         pub spread: f64,
//!     }
//!
//!     /// Runs once. The nodes `mean` and `spread` borrow from its output.
//!     #[extract_outputs(mean: f64, spread: f64)]
//!     pub fn moments(samples: &[f64]) -> Moments {
//!         Moments { mean: samples.iter().sum::<f64>() / 2.0, spread: samples[1] - samples[0] }
//!     }
//!
//!     #[unpack_fields(low, _, high)]
//!     pub fn bounds(mean: f64, spread: f64) -> (f64, f64, f64) {
//!         (mean - spread, mean, mean + spread)
//!     }
//!
//!     #[extract_fields(eu: f64, us: f64 = 1.0)]
//!     pub fn rates() -> HashMap<String, f64> {
//!         HashMap::from([("eu".to_owned(), 1.5)])
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(moments::dataflow()).build()?;
//! let bounds = driver.execute::<(moments::low, moments::high)>(inputs! { samples: vec![1.0, 3.0] })?;
//! assert_eq!(bounds, (0.0, 4.0));
//! assert_eq!(driver.execute::<(moments::eu, moments::us)>(inputs! {})?, (1.5, 1.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Several nodes from one function
//!
//! These decorators bind a parameter to `source(node)`, `value(expr)`, `list[..]` or `map { key = .. }`. An unbound parameter reads the
//! node of the same name.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod prices {
//!     #[parameterize(
//!         /// The price in {region}.
//!         eu(region = value("eu"), rate = source(eu_rate)),
//!         us(region = value("us"), rate = value(1.0)),
//!     )]
//!     pub fn price(region: &str, rate: f64, amount: f64) -> String {
//!         format!("{region}: {}", rate * amount)
//!     }
//!
//!     #[parameterize_sources(all_eu(parts = eu_parts), all_us(parts = us_parts))]
//!     pub fn all(parts: &[f64]) -> f64 {
//!         parts.iter().sum()
//!     }
//!
//!     #[parameterize_values(half(factor = 0.5), double(factor = 2.0))]
//!     pub fn scaled(amount: f64, factor: f64) -> f64 {
//!         amount * factor
//!     }
//!
//!     #[inject(amounts = list[source(half), source(double), value(1.0)])]
//!     pub fn largest(amounts: &[f64]) -> f64 {
//!         amounts.iter().copied().fold(0.0, f64::max)
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(prices::dataflow()).build()?;
//! let outputs = driver.execute::<(prices::eu, prices::us)>(inputs! { eu_rate: 1.5, amount: 2.0 })?;
//! assert_eq!(outputs, ("eu: 3".to_owned(), "us: 2".to_owned()));
//! assert_eq!(driver.execute::<prices::largest>(inputs! { amount: 2.0 })?, 4.0);
//! assert_eq!(driver.execute::<prices::all_us>(inputs! { us_parts: vec![1.0, 2.0] })?, 3.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Selection by config
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod rates {
//!     use icosian::decorators::Tag;
//!
//!     #[config_when(env = "prod")]
//!     pub fn rates__prod() -> f64 {
//!         1.5
//!     }
//!
//!     #[config_when_not(env = "prod")]
//!     pub fn rates__fixed() -> f64 {
//!         1.0
//!     }
//!
//!     #[config_when_in(region = ["eu", "uk"])]
//!     pub fn unit__europe() -> &'static str {
//!         "€"
//!     }
//!
//!     #[config_when_not_in(region = ["eu", "uk"])]
//!     pub fn unit__elsewhere() -> &'static str {
//!         "$"
//!     }
//!
//!     #[config(|config| config.get::<bool>("verbose") == Some(&true))]
//!     #[resolve(|config| Ok::<_, String>(Tag::new().with("keys", [config.names().count().to_string()])))]
//!     pub fn label(rates: f64, unit: &&'static str) -> String {
//!         format!("{rates}{unit}")
//!     }
//! }
//! let config = config! { "env": "prod", "region": "us", "verbose": true };
//! let driver = Driver::builder().with_dataflow(rates::dataflow()).with_config(config).build()?;
//! assert_eq!(driver.execute::<rates::rates>(inputs! {})?, 1.5);
//! let named = driver.execute_named(["label"], inputs! {})?;
//! assert_eq!(named.get::<String>("label"), Some(&"1.5$".to_owned()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Steps
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod numbers {
//!     fn halved(number: f64) -> f64 {
//!         number / 2.0
//!     }
//!
//!     #[exclude]
//!     pub fn clip(number: f64, most: f64) -> f64 {
//!         number.min(most)
//!     }
//!
//!     #[pipe_input(step(halved), step(clip, most = value(3.0)).when(env = "prod"))]
//!     pub fn label(number: f64) -> String {
//!         number.to_string()
//!     }
//!
//!     #[pipe_output(step(clip, most = source(limit)))]
//!     pub fn price(number: f64) -> f64 {
//!         number * 2.0
//!     }
//!
//!     /// A step after `price`. This function is not a node.
//!     #[mutate(price)]
//!     fn rounded(price: f64) -> f64 {
//!         price.round()
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(numbers::dataflow()).build()?;
//! assert_eq!(driver.execute::<numbers::label>(inputs! { number: 10.0 })?, "5");
//! assert_eq!(driver.execute::<numbers::price>(inputs! { number: 10.0, limit: 4.4 })?, 4.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Binding parameters that have pipes
//!
//! If a parameter has a pipe (`pipe_input`), a binding by `inject` or `parameterize` applies to the input of the pipe's first step. All
//! nodes of `parameterize` that do not bind the parameter share the steps of the pipe. Each node that binds it has a separate copy of the
//! steps. The names of the copies start with the name of the node, as in `low.with_increased`.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod numbers {
//!     fn increased(number: u64) -> u64 {
//!         number + 100
//!     }
//!
//!     #[parameterize(low(number = value(1_u64)), high(number = source(limit)))]
//!     #[pipe_input(step(increased))]
//!     pub fn label(number: u64) -> String {
//!         number.to_string()
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(numbers::dataflow()).build()?;
//! let (low, high) = driver.execute::<(numbers::low, numbers::high)>(inputs! { limit: 9_u64 })?;
//! assert_eq!((low.as_str(), high.as_str()), ("101", "109"));
//! assert!(driver.graph().node("low.with_increased").is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A parameter that `subdag` provides cannot also be bound (`ICO0416`). Each node that a decorator creates is read by another node, or is
//! an output of the function or of an included dataflow.
//!
//! # Included dataflows and other bodies
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod spending {
//!     #[icosian::dataflow]
//!     pub mod statistics {
//!         pub fn mean(samples: &[f64]) -> f64 {
//!             samples.iter().sum::<f64>() / samples.len() as f64
//!         }
//!     }
//!
//!     #[subdag(statistics, namespace = "spend", inputs(samples = source(spend)))]
//!     pub fn report(mean: f64) -> String {
//!         format!("{mean:.1}")
//!     }
//!
//!     #[parameterized_subdag(
//!         statistics,
//!         eu(inputs(samples = source(eu_spend))),
//!         us(inputs(samples = value(vec![4.0]))),
//!     )]
//!     pub fn by_region(mean: f64) -> f64 {
//!         mean
//!     }
//!
//!     fn sum(left: f64, right: f64) -> f64 {
//!         left + right
//!     }
//!
//!     #[does(sum, left = eu, right = us)]
//!     pub fn total(eu: f64, us: f64) -> f64 {
//!         unreachable!("`sum` is called with {eu} and {us}")
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(spending::dataflow()).build()?;
//! assert_eq!(driver.execute::<spending::report>(inputs! { spend: vec![1.0, 2.0] })?, "1.5");
//! assert_eq!(driver.execute::<spending::total>(inputs! { eu_spend: vec![1.0, 2.0] })?, 5.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A dataflow or a function that includes itself, directly or through others, is a cycle (`ICO0003`).
//!
//! # Defaults of a decorated function
//!
//! With `does`, `fallback` and `pipe_input`, a second function reads the parameters of the decorated function: the new body, the fallback
//! function, or the first step. The signature of the decorated function decides which inputs may be missing.
//!
//! - A `#[default(..)]` of the decorated function takes precedence over a default of the second function.
//! - A parameter that the decorated function requires is required, even if it is optional in the function that `does` names. The first
//!   step of a pipe is an exception: it can convert its input, so its own `Option` or default applies.
//! - A parameter of the decorated function may be an `Option`, or have a default that awaits. The parameter of the second function must
//!   then be an `Option` or have a default too (`ICO0421`).
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod prices {
//!     fn scaled(#[default(10.0)] price: f64) -> f64 {
//!         price * 2.0
//!     }
//!
//!     #[does(scaled)]
//!     pub fn total(#[default(3.0)] price: f64) -> f64 {
//!         unreachable!("`scaled` is called with {price}")
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(prices::dataflow()).build()?;
//! assert_eq!(driver.execute::<prices::total>(inputs! {})?, 6.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Checks and metadata
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod shares {
//!     use icosian::decorators::{Tag, Validation, Validator};
//!
//!     struct Even;
//!
//!     impl Validator<u64> for Even {
//!         fn name(&self) -> &'static str {
//!             "even"
//!         }
//!
//!         fn validate(&self, value: &u64) -> Validation {
//!             Validation::of(value % 2 == 0, format!("{value} is odd"))
//!         }
//!     }
//!
//!     #[check_output(range = 0.0..=1.0, importance = "fail")]
//!     #[tag(owner = "finance", data.pii = ["no"])]
//!     pub fn share(part: f64, whole: f64) -> f64 {
//!         part / whole
//!     }
//!
//!     #[check_output_custom(Even, importance = "fail")]
//!     #[remote(num_cpus = 4)]
//!     #[decorate(Tag::new().with("written", ["by hand"]))]
//!     pub fn count(items: &[f64]) -> u64 {
//!         items.len() as u64
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(shares::dataflow()).build()?;
//! assert_eq!(driver.execute::<shares::share>(inputs! { part: 1.0, whole: 2.0 })?, 0.5);
//! assert!(driver.execute::<shares::count>(inputs! { items: vec![1.0] }).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Failures and delays
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod fetched {
//!     use std::io;
//!
//!     #[fallback(value = 1.0)]
//!     #[retry(attempts = 3, backoff = "1ms..2ms", jitter, when = |error: &io::Error| error.kind() == io::ErrorKind::TimedOut)]
//!     #[timeout("2s")]
//!     #[limit("network", max_concurrency = 4)]
//!     pub async fn rate() -> io::Result<f64> {
//!         Err(io::ErrorKind::TimedOut.into())
//!     }
//!
//!     /// If the call fails, `unknown` is called with the same `id`. A fallback function may be async.
//!     #[fallback(unknown)]
//!     pub async fn customer(id: u64) -> io::Result<String> {
//!         Err(io::Error::other(format!("no route to {id}")))
//!     }
//!
//!     fn unknown(id: u64) -> String {
//!         format!("customer {id}")
//!     }
//!
//!     #[fallback(with = |error: &icosian::NodeError| format!("unknown: {error}"))]
//!     pub fn country(code: &str) -> Result<String, std::str::Utf8Error> {
//!         Ok(code.to_uppercase())
//!     }
//!
//!     #[offload]
//!     pub fn digest(text: &str) -> usize {
//!         text.len()
//!     }
//! }
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let driver = AsyncDriver::builder().with_dataflow(fetched::dataflow()).build()?;
//! let text = "long".to_owned();
//! assert_eq!(driver.execute::<(fetched::rate, fetched::digest)>(inputs! { text }).await?, (1.0, 4));
//! let inputs = inputs! { id: 7_u64, code: "eu".to_owned() };
//! let named = driver.execute::<(fetched::customer, fetched::country)>(inputs).await?;
//! assert_eq!(named, ("customer 7".to_owned(), "EU".to_owned()));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Placement of nodes
//!
//! Under `TokioAdapter`, the kind of a function and its decorators determine the thread or task that runs it:
//!
//! | function | runs | suitable for |
//! |---|---|---|
//! | `fn` | in place, on the task that awaits the execution | short computations |
//! | `#[offload] fn` | on a thread for blocking calls | blocking calls, long computations |
//! | `async fn` | concurrently with the other async functions, on the task that awaits the execution | waiting for I/O |
//! | `#[spawn] async fn`, `#[spawn] fn` | on a separate task, on any worker of the runtime | computations of a few milliseconds |
//! | `#[offload] async fn` | polled on a thread for blocking calls | async functions that sometimes block |
//!
//! All functions without `offload` or `spawn` share the task of the execution, so they use one core at a time. While a `fn` runs in
//! place, no `async fn` of the execution makes progress. Async, offloaded and spawned functions therefore start before `fn`s that are
//! ready, regardless of their order in the file. Between two long `fn`s, the adapter yields to the runtime, which wakes the waiting
//! functions. A function that uses up tokio's cooperative budget does not starve the other functions.
//!
//! `#[spawn]` needs a multi-thread runtime to run functions in parallel. A spawned `fn` occupies a worker until it returns. When
//! an execution is cancelled, its functions are cancelled too. A `fn` that has already started runs to its end, and its output is dropped.
//! `SyncAdapter` runs each `fn` on the caller's thread, and `RayonAdapter` runs each on a thread of its pool, offloaded or not.
//! Neither supports `#[spawn]`.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod ranking {
//!     use std::io;
//!
//!     /// Blocks its thread, so it runs on a thread for blocking calls.
//!     #[offload]
//!     pub fn weights(path: &str) -> io::Result<Vec<u64>> {
//!         Ok(std::fs::read_to_string(path)?.bytes().map(u64::from).collect())
//!     }
//!
//!     /// A computation that another worker can run.
//!     #[spawn]
//!     pub async fn squares(weights: &[u64]) -> u64 {
//!         weights.iter().map(|weight| weight * weight).sum()
//!     }
//!
//!     #[spawn]
//!     pub async fn cubes(weights: &[u64]) -> u64 {
//!         weights.iter().map(|weight| weight * weight * weight).sum()
//!     }
//!
//!     /// A short function, which runs in place.
//!     pub fn score(squares: u64, cubes: u64) -> u64 {
//!         squares + cubes
//!     }
//! }
//! # tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(async {
//! let driver = AsyncDriver::builder().with_dataflow(ranking::dataflow()).build()?;
//! let missing = inputs! { path: "there/is/no/file".to_owned() };
//! let error = driver.execute::<ranking::score>(missing).await.unwrap_err();
//! assert_eq!(error.to_string(), "node `weights` failed");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ## Clocks
//!
//! Under `TokioAdapter`, deadlines, timeouts, backoff and the durations that hooks receive use tokio's clock, so tests can pause the
//! clock. An offloaded `fn` sleeps on its thread between attempts, and this wait uses the system clock. Timeouts, deadlines and backoff
//! need the runtime's timer (`Builder::enable_time`). On a runtime without a timer, the execution fails before a node runs.
//!
//! To find out whether the runtime has a timer, the adapter catches a panic of tokio. On a runtime without a timer, the panic hook
//! therefore prints a message, and a process with `panic = "abort"` aborts. Enable the timer in such a process.
//!
//! # Order around a body
//!
//! `retry`, `timeout`, `limit`, `fallback` and `offload` wrap the function and the decorators below them, so their order matters. In the
//! table, each cell describes the decorator of the row, written above the decorator of the column:
//!
//! | upper decorator | above `retry` | above `timeout` | above `limit` | above `fallback` | above `offload` |
//! |---|---|---|---|---|---|
//! | `retry` | attempts multiply | each attempt has the full time limit, and a timeout is retried | a permit per attempt, released before the wait | refused, unless the fallback function can fail: then the function and its fallback are retried | all attempts on one thread |
//! | `timeout` | one time limit for all attempts and waits; ICO0704 warns if it is too short | refused: only the shorter timeout can expire | the wait for the permit is not included | one time limit for the function and its fallback | on expiry, a sync function fails, but its thread keeps running; ICO0703 warns |
//! | `limit` | one permit for all attempts and waits | the wait for the permit is not included | refused if the groups or their limits differ, and as a duplicate (ICO0406) otherwise | the permit covers the fallback function | the permit is held until the thread is done |
//! | `fallback` | replaces the error of the last attempt | replaces a timeout | the permit covers the fallback function | the upper fallback applies if the lower one fails; refused if the lower one cannot fail | the fallback function runs on the same thread |
//! | `offload` | all attempts on one thread | async functions only | the permit is held until the thread is done | the fallback function runs on the same thread | refused as a duplicate (ICO0406) |
//!
//! Further rules:
//!
//! - The compiler rejects a `retry` or `fallback` that no error can reach, two timeouts with the same time limit, and a `timeout` of
//!   zero. If the decorators are built as values, the driver rejects the same combinations.
//! - On an offloaded sync function, `retry` and `fallback` are refused above `timeout`, because the timeout's error never reaches them.
//! - `retry` above `limit` is refused for offloaded functions: a node would block its thread while it waits for a permit. Write
//!   `retry` below `limit` instead.
//! - A node that acquires a permit for each attempt starts before it has a permit. The adapter's node timeout and the duration that
//!   hooks receive therefore include the wait for the permit.
//! - The position of `spawn` does not matter: all attempts, the fallback function and the timer share the spawned task.
//! - The position of `check_output` does not matter either: a check runs on the final output, after retries and fallbacks. A failed check
//!   is neither retried nor replaced by a fallback.
//!
//! ## Rate limits
//!
//! `#[rate_limit("llm", per_minute = 300)]` limits how often a function starts. All functions in the group `llm` share the limit, in all
//! runs of a driver. The other arguments are `per_second` and `burst`. The position of `rate_limit` matters:
//!
//! | with | above `rate_limit` | below `rate_limit` |
//! |---|---|---|
//! | `retry` | each attempt counts as a start | all attempts count as one start |
//! | `timeout` | the wait for a start is not included | the same |
//! | `limit` | the node waits while it holds its permit | the node waits before it acquires the permit |
//! | `fallback` | the fallback function does not count as a start | the same |
//! | `offload`, `spawn` | the node waits before it occupies a thread or task | the same |
//!
//! For offloaded functions, `retry` above `rate_limit` is refused, just like `retry` above `limit`.
//!
//! # Observing attempts
//!
//! Each retried attempt, fallback and timeout emits a `tracing` event at level `WARN`. The driver reports each node to hooks
//! once, even if its function was called several times. [`NodeEnd::attempts`](crate::NodeEnd::attempts) counts the calls, and
//! [`NodeEnd::recovered_from`](crate::NodeEnd::recovered_from) returns the error that `retry` or `fallback` replaced.
//!
//! ```
//! # use icosian::prelude::*;
//! # use std::sync::{Arc, Mutex};
//! use icosian::{BoxError, Hook, NodeEnd, NodeInfo};
//!
//! #[dataflow]
//! pub mod rates {
//!     use std::io;
//!
//!     #[fallback(value = 1.0)]
//!     #[retry(attempts = 3)]
//!     pub fn rate() -> io::Result<f64> {
//!         Err(io::Error::other("no route"))
//!     }
//! }
//!
//! /// Records the errors that `retry` or `fallback` replaced.
//! #[derive(Clone, Debug, Default)]
//! struct Degraded(Arc<Mutex<Vec<String>>>);
//!
//! impl Hook for Degraded {
//!     fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
//!         if let Some(error) = end.recovered_from() {
//!             let line = format!("{}: {error} after {} attempts", node.outline().name(), end.attempts());
//!             self.0.lock().expect("no hook panics").push(line);
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let degraded = Degraded::default();
//! let driver = Driver::builder().with_dataflow(rates::dataflow()).with_hook(degraded.clone()).build()?;
//! assert_eq!(driver.execute::<rates::rate>(inputs! {})?, 1.0);
//! assert_eq!(*degraded.0.lock().expect("no hook panics"), ["rate: no route after 3 attempts"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Error reports (`anyhow`, `eyre`, `miette`)
//!
//! A function can fail with `anyhow::Error`, `eyre::Report` or `miette::Report`. Three interfaces search such a report
//! and its chain of sources for an error of a given type:
//!
//! - `when = |error: &io::Error| ..` of `retry`;
//! - [`NodeError::find`](crate::NodeError::find), in a `fallback` closure;
//! - [`ReturnedError::find`](crate::ReturnedError::find), on the source of a [`RunError`](crate::RunError).
//!
//! `when = |error: &anyhow::Error| ..` receives the whole report. The search does not find an error that `miette`'s `into_diagnostic`
//! converted. Instead, return a `Diagnostic` with the error as its source.
