//! Declared outputs: a struct with exactly the inputs that an output needs.
//!
//! `outputs(..)` declares the public outputs of a `#[dataflow]` module. For each output the macro generates a struct, named after it.
//! A missing, misspelt or mistyped input is then a compile error. Without `outputs(..)`, nothing is generated.
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
//! | the nodes read | field |
//! |---|---|
//! | `&str`, `&[T]`, `&Path` | `String`, `Vec<T>`, `PathBuf` |
//! | `&T`, `T` | `T` |
//! | `Option<..>`, or a parameter with a default, and no other form | `Option<..>` of the above |
//! | only under a config, by `config_when` or a step with `when` | `Option<..>` |
//! | only under a `#[cfg(..)]` | a field below the same condition |
//!
//! - If a struct has optional fields, `new` takes the required ones: `ReportInputs { unit, ..ReportInputs::new(samples, user) }`. If all
//!   fields are optional, it implements `Default`.
//! - The compiler checks that each node can read the type of the field, and reports the parameter that cannot.
//! - `inputs(name: Type)` sets the type of a field. Use it for a shared value, `inputs(samples: Arc<[f64]>)`, and for a value that may
//!   be a future, `inputs(samples: Input)`.
//! - `provided(name)` leaves out a field, because the driver provides the value: a shared input, a config value, or a node of another
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
//! `execute` and `prepare` accept the struct for its output, for each node that the output needs, and for a tuple of these. For anything
//! else the compiler refuses it. `into_inputs` converts the struct to [`Inputs`](crate::Inputs), which take futures, overrides, a context
//! and further inputs.
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
//! The macro follows bindings, steps, parts, checks, fallbacks and replaced bodies, as far as the functions are in the same module. It
//! includes the inputs of all configs. What config decides is an `Option`: the driver reports an input that the current config requires.
//!
//! The macro does not see the reads of some decorators: functions of other modules that a decorator calls, the dataflow of `subdag`, the
//! decorators of `resolve` and of `decorate`. If an output needs a node with one of them, the declaration is refused, unless
//! `inputs(..)` ends with `..`: `inputs(day: u32, ..)`. List the hidden inputs before the `..`; the compiler cannot check that the list
//! is complete. The documentation of the struct names the decorator.
//!
//! # Linting
//!
//! The linter reports each node that no declared output needs, as `unused-node`. Declare the nodes that
//! other dataflows read, too.
