//! Accepted failures: nodes that run even if a node that they read failed.
//!
//! A parameter of type `Result<&T, &NodeError>` accepts the failure of the node that it reads. The parameter is `Ok` if the node
//! succeeded. It is `Err` if the node returned an error, panicked or timed out, or was skipped because a node that it needs failed. The
//! other consumers of the failed node are skipped. The execution succeeds if all requested outputs exist.
//!
//! ```
//! # use icosian::prelude::*;
//! #[dataflow]
//! pub mod page {
//!     use icosian::prelude::*;
//!
//!     pub async fn profile(user: &str) -> Result<String, std::io::Error> {
//!         if user == "ann" { Ok("Ann Lee".to_owned()) } else { Err(std::io::Error::other("no route")) }
//!     }
//!     pub fn initials(profile: &str) -> String {
//!         profile.split(' ').filter_map(|name| name.chars().next()).collect()
//!     }
//!     pub fn header(user: &str, initials: Result<&str, &NodeError>) -> String {
//!         match initials {
//!             Ok(initials) => format!("{user} ({initials})"),
//!             Err(error) => format!("{user} ({error})"),
//!         }
//!     }
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let driver = AsyncDriver::builder().with_dataflow(page::dataflow()).build()?;
//! assert_eq!(driver.execute::<page::header>(inputs! { user: "ann" }).await?, "ann (AL)");
//! let header = driver.execute::<page::header>(inputs! { user: "bob" }).await?;
//! assert_eq!(header, "bob (node `profile` failed: no route)");
//! # Ok(())
//! # }
//! ```
//!
//! # The parameter
//!
//! - The value is always borrowed, as a `&T`, `&str`, `&[T]` or `&Path`. `&Result<T, E>` borrows a plain value that is a `Result`.
//! - Inputs, config values and overrides are always `Ok`. An input that is a future can fail.
//! - The error is the error of the node that failed. [`upstream`](crate::NodeError::upstream) returns its name, its location and the path
//!   from it to the node that the parameter reads. [`cause`](crate::NodeError::cause) returns the node's own error, for example
//!   `NodeError::TimedOut`, and [`find`](crate::NodeError::find) searches its chain of sources.
//! - A function that returns [`BoxError`](crate::BoxError) can propagate the error with `?`.
//! - A compiled output does not support such a parameter.
//!
//! # The execution
//!
//! - A failure ends the execution at once if a requested output needs the failed node. An output needs a node if it is the node, or if it
//!   needs a consumer that does not accept the failure of the node.
//! - With [`ErrorPolicy::CollectAll`](crate::ErrorPolicy::CollectAll), the error contains accepted failures only if another failure is
//!   fatal.
//! - Hooks receive `Failed` for the failed node and `Skipped` for its other consumers.
//! - The cancellation of an execution, a deadline and the failure of a hook are not failures of a node. No parameter accepts them.
//! - An execution that accepts failures has the same overhead as an execution with hooks. Other executions have no additional overhead.
//!
//! # Decorators
//!
//! - Decorators of the consumer work as usual. Its `retry` and `fallback` handle only errors of the consumer.
//! - A function that `fallback` or `does` calls must accept the failures that the decorated function accepts.
//! - `pipe_input` adds nodes before the parameter, which are skipped. A step of `pipe_output` with a `Result` parameter can replace the
//!   output of a failed function.
//! - `retry`, `fallback` and `check_output` of the producer apply first. The parameter receives their result.
//!
//! # Expansions
//!
//! - A node of a block can accept the failure of another node of its item, or of a value that all items share.
//! - If a node of the block needs a failed value, or the expanding node fails, the block does not run. A node that reads the collected
//!   results is then skipped.
//! - An item whose collected result is missing fails as a whole, and so does its block.
//!   [`on_error`](macro@crate::decorators::expand) changes this.
