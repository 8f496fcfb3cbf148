//! What functions, inputs, outputs and errors can be, each with an example.
//!
//! # Parameters
//!
//! A parameter reads the node of its own name; when there is none, it is an input of the dataflow.
//!
//! | written | reads | when nothing provides it |
//! |---|---|---|
//! | `x: &T` | borrows: a `T`, `Box<T>`, `Arc<T>`; a node of the same module may give anything that is `Borrow<T>` | the execution is refused |
//! | `x: &str`, `&[T]`, `&Path` | borrows from `String`, `Vec<T>`, `PathBuf` and other owners of theirs | refused |
//! | `x: T` | takes: moved when nobody reads the value any more, cloned otherwise | refused |
//! | `x: Option<&T>`, `x: Option<T>` | a `T`, or an `Option<T>` whose `None` is a value like others | `None` |
//! | `#[default(expr)] x: ..` | as without it | the value of `expr`; for `&T` a `T` or a reference, as in `#[default(&[])]` |
//!
//! A value that is not `Clone` may be taken by one node; those that borrow it run before.
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
//! A function returns its value, or a `Result` whose error fails the execution. What is a `Result` is told by the type's last
//! segment: `io::Result<T>` is one, an alias `type Checked<T> = Result<T, E>` is a plain value. Values are
//! `Send + Sync + 'static`. A future is no value: await it in an `async fn`. The compiler refuses an output that is a future,
//! or an `Option`, `Result`, `Vec` or array of futures.
//!
//! # What is a node, and who sees its handle
//!
//! Each `pub fn` of an inline `#[dataflow]` module is a node; private functions are helpers. A node's handle is a type of the
//! function's name, so a node named like a crate or a type that its module uses (`serde`, `str`) hides it there.
//!
//! Handles are as visible as their module. If the compiler says *can't leak crate-private type* (E0446), a node that is
//! visible everywhere gives a type that is not: write `pub(crate) mod` for the module, `pub(crate) fn` for a `#[node]`
//! function, or `pub` for the type.
//!
//! # Functions in many files
//!
//! `#[node]` makes a node of one function; [`nodes!`](crate::nodes) gathers any number of them into a dataflow. Several
//! dataflows compose in one driver: each reads the others' nodes.
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
//! # Asking for outputs
//!
//! By handle, with types; by name, when the names come at run time; as JSON; or through a
//! [`ResultBuilder`](crate::ResultBuilder) of your own. [`prepare`](crate::Driver::prepare) plans once for many
//! executions.
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
//! An input may be a future ([`Input::future`](crate::Input::future), [`try_future`](crate::Input::try_future) when it may
//! fail): it is awaited once, beside all that does not need it. An override gives a node's value, so that it and all that
//! only it needs do not run. A config value is the same for all executions of a driver; it may stand for a node too.
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
//! # What is told, and when
//!
//! - The compiler tells, at the parameter, when a node of the same module gives another type than the parameter asks for,
//!   and when nodes need each other.
//! - Building a driver tells duplicates, cycles and type mismatches across dataflows.
//! - Executing tells missing, misspelt and mistyped inputs, unknown outputs, and async nodes under a sync adapter, before
//!   anything runs.
//!
//! Each pass tells everything it found. Every error is a [miette](https://docs.rs/miette) diagnostic with a code, the place
//! in your source and a way out; its `Debug` has all of that as text.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod numbers {
//!     pub fn double(single: u64) -> u64 { single * 2 }
//! }
//! let driver = Driver::builder().with_dataflow(numbers::dataflow()).build()?;
//! let refused = driver.execute::<numbers::double>(inputs! { singel: 2_u64 }).unwrap_err();
//! assert_eq!(refused.to_string(), "input `single` is missing; node `double` asks for it, and 1 more problem");
//! assert!(format!("{refused:?}").contains("no node reads an input `singel`"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! To see them with the source, as a terminal shows them, depend on `miette` with its feature `fancy` and print a
//! `miette::Report`, or let `main` return `miette::Result<()>`:
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
//! The first node that fails or panics ends the execution: nodes that still run are cancelled, and the error names the
//! node, its place, its own error and the way from it to the output that was asked for. The driver serves the next call.
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
//! A batch job may rather want to know all that is wrong: under
//! [`ErrorPolicy::CollectAll`](crate::ErrorPolicy::CollectAll) everything that does not need a failed node still runs, and the
//! error tells every failure.
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
//! Dropping an async execution cancels it. To cancel it from elsewhere, or to give it a deadline, make a
//! [`RunContext`](crate::RunContext) and give it along with the inputs. A node that takes long may ask for the context of its
//! run by a parameter of that type, whatever its name; nobody has to give it. So a blocking function can end early:
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
//! `TokioAdapter` can give every execution a deadline, and every node a time
//! (see its methods).
//!
//! # Watching executions
//!
//! A [`Hook`](crate::Hook) is told of each execution and each node: when it begins, and how it ended: well, with an
//! error, cancelled, or skipped because of another's failure. A hook that fails ends the execution, and is named apart from nodes.
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
//! /// Tells slow nodes.
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
//! A node may execute a dataflow. Under an adapter with limits (`with_runs_at_a_time`, `with_nodes_at_a_time`, a group), the
//! outer execution and its node keep their permits while the inner one runs. The inner execution waits while another run can
//! release a permit. If all permits are held by runs and nodes that wait for an inner execution, it fails with
//! [`RunError::Deadlock`](crate::RunError::Deadlock). An inner execution on a task that the node spawns is not recognized,
//! and waits forever: give it a separate adapter.
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
//! `cargo icosian lint` (crate `icosian-cli`) tells before a run what cannot work: async nodes that block, types that do not fit across
//! dataflows, decorators that an adapter cannot serve. It finds every `#[dataflow]` module of a library by itself. A function or a
//! module may break a rule with a reason: `#[node(allow(rule, reason = ".."))]`, `#[dataflow(allow(..))]`. `nodes![..]` lists, and
//! adapters of your own, are judged in a test, as follows.
//!
//! # Judging in a test
//!
//! What is refused when a driver is built or asked for outputs has the codes of the linter's rules: `cargo icosian explain ICO0101`
//! says what each is about. With the feature `check` a test finds all of it without running anything, and what a driver accepts
//! and should not have to: config that nobody reads, nodes for which others stand, decorators that do nothing under the adapter.
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
//! // Under tokio, unless a builder says under what.
//! assert_lint_clean!(numbers::dataflow());
//! assert_lint_clean!(numbers::dataflow(), Driver::builder());
//!
//! // Who knows inputs and outputs is told more.
//! let builder = Driver::builder().with_dataflow(numbers::dataflow());
//! let told = Check::new(builder).with_outputs(["double"]).with_inputs(["singel"]).told();
//! assert_eq!(told[0].message, "input `single` is missing; node `double` asks for it");
//! # }
//! ```
//!
//! # Decorators
//!
//! What can stand above a function has a chapter of its own: [`decorators`].

pub mod decorators;
