//! The forms of functions, inputs, outputs and errors, each with an example.
//!
//! # Parameters
//!
//! A parameter reads the node of the same name. Without such a node it is an input of the dataflow. A leading underscore,
//! which marks an unused parameter in Rust, is not part of the name. Decorators accept the name with and without it.
//! For a node that has a leading underscore in its own name, write the parameter with the same underscore: `_raw` reads node
//! `_raw`, and `raw` does not.
//!
//! | written | reads | when nothing provides it |
//! |---|---|---|
//! | `x: &T` | borrows: a `T`, `Box<T>`, `Arc<T>`; a node of the same module may give anything that is `Borrow<T>` | the execution is refused |
//! | `x: &str`, `&[T]`, `&Path` | borrows from `String`, `Vec<T>`, `PathBuf` and other owners of theirs | refused |
//! | `x: T` | takes: moved for the last reader, cloned otherwise | refused |
//! | `x: Option<&T>`, `x: Option<T>` | a `T`, or an `Option<T>` whose `None` is a value like others | `None` |
//! | `#[default(expr)] x: ..` | as without it | the value of `expr`; for `&T` a `T` or a reference, as in `#[default(&[])]` |
//!
//! One node may take a value that is not `Clone`. Nodes that borrow the value run before it.
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
//! # Text literals
//!
//! A text literal in an attribute converts into the type that is expected there, by [`FromText`](crate::FromText): in
//! `#[default("eu")]`, `fallback(value = "eu")`, `fill_with = "eu"`, `values_in = ["eu", "us"]` and `value("eu")`. Types are
//! `String`, `&'static str`, `Box<str>`, `Arc<str>`, `Cow<'static, str>`, `PathBuf`, `OsString`, and an `Option` of these.
//!
//! # Macros
//!
//! A macro may write a whole `#[dataflow]` module, and pass fragments on to the attributes: `#[timeout($limit)]`. A macro
//! *call* inside of a module is different: `#[dataflow]` sees the call and not the functions that it writes, so these are
//! not nodes. Write `#[node]` above them inside the macro, and add them with [`nodes!`](crate::nodes). A node that
//! reads a `pub fn` inside of such a call is a compile error.
//!
//! # Outputs
//!
//! A function returns its value, or a `Result` whose error fails the execution. The macro recognizes a `Result` by the last
//! segment of the type: `io::Result<T>` is one, an alias `type Checked<T> = Result<T, E>` is a plain value. Values are
//! `Send + Sync + 'static`. A function without a return type is a node too: its output is `()`, and execution runs its side
//! effect. A future is no value: await it in an `async fn`. The compiler refuses an output that is a future, or an `Option`, `Result`,
//! `Vec` or array of futures.
//!
//! # Nodes and handles
//!
//! Each `pub fn` of an inline `#[dataflow]` module is a node; private functions are helpers. A node's handle is a type with the
//! name of the function. It hides a crate or type of the same name (`serde`, `str`) in the module. In documentation,
//! ``[`rate()`]`` links to the function and ``[`struct@rate`]`` to the handle.
//!
//! Handles are as visible as their module. The compiler error *can't leak crate-private type* (E0446) means that a public node
//! returns a private type: write `pub(crate) mod` for the module, `pub(crate) fn` for a `#[node]` function, or `pub` for the
//! type.
//!
//! # Functions in many files
//!
//! `#[node]` turns one function into a node, and [`nodes!`](crate::nodes) combines nodes into a dataflow. A driver can have several
//! dataflows; the nodes of each can read the nodes of all.
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
//! Request outputs by handle, with types; by name, if the names are known only at run time; as JSON; or with a custom
//! [`ResultBuilder`](crate::ResultBuilder). [`prepare`](crate::Driver::prepare) plans once for many executions.
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
//! # Inputs, futures, overrides, config
//!
//! An input may be a future ([`Input::future`](crate::Input::future), or [`try_future`](crate::Input::try_future) if it can
//! fail). The execution awaits it once, concurrently with the nodes that do not read it. An override replaces a node by a value
//! for one execution, so the node and the nodes that only it reads do not run. A config value replaces a node, or is an input, in
//! all executions of a driver; its type is that of the node. Decorators such as `config_when` read config when the driver is
//! built.
//!
//! An override wins over a config value: it replaces the value for one execution, as it replaces any node. Conditions of
//! decorators do not change, because they were decided when the driver was built. An *input* with the name of a config value is
//! refused.
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
//! Pass clients, pools and other values that all executions read to `with_shared`, once per driver. The values need not be
//! `Clone`: nodes borrow them. `build` compares their types with the parameters that read them. Config is for switches, which
//! decorators read; decorators do not see shared inputs. An override replaces a shared input for one execution, for instance by
//! a fake client in a test.
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
//! fields, and `finish` reports all faulty fields together, with the path to each fault.
//!
//! ```
//! # use icosian::prelude::*;
//! # #[cfg(feature = "json")]
//! # {
//! let body = r#"{ "user_id": 7, "tags": ["a", 3] }"#;
//! let refused = Inputs::from_json(body).read::<u64>("user_id").read::<Vec<String>>("tags").finish().unwrap_err();
//! assert!(refused.to_string().starts_with("`tags[1]` of the JSON object does not fit input `tags: Vec<String>`"));
//! # }
//! ```
//!
//! # Ordering two nodes without data
//!
//! A node runs after every node that it reads. To run a node after another whose value it does not need, read the value in a
//! parameter with a leading underscore. A node without a return type outputs `()`.
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
//! A node is a function: call it in a unit test. To test several nodes together, execute the real dataflow and replace the nodes
//! at its border by overrides. A replaced node does not run, and neither do nodes that only it reads. Shared inputs and config
//! values are replaced in the same way.
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
//! - The compiler reports cycles within a module, and parameters whose type differs from the output of a node in the module.
//! - `build` reports duplicate nodes, cycles and type mismatches across dataflows.
//! - `execute` reports missing, misspelt and mistyped inputs, unknown outputs, and async nodes under a sync adapter. No node has
//!   run then.
//!
//! Each pass reports all errors that it found: `build` as a [`BuildError`](crate::BuildError), `execute` and `prepare` as a
//! [`RequestError`](crate::RequestError). Every error is a [miette](https://docs.rs/miette) diagnostic with a code, a location in
//! your source and a fix. `Debug` prints all of this as text; `Display` prints one line. `cargo icosian explain CODE` explains a
//! code. Arrows in messages follow the data: `a` → `b` means that `b` reads `a`. Tests match on the kinds:
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
//!     "2 errors: (1) input `single` is missing; node `double` asks for it; (2) no node reads an input `singel`",
//! );
//! let is_missing = |kind: &RequestErrorKind| matches!(kind, RequestErrorKind::MissingInput { name, .. } if name == "single");
//! assert!(refused.kinds().any(is_missing));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! To print the source with the errors, depend on `miette` with the feature `fancy` and print a `miette::Report`, or return
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
//! # When a run fails
//!
//! The first node that fails or panics ends the execution, and running nodes are cancelled. The error has the node, its location,
//! its error and the path from the node to the requested output. The driver stays usable.
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
//! Under [`ErrorPolicy::CollectAll`](crate::ErrorPolicy::CollectAll), which suits batch jobs, nodes that do not depend on a failed
//! node still run, and the error has all failures.
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
//! let Err(ExecuteError::Failed(failed)) = driver.execute::<ports::ports>(inputs! {}) else { panic!("it fails") };
//! assert_eq!(failed.iter().len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Deadlines, and cancelling
//!
//! Dropping an async execution cancels it. To cancel it from another task, or to set a deadline, create a
//! [`RunContext`](crate::RunContext) and pass it with the inputs. A node reads the context of its run in a parameter of that type,
//! whatever its name; the driver provides it. So a blocking function can end early:
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
//! let soon = RunContext::new().within(Duration::from_millis(10));
//! let late = driver.execute::<digits::counted>(inputs! { limit: u64::MAX }.with_context(soon)).unwrap_err();
//! assert_eq!(late.to_string(), "node `counted` failed");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `TokioAdapter` can set a deadline for every execution and a time limit for every node (see its methods).
//!
//! # Watching executions
//!
//! A [`Hook`](crate::Hook) observes the start and the end of each execution and each node: success, error, cancellation, or skipped
//! after a failure. A hook that fails ends the execution, and the error names the hook.
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
//! A node may execute a dataflow. Under an adapter with limits (`with_max_concurrent_runs`, `with_max_concurrent_nodes`, a group), the
//! outer execution and its node keep their permits while the inner one runs. The inner execution waits while another run can
//! release a permit. If all holders of the permits wait for each other, the inner execution fails with
//! [`RunError::Deadlock`](crate::RunError::Deadlock), also where each of them holds a permit of another limit. A `retry`
//! around the outer node can resolve the deadlock, if the node releases its permit between attempts (`retry` above `limit`).
//! An inner execution on a task that the node spawns is not recognized, and waits forever: give it a separate adapter.
//!
//! Under `RayonAdapter`, do not hold a lock over `par_iter` or `rayon::join` in a node: the waiting thread may execute another
//! node that requests the lock. The adapter's page has a way that works with a lock.
//!
//! # Large values
//!
//! Without optimization, the compiler copies a value for each function that it passes through. On a thread with the default
//! stack of 2 MiB, a debug build therefore limits the size of a value that a node holds on the stack:
//!
//! | | up to |
//! |---|---|
//! | output of a sync node | 384 KiB |
//! | argument that a sync node takes by value | 256 KiB |
//! | output of an async node | 224 KiB |
//! | local variable of an async node that lives over an `.await` | 512 KiB |
//! | output that `Driver::execute` returns by value | 128 KiB |
//! | output that `AsyncDriver::execute` returns by value | 64 KiB |
//!
//! The copies that the body makes count too: the limits hold for a body that makes the value and returns it, with or
//! without `retry`, `fallback` and checks. Box larger values (`Box<[u8; N]>`, `Vec<u8>`), or start the thread with a larger
//! stack. `execute_named` leaves an output in its box, where `execute` moves it to the caller.
//!
//! # Linting
//!
//! `cargo icosian lint` (crate `icosian-cli`) reports faults before a run: async nodes that block, type mismatches across dataflows,
//! decorators that an adapter cannot serve. It finds every `#[dataflow]` module of a library. A function or a module may break a rule
//! with a reason: `#[node(allow(rule, reason = ".."))]`, `#[dataflow(allow(..))]`. The linter does not find `nodes![..]` lists and
//! custom adapters: check them in a test.
//!
//! # Checks in a test
//!
//! Errors of `build` and `execute` have the codes of the linter's rules, which `cargo icosian explain ICO0101` explains. With the
//! feature `check` a test finds them without running a node. It also finds faults that a driver accepts: config that no node reads,
//! nodes that are replaced, decorators that have no effect under the adapter.
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
//! // Under tokio, unless a builder sets the adapter.
//! assert_lint_clean!(numbers::dataflow());
//! assert_lint_clean!(numbers::dataflow(), Driver::builder());
//!
//! // With inputs and outputs the check is stricter.
//! let builder = Driver::builder().with_dataflow(numbers::dataflow());
//! let told = Check::new(builder).with_outputs(["double"]).with_inputs(["singel"]).told();
//! assert_eq!(told[0].message, "input `single` is missing; node `double` asks for it");
//! # }
//! ```
//!
//! # Decorators
//!
//! See [`decorators`] for the decorators of a function.

pub mod decorators;
