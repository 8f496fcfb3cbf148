//! Declared outputs: a struct with exactly the inputs that an output needs.
//!
//! `outputs(..)` declares the public outputs of a `#[dataflow]` module. For each output, the macro generates a struct with the name of
//! the output, such as `ReportInputs`. A missing, misspelt or mistyped input is then a compile error. Without `outputs(..)`, nothing is
//! generated.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow(outputs(report))]
//! pub mod spend {
//!     pub fn mean(samples: &[f64]) -> f64 {
//!         samples.iter().sum::<f64>() / samples.len() as f64
//!     }
//!     pub fn title(user: &str, #[default("€")] unit: &str) -> String {
//!         format!("{user}, in {unit}")
//!     }
//!     pub fn report(title: &str, mean: f64) -> String {
//!         format!("{title}: {mean}")
//!     }
//! }
//! let driver = Driver::builder().with_dataflow(spend::dataflow()).build()?;
//!
//! let inputs = spend::ReportInputs { samples: vec![1.0, 3.0], user: "Ada".to_owned(), unit: None };
//! assert_eq!(driver.execute::<spend::report>(inputs)?, "Ada, in €: 2");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The struct and its fields have the visibility of the handles. The documentation of a field lists the nodes that read it.
//!
//! # Fields
//!
//! | the nodes read | type of the field |
//! |---|---|
//! | `&str`, `&[T]`, `&Path` | `String`, `Vec<T>`, `PathBuf` |
//! | `&T`, `T` | `T` |
//! | only `Option<..>`, or only parameters with a default | an `Option` of the type above |
//! | the input only under some configs (`config_when`, or a step with `when`) | `Option<..>` |
//! | the input only under a `#[cfg(..)]` | a field with the same `#[cfg(..)]` |
//!
//! - If a struct has optional fields, its function `new` accepts the required fields:
//!   `ReportInputs { unit, ..ReportInputs::new(samples, user) }`. The arguments have the order of the fields in the struct's
//!   documentation, so a new parameter of a node can change it. The compiler does not detect swapped arguments of the same type; if
//!   several required fields have one type, write the fields with their names. If all fields are optional, the struct implements
//!   `Default`.
//! - The compiler checks that each node can read the type of the field, and reports each parameter that cannot.
//! - `inputs(name: Type)` sets the type of a field. Use it for a shared value, `inputs(samples: Arc<[f64]>)`, and for a value that may
//!   be a future, `inputs(samples: Input)`.
//! - `provided(name)` omits a field, because the driver provides the value: a shared input, a config value, or a node of another
//!   dataflow.
//!
//! ```
//! # use icosian::prelude::*;
//! use std::sync::Arc;
//!
//! #[dataflow(outputs(total), inputs(table: Arc<Vec<f64>>, rate: Input), provided(unit))]
//! pub mod prices {
//!     use icosian::Input;
//!     use std::sync::Arc;
//!
//!     pub async fn sum(table: &Vec<f64>) -> f64 { table.iter().sum() }
//!     pub async fn total(sum: f64, rate: f64, unit: &str) -> String { format!("{}{unit}", sum * rate) }
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let driver =
//!     AsyncDriver::builder().with_dataflow(prices::dataflow()).with_shared(inputs! { unit: "€" }).build()?;
//!
//! let table = Arc::new(vec![1.0, 2.0]);
//! let inputs = prices::TotalInputs { table, rate: Input::future(async { 1.5 }) };
//! assert_eq!(driver.execute::<prices::total>(inputs).await?, "4.5€");
//! # Ok(())
//! # }
//! ```
//!
//! # Requests
//!
//! `execute` and `prepare` accept the struct for its output, for each node that the output needs, and for a tuple of these. The compiler
//! rejects other requests. `into_inputs` converts the struct to [`Inputs`](crate::Inputs), which also accept futures, overrides, a
//! context and further inputs.
//!
//! ```
//! # use icosian::prelude::*;
//! # #[dataflow(outputs(report))]
//! # pub mod spend {
//! #     pub fn mean(samples: &[f64]) -> f64 { samples.iter().sum::<f64>() / samples.len() as f64 }
//! #     pub fn report(mean: f64, user: &str) -> String { format!("{user}: {mean}") }
//! # }
//! # let driver = Driver::builder().with_dataflow(spend::dataflow()).build()?;
//! let inputs = || spend::ReportInputs { samples: vec![1.0, 3.0], user: "Ada".to_owned() };
//! let (mean, report) = driver.execute::<(spend::mean, spend::report)>(inputs())?;
//! assert_eq!((mean, report.as_str()), (2.0, "Ada: 2"));
//!
//! let overridden = inputs().into_inputs().overriding::<spend::mean>(7.0);
//! assert_eq!(driver.execute::<spend::report>(overridden)?, "Ada: 7");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Decorators
//!
//! To find the inputs of an output, the macro follows bindings, steps, parts, checks, fallbacks and replaced bodies. It follows only
//! functions of the same module. The struct has the inputs of all configs. An input that only some configs need is an `Option`. If the
//! current config needs it and the field is `None`, the driver reports a missing input.
//!
//! The macro cannot see the inputs that some decorators read. These are the inputs of functions in other modules, of the dataflow that
//! `subdag` includes, and of the decorators that `resolve` and `decorate` apply. If an output needs a node with such a decorator, the macro
//! reports an error, unless `inputs(..)` ends with `..`, as in `inputs(day: u32, ..)`. List the hidden inputs before the `..`. The compiler
//! cannot check that the list is complete. The generated documentation of the struct names the decorator.
//!
//! # Linting
//!
//! The linter reports each node that no declared output needs, as `unused-node`. Also declare the nodes that other dataflows read.
