//! A guide to writing, executing and testing dataflows.
//!
//! # Parameters
//!
//! A parameter reads the node of the same name. If no node has the name, the parameter reads an input of the dataflow.
//!
//! | parameter | reads | if neither a node nor an input provides it |
//! |---|---|---|
//! | `x: &T` | a borrowed `T`, also from a `Box<T>` or an `Arc<T>` | error |
//! | `x: &str`, `&[T]`, `&Path` | a borrowed value of a `String`, `Vec<T>`, `PathBuf` or a similar owner | error |
//! | `x: T` | an owned `T`: moved if no later node needs it, cloned otherwise | error |
//! | `x: Option<&T>`, `x: Option<T>` | a `T`, or an `Option<T>` whose value can be `None` | `None` |
//! | `x: Result<&T, &NodeError>` | as `&T`, or the error of a node that failed ([`accepted_failures`]) | error |
//! | `#[default(expr)] x: ..` | as without the attribute | the value of `expr` |
//!
//! - A `&T` parameter can borrow from a node of the same module whose output type implements `Borrow<T>`.
//! - The default of a `&T` parameter is a `T` or a reference, for example `#[default(&[])]`.
//! - Only one node can consume a value that is not `Clone`. Nodes that borrow the value run first.
//! - A leading underscore marks an unused parameter in Rust. The underscore is not part of the edge's name: `_rate` reads node `rate`.
//!   Decorators accept the parameter's name with or without the underscore.
//! - If a node's own name starts with an underscore, its readers repeat the underscore: only `_raw` reads node `_raw`.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod prices {
//!     pub fn sorted(mut prices: Vec<f64>) -> Vec<f64> {
//!         prices.sort_by(f64::total_cmp);
//!         prices
//!     }
//!     pub fn median(sorted: &[f64]) -> Option<f64> {
//!         sorted.get(sorted.len() / 2).copied()
//!     }
//!     pub fn report(median: Option<f64>, #[default("€")] unit: &str, note: Option<&str>) -> String {
//!         let median = median.map_or("none".to_owned(), |median| format!("{median}{unit}"));
//!         format!("median: {median}{}", note.unwrap_or_default())
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(prices::dataflow()).build()?;
//! assert_eq!(driver.execute::<prices::report>(inputs! { prices: vec![3.0, 1.0, 2.0] })?, "median: 2€");
//! assert_eq!(driver.execute::<prices::report>(inputs! { prices: Vec::<f64>::new() })?, "median: none");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # String literals
//!
//! A string literal in an attribute is converted into the type of the parameter or output with [`FromText`](crate::FromText). Examples
//! are `#[default("eu")]`, `fallback(value = "eu")`, `fill_with = "eu"`, `values_in = ["eu", "us"]` and `value("eu")`.
//!
//! Supported types: `String`, `&'static str`, `Box<str>`, `Arc<str>`, `Cow<'static, str>`, `PathBuf`, `OsString`, and their `Option`s.
//!
//! # Macros
//!
//! A `macro_rules!` macro can expand to a whole `#[dataflow]` module, and it can pass fragments to the attributes:
//! `#[timeout($limit)]`.
//!
//! A macro call inside a `#[dataflow]` module does not create nodes, because `#[dataflow]` runs before the call is expanded. Inside the
//! macro, add `#[node]` to the functions, and combine them with [`nodes!`](crate::nodes). If a macro call in the module defines a
//! `pub fn`, and a parameter of a node has the same name, the compiler reports an error.
//!
//! # Outputs
//!
//! A function returns a value or a `Result`. An `Err` fails the execution.
//!
//! - The macro recognizes a `Result` by the last segment of the type. `io::Result<T>` is a `Result`; an alias such as
//!   `type Checked<T> = Result<T, E>` is treated as a plain value.
//! - The types of all values must be `Send + Sync + 'static`.
//! - A function without a return type is a node whose output is `()`. Request this output to run the function for its side effects.
//! - An output cannot be a future, or an `Option`, `Result`, `Vec` or array of futures. Await the future in an `async fn`.
//!
//! # Nodes and handles
//!
//! Each `pub fn` of an inline `#[dataflow]` module is a node. Private functions are helpers.
//!
//! The handle of a node is a type with the name of the function. Inside the module, the handle shadows a crate or type of the same
//! name, such as `serde` or `str`. In documentation, ``[`rate()`]`` links to the function and ``[`struct@rate`]`` links to the handle.
//!
//! A handle has the visibility of its module. The compiler error *can't leak crate-private type* (E0446) means that a public node
//! uses a private type. Declare the module `pub(crate) mod`, the `#[node]` function `pub(crate) fn`, or the type `pub`.
//!
//! # Functions in many files
//!
//! `#[node]` turns one function into a node. [`nodes!`](crate::nodes) combines nodes into a dataflow. A driver can have several
//! dataflows, and each node can read the nodes of all of them.
//!
//! ```
//! # use icosian::prelude::*;
//! mod rates {
//!     #[icosian::node]
//!     pub fn rate(currency: &str) -> f64 {
//!         if currency == "EUR" { 1.0 } else { 1.1 }
//!     }
//! }
//! mod totals {
//!     #[icosian::node]
//!     pub fn total(rate: f64, amount: f64) -> f64 {
//!         rate * amount
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(nodes![rates::rate, totals::total]).build()?;
//! assert_eq!(driver.execute::<totals::total>(inputs! { currency: "EUR", amount: 5.0 })?, 5.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Outputs of an execution
//!
//! | to request | call |
//! |---|---|
//! | typed outputs, by handle | [`execute`](crate::Driver::execute) |
//! | outputs whose names are only known at run time | [`execute_named`](crate::Driver::execute_named) |
//! | JSON, or a custom [`ResultBuilder`](crate::ResultBuilder) | [`execute_with`](crate::Driver::execute_with) |
//! | the same outputs many times | [`prepare`](crate::Driver::prepare), which plans once |
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod numbers {
//!     pub fn double(single: u64) -> u64 { single * 2 }
//!     pub fn label(double: u64) -> String { format!("<{double}>") }
//! }
//! let driver = Driver::builder().with_dataflow(numbers::dataflow()).build()?;
//!
//! let both: (u64, String) = driver.execute::<(numbers::double, numbers::label)>(inputs! { single: 2_u64 })?;
//! assert_eq!(both, (4, "<4>".to_owned()));
//!
//! let named = driver.execute_named(["double", "single"], inputs! { single: 2_u64 })?;
//! assert_eq!((named.get::<u64>("double"), named.get::<u64>("single")), (Some(&4), Some(&2)));
//!
//! let json = driver.execute_with(&JsonObject, ["double", "label"], inputs! { single: 2_u64 })?;
//! assert_eq!(json["label"], "<4>");
//!
//! let ready = driver.prepare::<numbers::label>()?;
//! for single in 0..3_u64 {
//!     assert_eq!(ready.execute(inputs! { single })?, format!("<{}>", single * 2));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Declared outputs
//!
//! `#[dataflow(outputs(..))]` declares the public outputs of a module. For each output, the macro generates a struct with exactly the
//! inputs that the output needs. A missing or mistyped input is then a compile error. [`declared_outputs`] has the details.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow(outputs(label))]
//! pub mod numbers {
//!     pub fn double(single: u64) -> u64 { single * 2 }
//!     pub fn label(double: u64) -> String { format!("<{double}>") }
//! }
//! let driver = Driver::builder().with_dataflow(numbers::dataflow()).build()?;
//! assert_eq!(driver.execute::<numbers::label>(numbers::LabelInputs { single: 2 })?, "<4>");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Compiled outputs
//!
//! With `compile`, `#[dataflow]` also writes a plain function for each declared output: `run::report` for the output `report`. The function
//! needs no driver, does not box values, and takes about as long as hand-written code. It is async if one of its nodes is async.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow(outputs(report), compile)]
//! pub mod prices {
//!     use std::time::Duration;
//!
//!     #[retry(attempts = 3, backoff = "10ms..1s")]
//!     pub async fn rate(currency: &str) -> Result<f64, String> {
//!         tokio::time::sleep(Duration::from_millis(5)).await;
//!         if currency == "EUR" { Ok(1.1) } else { Err(format!("no rate of {currency}")) }
//!     }
//!     pub async fn amount(order: u64) -> f64 {
//!         tokio::time::sleep(Duration::from_millis(5)).await;
//!         order as f64
//!     }
//!     pub fn report(rate: f64, amount: f64, currency: &str) -> String {
//!         format!("{:.2} {currency}", rate * amount)
//!     }
//! }
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let inputs = prices::ReportInputs { currency: "EUR".to_owned(), order: 20 };
//! assert_eq!(prices::run::report(inputs).await?, "22.00 EUR");
//! let inputs = prices::ReportInputs { currency: "XYZ".to_owned(), order: 20 };
//! let error = prices::run::report(inputs).await.unwrap_err();
//! assert_eq!(error.node().map(|node| node.as_str()), Some("rate"));
//! # Ok(())
//! # }
//! ```
//!
//! - **Order.** Each node runs once. An async node starts when the nodes that it depends on are done, and waits for no other async node.
//!   Sync nodes run in place, on the task that polls the function. A panic of a node unwinds, as in hand-written code.
//! - **Errors.** The first failure ends the function and drops the futures of all other nodes. The error is the [`ExecuteError`](crate::ExecuteError) that
//!   a driver returns: it names the node, its location and the path to the output.
//! - **Cancellation.** Dropping the future drops the futures of all nodes. The future is `Send` if the nodes' futures are.
//! - **Values.** An argument is moved if it is the last use of the value in every order that the schedule permits, and cloned otherwise.
//!   If a value must be cloned but its type is not `Clone`, the compiler reports the node. Borrow the value, or use a driver.
//! - **Time.** `timeout`, and `retry` with `backoff`, use the timer of the tokio runtime that polls the function (feature `tokio`).
//!   A sync function sleeps on its thread between attempts.
//! - **Context.** Each call has a new context for `RunContext` parameters. The context is cancelled when the call fails or is dropped.
//! - **Restrictions.** Supported decorators are `tag`, `tag_outputs`, `exclude`, `extract_outputs`, `extract_fields`, `unpack_fields`,
//!   `check_output`, `retry`, `timeout` and `fallback`. Other decorators, `Collect` and `CollectStream` parameters, nodes below
//!   `#[cfg(..)]` and `provided(..)` are compile errors. Hooks, overrides, shared inputs, limits and adapters need a driver.
//!
//! # Inputs, futures, overrides, config
//!
//! | kind | scope | effect |
//! |---|---|---|
//! | input | one execution | sets a parameter that no node provides |
//! | override | one execution | replaces a node, an input, a shared input or a config value |
//! | shared input | all executions of a driver | an input that nodes borrow |
//! | config | all executions of a driver | provides an input or replaces a node; decorators can read it during `build` |
//!
//! - An input can be a future: [`Input::future`](crate::Input::future), or [`try_future`](crate::Input::try_future) if it can fail.
//!   The execution awaits the future once. Meanwhile, nodes that do not depend on the input run.
//! - An overridden node does not run. Nodes that only the overridden node needs do not run either.
//! - A config value that replaces a node must have the node's output type. Decorators such as `config_when` evaluate their conditions
//!   in `build`, so an override does not change the result of a condition.
//! - Passing an input with the name of a config value is an error. To replace a config value for one execution, override it.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod mail {
//!     pub async fn address(user: &str, domain: &str) -> String { format!("{user}@{domain}") }
//!     pub fn domain() -> String { "localhost".to_owned() }
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let driver = AsyncDriver::builder()
//!     .with_dataflow(mail::dataflow())
//!     .with_config(config! { "domain": "example.org" })
//!     .build()?;
//! let user = Input::future(async { "ada".to_owned() });
//! assert_eq!(driver.execute::<mail::address>(inputs! { user }).await?, "ada@example.org");
//!
//! // By handle, with the node's own type; `overriding_named` takes a name and any `Input`.
//! let known = inputs! {}.overriding::<mail::address>("bob@localhost".to_owned());
//! assert_eq!(driver.execute::<mail::address>(known).await?, "bob@localhost");
//! # Ok(())
//! # }
//! ```
//!
//! # Shared clients
//!
//! Pass values that all executions read, such as clients and pools, to `with_shared`. Nodes can only borrow these values, so the values
//! need not be `Clone`. `build` checks that their types match the parameters.
//!
//! Use config for values that decorators depend on, such as switches: decorators cannot read shared inputs. A test can override a
//! shared input, for example with a fake client.
//!
//! ```
//! # use icosian::prelude::*;
//! /// A connection pool, which is not `Clone`.
//! pub struct Pool(Vec<&'static str>);
//!
//! #[dataflow]
//! pub mod users {
//!     use super::Pool;
//!
//!     pub async fn user(db: &Pool, user_id: usize) -> Option<String> {
//!         db.0.get(user_id).map(ToString::to_string)
//!     }
//!     pub fn greeting(user: Option<&str>) -> String {
//!         format!("Hello, {}!", user.unwrap_or("stranger"))
//!     }
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let db = Pool(vec!["Ada", "Bob"]);
//! let driver = AsyncDriver::builder()
//!     .with_dataflow(users::dataflow())
//!     .with_shared(inputs! { db })
//!     .with_adapter(TokioAdapter::new())
//!     .build()?;
//! assert_eq!(driver.execute::<users::greeting>(inputs! { user_id: 1_usize }).await?, "Hello, Bob!");
//!
//! let fake = inputs! { user_id: 1_usize }.overriding_named("db", Input::value(Pool(Vec::new())));
//! assert_eq!(driver.execute::<users::greeting>(fake).await?, "Hello, stranger!");
//! # Ok(())
//! # }
//! ```
//!
//! # JSON inputs
//!
//! A service often receives its inputs as one JSON object. [`Inputs::from_json`](crate::Inputs::from_json) deserializes the
//! fields. `finish` reports all invalid fields, each with its path in the JSON object.
//!
//! ```
//! # use icosian::prelude::*;
//! # #[cfg(feature = "json")]
//! # {
//! let body = r#"{ "user_id": 7, "tags": ["a", 3] }"#;
//! let refused = Inputs::from_json(body).read::<u64>("user_id").read::<Vec<String>>("tags").finish().unwrap_err();
//! assert!(refused.to_string().starts_with("JSON field `tags[1]` does not match input `tags: Vec<String>`"));
//! # }
//! ```
//!
//! # Ordering nodes without data
//!
//! A node runs after all nodes that it reads. To run a node after another node without using its output, add a parameter with the other
//! node's name and a leading underscore. If the other node has no return type, the parameter's type is `&()`.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod store {
//!     pub fn migrations() {
//!         // create the tables
//!     }
//!     pub fn rows(_migrations: &()) -> Vec<u64> {
//!         vec![1, 2]
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(store::dataflow()).build()?;
//! assert_eq!(driver.execute::<store::rows>(inputs! {})?, [1, 2]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Testing
//!
//! A node is a function, so a unit test can call it. To test several nodes together, execute the real dataflow and override the nodes
//! that access the network, files or databases. Overrides also replace shared inputs and config values.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod weather {
//!     pub async fn temperature(city: &str) -> std::io::Result<f64> {
//!         Err(std::io::Error::other(format!("no network to ask for {city}")))
//!     }
//!     pub fn advice(temperature: f64) -> &'static str {
//!         if temperature < 10.0 { "coat" } else { "shirt" }
//!     }
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! assert_eq!(weather::advice(3.0), "coat");
//!
//! let driver = AsyncDriver::builder().with_dataflow(weather::dataflow()).build()?;
//! let warm = inputs! {}.overriding::<weather::temperature>(25.0);
//! assert_eq!(driver.execute::<weather::advice>(warm).await?, "shirt");
//! # Ok(())
//! # }
//! ```
//!
//! # Errors before a run
//!
//! | reported by | errors |
//! |---|---|
//! | the compiler | cycles within a module; a parameter whose type differs from the output that it reads in the module |
//! | `build` | duplicate nodes, cycles and type mismatches across dataflows, invalid decorators |
//! | `execute`, `prepare` | unknown outputs; missing, misspelt and mistyped inputs; async nodes under a sync adapter |
//!
//! No node runs before these checks pass. Each check returns all its errors at once: `build` in a
//! [`BuildError`](crate::BuildError), `execute` and `prepare` in a [`RequestError`](crate::RequestError).
//!
//! Every error is a [miette](https://docs.rs/miette) diagnostic with a code, a source location and a help text. `Display` prints one
//! line, `Debug` prints the whole diagnostic as text, and `cargo icosian explain CODE` explains a code. In messages, `a` → `b` means
//! that `b` reads `a`. Tests can match on the kinds of errors:
//!
//! ```
//! # use icosian::prelude::*;
//! use icosian::RequestErrorKind;
//!
//! #[dataflow]
//! pub mod numbers {
//!     pub fn double(single: u64) -> u64 { single * 2 }
//! }
//! let driver = Driver::builder().with_dataflow(numbers::dataflow()).build()?;
//! let error = driver.execute::<numbers::double>(inputs! { singel: 2_u64 }).unwrap_err();
//! let ExecuteError::Refused(refused) = error else { unreachable!("no node has run") };
//! assert_eq!(
//!     refused.to_string(),
//!     "2 errors: (1) input `single` is missing; node `double` reads it; (2) no node reads input `singel`",
//! );
//! let is_missing = |kind: &RequestErrorKind| matches!(kind, RequestErrorKind::MissingInput { name, .. } if name == "single");
//! assert!(refused.kinds().any(is_missing));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! To print errors with their source, depend on `miette` with the feature `fancy`. Print a `miette::Report`, or return
//! `miette::Result<()>` from `main`:
//!
//! ```
//! # use icosian::prelude::*;
//! # #[dataflow]
//! # pub mod numbers {
//! #     pub fn double(single: u64) -> u64 { single * 2 }
//! # }
//! fn main() -> miette::Result<()> {
//!     let driver = Driver::builder().with_dataflow(numbers::dataflow()).build()?;
//!     let double = driver.execute::<numbers::double>(inputs! { single: 2_u64 })?;
//!     assert_eq!(double, 4);
//!     if let Err(error) = driver.execute::<numbers::double>(inputs! {}) {
//!         eprintln!("{:?}", miette::Report::new(error));
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # Errors of a run
//!
//! The first node that fails or panics ends the execution and cancels the running nodes. The error contains the node, its location, the
//! node's error, and the path from the node to the requested output. The driver remains usable.
//!
//! ```
//! # use icosian::prelude::*;
//! use icosian::RunError;
//!
//! #[dataflow]
//! pub mod ports {
//!     pub fn port(text: &str) -> Result<u16, std::num::ParseIntError> { text.parse() }
//! }
//! let driver = Driver::builder().with_dataflow(ports::dataflow()).build()?;
//! match driver.execute::<ports::port>(inputs! { text: "http" }) {
//!     Ok(port) => println!("{port}"),
//!     Err(ExecuteError::Refused(problems)) => println!("nothing ran: {problems:?}"),
//!     Err(ExecuteError::Failed(failed)) => match failed.first() {
//!         Some(RunError::NodeFailed { node, source, .. }) => {
//!             assert_eq!((node.as_str(), source.to_string().as_str()), ("port", "invalid digit found in string"));
//!         }
//!         _ => println!("{failed:?}"),
//!     },
//!     Err(other) => println!("{other}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Batch jobs can use [`ErrorPolicy::CollectAll`](crate::ErrorPolicy::CollectAll). Nodes that do not depend on a failed node then
//! still run, and the error contains all failures. To handle the failure of a node in its consumers, see [`accepted_failures`].
//!
//! ```
//! # use icosian::prelude::*;
//! use icosian::ErrorPolicy;
//!
//! #[dataflow]
//! pub mod ports {
//!     pub fn http() -> Result<u16, std::num::ParseIntError> { "http".parse() }
//!     pub fn https() -> Result<u16, std::num::ParseIntError> { "https".parse() }
//!     pub fn ports(http: u16, https: u16) -> [u16; 2] { [http, https] }
//! }
//! let driver = Driver::builder()
//!     .with_dataflow(ports::dataflow())
//!     .with_error_policy(ErrorPolicy::CollectAll)
//!     .build()?;
//! let Err(ExecuteError::Failed(failed)) = driver.execute::<ports::ports>(inputs! {}) else { panic!("two nodes fail") };
//! assert_eq!(failed.iter().len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Deadlines and cancellation
//!
//! Dropping the future of an async execution cancels the execution. To cancel it from another task, or to set a deadline, create a
//! [`RunContext`](crate::RunContext) and pass it with the inputs.
//!
//! To access the context of its run, a node declares a parameter of type `&RunContext` with any name. The driver provides the context.
//! For example, a blocking function can check for cancellation and return early:
//!
//! ```
//! # use icosian::prelude::*;
//! use std::time::Duration;
//!
//! #[dataflow]
//! pub mod digits {
//!     use icosian::prelude::*;
//!     use icosian::Cancelled;
//!
//!     pub fn counted(limit: u64, context: &RunContext) -> Result<u64, Cancelled> {
//!         for _ in 0..limit {
//!             context.check()?;
//!         }
//!         Ok(limit)
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(digits::dataflow()).build()?;
//! assert_eq!(driver.execute::<digits::counted>(inputs! { limit: 10_u64 })?, 10);
//!
//! let soon = RunContext::new().with_time_limit(Duration::from_millis(10));
//! let late = driver.execute::<digits::counted>(inputs! { limit: u64::MAX }.with_context(soon)).unwrap_err();
//! assert_eq!(late.to_string(), "node `counted` failed");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `TokioAdapter` can set a deadline for every execution and a time limit for every node.
//!
//! # Observing executions
//!
//! The driver calls a [`Hook`](crate::Hook) at the start and the end of each execution and of each node. A node can succeed, fail, be
//! cancelled, or be skipped because another node failed. If a hook returns an error or panics, the execution fails with an error that
//! names the hook. An `AsyncDriver` also awaits an [`AsyncHook`](crate::AsyncHook).
//!
//! ```
//! # use icosian::prelude::*;
//! use icosian::{BoxError, Hook, NodeEnd, NodeInfo};
//!
//! #[dataflow]
//! pub mod numbers {
//!     pub fn double(single: u64) -> u64 { single * 2 }
//! }
//!
//! /// Prints slow nodes.
//! #[derive(Debug)]
//! struct Slow(std::time::Duration);
//!
//! impl Hook for Slow {
//!     fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
//!         if end.time() > self.0 {
//!             eprintln!("{}: {} took {:?}", node.run(), node.outline().name(), end.time());
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let slow = Slow(std::time::Duration::from_secs(1));
//! let driver = Driver::builder().with_dataflow(numbers::dataflow()).with_hook(slow).build()?;
//! assert_eq!(driver.execute::<numbers::double>(inputs! { single: 2_u64 })?, 4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Nested executions
//!
//! A node can execute a dataflow. If the adapter limits concurrent runs, nodes or groups of nodes, the outer execution and its
//! node keep their permits while the inner execution runs.
//!
//! - If no permit is free, the inner execution waits until another run releases one.
//! - If all runs that hold permits wait for each other, the inner execution fails with
//!   [`RunError::Deadlock`](crate::RunError::Deadlock). The adapter also detects deadlocks that involve several limits.
//! - A `retry` on the outer node can resolve the deadlock if the node releases its permit between attempts (`retry` above `limit`).
//! - If a node spawns a task, and the task executes a dataflow, the adapter does not detect the deadlock: the task can wait forever. Use
//!   a separate adapter for such executions.
//!
//! Under `RayonAdapter`, a node must not hold a lock while it calls `par_iter` or `rayon::join`. While rayon waits, the same thread can
//! run another node, and a deadlock occurs if that node requests the lock. The docs of `RayonAdapter` show a safe pattern.
//!
//! # Large values
//!
//! In a debug build, each function that passes a value on keeps a copy of it on the stack, so large values overflow the stack. On a
//! thread with the default stack of 2 MiB, values up to these sizes are safe:
//!
//! | value | maximal size |
//! |---|---|
//! | output of a sync node | 384 KiB |
//! | owned argument of a sync node | 256 KiB |
//! | output of an async node | 224 KiB |
//! | local variable of an async node that lives across an `.await` | 512 KiB |
//! | owned output of `Driver::execute` | 128 KiB |
//! | owned output of `AsyncDriver::execute` | 64 KiB |
//!
//! The limits apply to a function that creates the value and returns it, with or without `retry`, `fallback` and checks. They are lower
//! if the function makes more copies. Put larger values on the heap (`Box<[u8; N]>`, `Vec<u8>`), or start the thread with a larger stack.
//! `execute_named` returns outputs in boxes, whereas `execute` moves them onto the caller's stack.
//!
//! # Linting
//!
//! `cargo icosian lint` (crate `icosian-cli`) reports errors before a run. Examples are async nodes that block, type mismatches across
//! dataflows, and decorators that the adapter does not support. The linter finds every `#[dataflow]` module of a library, but neither
//! dataflows that `nodes![..]` builds nor custom adapters: check these in a test (next section).
//!
//! To silence a rule, state a reason: `#[node(allow(rule, reason = ".."))]` on a function, `#[dataflow(allow(..))]` on a module.
//!
//! # Checks in a test
//!
//! The feature `check` adds `assert_lint_clean!`, which checks a dataflow without running a node. It reports the errors that `build` and
//! `execute` would return. It also reports likely mistakes that a driver accepts. These are config that no node reads, nodes that config or
//! a later dataflow replaces, and decorators without effect under the adapter. `cargo icosian explain CODE` explains the code of a finding.
//!
//! ```
//! # #[cfg(feature = "check")]
//! # {
//! use icosian::assert_lint_clean;
//! use icosian::check::Check;
//! use icosian::prelude::*;
//!
//! #[dataflow]
//! pub mod numbers {
//!     pub fn double(single: u64) -> u64 { single * 2 }
//! }
//!
//! // Without a builder, the macro checks the dataflow under `TokioAdapter`.
//! assert_lint_clean!(numbers::dataflow());
//! assert_lint_clean!(numbers::dataflow(), Driver::builder());
//!
//! // If the inputs and outputs of an execution are known, the check also reports missing and unknown inputs.
//! let builder = Driver::builder().with_dataflow(numbers::dataflow());
//! let findings = Check::new(builder).with_outputs(["double"]).with_inputs(["singel"]).findings();
//! assert_eq!(findings[0].message, "input `single` is missing; node `double` reads it");
//! # }
//! ```
//!
//! # Further modules
//!
//! [`decorators`]: the attributes of functions. [`fan_out`]: nodes that run once for each item. `layers` (feature `tower`): middleware.

pub mod accepted_failures;
pub mod declared_outputs;
pub mod decorators;
pub mod fan_out;
#[cfg(feature = "tower")]
pub mod layers;
