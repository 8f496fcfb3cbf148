use std::fmt;

use icosian_core::{DecorateError, Name, ValueType};
use icosian_diagnostics::Diagnostics;
use icosian_graph::GraphError;

use crate::run_error::RunError;

/// All problems found while a driver was built.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{BuildError, Driver};
///
/// let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
/// let flow = Dataflow::new("flow").with_node(one.clone()).with_node(one);
/// let error: BuildError = Driver::builder().with_dataflow(flow).build().unwrap_err();
/// assert_eq!(error.to_string(), "node `one` is defined twice");
/// ```
pub type BuildError = Diagnostics<Problem>;

/// All problems of a request to execute. No node has run.
///
/// # Examples
/// ```
/// use icosian_driver::{Driver, ExecuteError, Refused, inputs};
/// # use icosian_core::{Dataflow, Node, Outline, Param};
/// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
/// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
/// # let flow = Dataflow::new("numbers").with_node(double);
///
/// # let driver = Driver::builder().with_dataflow(flow).build()?;
/// // `double` reads `single`.
/// let error = driver.execute_named(["double"], inputs! { singel: 21_u64 }).unwrap_err();
/// let ExecuteError::Refused(refused) = error else { unreachable!("nothing has run") };
/// let told = |refused: Refused| refused.iter().map(ToString::to_string).collect::<Vec<_>>();
/// let both = ["input `single` is missing; node `double` asks for it", "no node reads an input `singel`"];
/// assert_eq!(told(refused), both);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Refused = Diagnostics<Problem>;

/// The failures of an execution: the first one, or all of them under
/// [`ErrorPolicy::CollectAll`](icosian_adapter::ErrorPolicy::CollectAll).
///
/// # Examples
/// ```
/// use icosian_driver::{Driver, ExecuteError, Failures, inputs};
/// # use icosian_core::{Dataflow, Node, NodeError, Outline};
/// # let broken = Node::sync(Outline::new("broken"), |_| Err::<u64, _>(NodeError::failed("no luck")));
/// # let flow = Dataflow::new("numbers").with_node(broken);
///
/// let driver = Driver::builder().with_dataflow(flow).build()?;
/// let error = driver.execute_named(["broken"], inputs! {}).unwrap_err();
/// let ExecuteError::Failed(failures) = error else { unreachable!("it has run") };
/// let nodes = |failures: &Failures| failures.iter().filter_map(|failed| failed.error().node().cloned()).count();
/// assert_eq!(nodes(&failures), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Failures = Diagnostics<RunError>;

/// A fault of a driver or of a request, found before any node runs.
///
/// # Examples
/// ```
/// use icosian_driver::{Driver, ExecuteError, Problem, inputs};
/// # use icosian_core::{Dataflow, Node, Outline, Param};
/// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
/// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
/// # let flow = Dataflow::new("numbers").with_node(double);
///
/// # let driver = Driver::builder().with_dataflow(flow).build()?;
/// // A web service may answer 400 when an input is missing.
/// let error = driver.execute_named(["double"], inputs! {}).unwrap_err();
/// let ExecuteError::Refused(problems) = error else { unreachable!("nothing has run") };
/// let mut errors = problems.iter().map(|problem| problem.error());
/// assert!(errors.any(|error| matches!(error, Problem::MissingInput { input, .. } if *input == "single")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum Problem {
    /// A fault of the graph, or of a request to it.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Graph(#[from] GraphError),
    /// A fault of a function's decorators.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Decorate(#[from] DecorateError),
    /// An input that nodes read and the caller did not pass.
    #[error("input `{input}` is missing; {}", asked(readers))]
    #[diagnostic(
        code("ICO0001 missing-input"),
        help("{}", missing_help(input, *wanted, meant.as_ref(), *can_be_shared))
    )]
    MissingInput {
        /// The input.
        input: Name,
        /// The nodes that read it; empty if it is missing as an output.
        readers: Vec<Name>,
        /// A type that all of them can read, if any node reads it.
        wanted: Option<ValueType>,
        /// Whether all of them borrow it, so that executions can share it.
        can_be_shared: bool,
        /// The most likely cause, if there is one.
        meant: Option<Meant>,
    },
    /// An input, a config value or an override of a type that its readers cannot read.
    #[error("{kind} `{name}` is of type `{given}`, but {wanted}")]
    #[diagnostic(code("ICO0018 wrong-input-type"), help("{help}"))]
    WrongInputType {
        /// `input`, `config value`, `shared input` or `override`.
        kind: &'static str,
        /// The name of the value.
        name: Name,
        /// The type of the value.
        given: ValueType,
        /// The readers and their types: "node `b` asks for `&str`".
        wanted: String,
        /// How to fix it.
        help: String,
    },
    /// An input or a shared input that no node reads.
    #[error("no node reads {} `{input}`", article(kind))]
    #[diagnostic(
        code("ICO0008 unused-input"),
        help("{}", match nearest { Some(nearest) => format!("did you mean `{nearest}`?"), None => "leave it out, or name a parameter after it".to_owned() })
    )]
    UnknownInput {
        /// `input` or `shared input`.
        kind: &'static str,
        /// The input.
        input: Name,
        /// The input most likely meant.
        nearest: Option<Name>,
    },
    /// An input or a shared input with the name of a node.
    #[error("{kind} `{input}` is the name of a node")]
    #[diagnostic(
        code("ICO0019 input-is-node"),
        help("{}", if *kind == "input" { format!("to replace the node for one execution, override it: `.overriding::<{input}>(value)`") } else { format!("to replace the node in all executions, add a config value: `config! {{ {input}: value }}`") })
    )]
    InputIsNode {
        /// `input` or `shared input`.
        kind: &'static str,
        /// The name.
        input: Name,
    },
    /// An input or a shared input with the name of a config value.
    #[error("`{input}` is both {} and a config value", article(kind))]
    #[diagnostic(
        code("ICO0020 input-is-config"),
        help("{}", if *kind == "input" { format!("remove one of them; to replace the config value for one execution, override it: {}", override_named(input)) } else { "remove one of them".to_owned() })
    )]
    InputIsConfig {
        /// `input` or `shared input`.
        kind: &'static str,
        /// The name.
        input: Name,
    },
    /// An input with the name of a shared input.
    #[error("`{input}` is both an input and a shared input of the driver")]
    #[diagnostic(
        code("ICO0020 input-is-config"),
        help("leave it out; to replace it for one execution, override it: {}", override_named(input))
    )]
    InputIsShared {
        /// The name.
        input: Name,
    },
    /// A document that is no JSON object.
    #[cfg(feature = "json")]
    #[error("the inputs are not a JSON object: {reason}")]
    #[diagnostic(code("ICO0018 wrong-input-type"), help("pass an object whose fields are the inputs"))]
    JsonSyntax {
        /// The parser's message.
        reason: String,
    },
    /// A JSON object that has a field twice or more often.
    #[cfg(feature = "json")]
    #[error("field `{path}` is repeated in the JSON object")]
    #[diagnostic(code("ICO0018 wrong-input-type"), help("keep one of the values"))]
    JsonFieldRepeated {
        /// The path to the field.
        path: String,
    },
    /// An input that the caller reads from a JSON object twice.
    #[cfg(feature = "json")]
    #[error("`{input}` is read twice, as `{first}` and as `{second}`")]
    #[diagnostic(code("ICO0018 wrong-input-type"), help("remove one of the calls"))]
    JsonFieldReadTwice {
        /// The input.
        input: Name,
        /// The type of the first call.
        first: ValueType,
        /// The type of the second call.
        second: ValueType,
    },
    /// A JSON object without the field of an input.
    #[cfg(feature = "json")]
    #[error("the JSON object has no field `{input}`, which is an input of type `{wanted}`")]
    #[diagnostic(
        code("ICO0001 missing-input"),
        help("{}", near.as_ref().map_or_else(|| "add the field, or read it with `read_optional`".to_owned(), |near| format!("did you mean the field `{near}`?")))
    )]
    JsonFieldMissing {
        /// The input.
        input: Name,
        /// Its type.
        wanted: ValueType,
        /// A field of a similar name.
        near: Option<String>,
    },
    /// A field of a JSON object that cannot be deserialized as its input's type.
    #[cfg(feature = "json")]
    #[error("`{path}` of the JSON object does not fit input `{input}: {wanted}`: {reason}")]
    #[diagnostic(
        code("ICO0018 wrong-input-type"),
        help("pass a value that `{wanted}` can be deserialized from")
    )]
    JsonFieldType {
        /// The input.
        input: Name,
        /// Its type.
        wanted: ValueType,
        /// The path to the value, from the name of the input.
        path: String,
        /// The deserializer's message.
        reason: String,
    },
    /// A field of a JSON object that is no input.
    #[cfg(feature = "json")]
    #[error("no input reads field `{field}` of the JSON object")]
    #[diagnostic(
        code("ICO0008 unused-input"),
        help("{}", near.as_ref().map_or_else(|| "remove the field".to_owned(), |near| format!("did you mean `{near}`?")))
    )]
    JsonFieldUnknown {
        /// The field.
        field: String,
        /// An input of a similar name.
        near: Option<String>,
    },
    /// A value that executions cannot share.
    #[error("the shared inputs are refused: {reason}")]
    #[diagnostic(code("ICO0023 shared-input-refused"), help("{help}"))]
    SharedInputRefused {
        /// The reason.
        reason: String,
        /// How to fix it.
        help: &'static str,
    },
    /// A shared input as an output, although its type is not `Clone`.
    #[error(
        "output `{output}` cannot be returned by value: all executions share it, and `{value_type}` is not `Clone`"
    )]
    #[diagnostic(
        code("ICO0017 output-given-twice"),
        help("remove `{output}` from the outputs, or share an `Arc<{value_type}>`")
    )]
    SharedOutput {
        /// The output.
        output: Name,
        /// Its type.
        value_type: ValueType,
    },
    /// An async node under an adapter that runs only sync ones.
    #[error("node `{node}` is async, and the `{adapter}` adapter runs sync nodes only")]
    #[diagnostic(
        code("ICO0101 async-node-under-sync-adapter"),
        help("execute it with an `AsyncDriver`, or override `{node}`")
    )]
    AsyncNode {
        /// The node.
        node: Name,
        /// The adapter.
        adapter: &'static str,
    },
    /// A node that the adapter cannot run.
    #[error("the `{adapter}` adapter cannot run node `{node}`: {reason}")]
    #[diagnostic(
        code("ICO0113 unsupported-node"),
        help("{}", help.clone().unwrap_or_else(|| format!("use an adapter that can, or override `{node}`")))
    )]
    NodeRefused {
        /// The node.
        node: Name,
        /// The adapter.
        adapter: &'static str,
        /// The adapter's reason.
        reason: String,
        /// The adapter's help, if it has one.
        help: Option<String>,
    },
    /// A future as an input under an adapter that polls none.
    #[error("input `{input}` is a future, and the `{adapter}` adapter awaits none")]
    #[diagnostic(
        code("ICO0114 future-input-under-sync-adapter"),
        help("execute it with an `AsyncDriver`, or await the value and pass the result")
    )]
    FutureInput {
        /// The input.
        input: Name,
        /// The adapter.
        adapter: &'static str,
    },
    /// A typed output whose node has another type in this driver.
    #[error("output `{output}` is asked for as type `{wanted}`, but it is of type `{given}` here")]
    #[diagnostic(
        code("ICO0021 wrong-output-type"),
        help("request it by name, or replace the node by a value of type `{wanted}`")
    )]
    WrongOutputType {
        /// The output.
        output: Name,
        /// The type of the handle.
        wanted: ValueType,
        /// The type in this driver.
        given: ValueType,
    },
    /// An output is wanted twice and cannot be cloned.
    #[error("output `{output}` is asked for twice, and `{value_type}` is not `Clone`")]
    #[diagnostic(
        code("ICO0017 output-given-twice"),
        help("request it once, or implement `Clone` for `{value_type}`")
    )]
    AskedTwice {
        /// The output.
        output: Name,
        /// Its type.
        value_type: ValueType,
    },
    /// An output that a result builder refuses.
    #[error("output `{output}` cannot be part of the result: {reason}")]
    #[diagnostic(code("ICO0022 output-refused"), help("{help}"))]
    OutputRefused {
        /// The output.
        output: Name,
        /// The result builder's reason.
        reason: String,
        /// How to fix it.
        help: String,
    },
}

/// The most likely cause of a missing input.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline, Param};
/// use icosian_driver::{Driver, inputs};
///
/// let discount = Node::sync(Outline::new("discount"), |_| Ok(0.1_f64));
/// // The parameter is misspelt.
/// let price = Outline::new("price").param(Param::borrowed::<f64>("discuont"));
/// let price = Node::sync(price, |args| Ok(100.0 * (1.0 - args.borrow::<f64>(0))));
/// let flow = Dataflow::new("prices").with_node(discount).with_node(price);
///
/// let driver = Driver::builder().with_dataflow(flow).build()?;
/// let refused = driver.execute_named(["price"], inputs! {}).unwrap_err();
/// assert!(format!("{refused:?}").contains("rename the parameter if it means node `discount`"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meant {
    /// An input of a similar name that no node reads.
    Input(Name),
    /// A node of a similar name and a fitting type: the parameter is probably misspelt.
    Node(Name),
    /// A private function of this name.
    Private,
}

/// Returns how to provide a missing input.
fn missing_help(
    input: &Name,
    wanted: Option<ValueType>,
    meant: Option<&Meant>,
    can_be_shared: bool,
) -> String {
    let typed = wanted.map_or_else(String::new, |wanted| format!(" as a value of type `{wanted}`"));
    match meant {
        Some(Meant::Input(other)) => {
            format!("`{other}` is passed, and no node reads it; did you mean `{input}`?")
        }
        Some(Meant::Node(node)) => {
            format!("pass it{typed}, or rename the parameter if it means node `{node}`")
        }
        Some(Meant::Private) => {
            format!("`{input}` is private, so it is not a node: write `pub fn {input}`, or pass it{typed}")
        }
        None if can_be_shared => {
            let shared = format!("`.with_shared(inputs! {{ {input} }})`");
            format!("pass it{typed}, or pass it to all executions with {shared}, or add a node `{input}`")
        }
        None => format!("pass it{typed}, or add a node `{input}`"),
    }
}

fn article(kind: &str) -> String {
    let article = if kind.starts_with('i') { "an" } else { "a" };
    format!("{article} {kind}")
}

/// Writes the call that overrides a constant for one execution.
fn override_named(name: &Name) -> String {
    format!("`.overriding_named(\"{name}\", Input::value(value))`")
}

fn asked(readers: &[Name]) -> String {
    match readers {
        [] => "it was asked for as an output".to_owned(),
        [only] => format!("node `{only}` asks for it"),
        [first, second] => format!("nodes `{first}` and `{second}` ask for it"),
        [first, second, rest @ ..] => {
            format!("nodes `{first}`, `{second}` and {} more ask for it", rest.len())
        }
    }
}

/// The error of an execution. `Debug` prints every problem with its location and help.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, NodeError, Outline};
/// use icosian_driver::{Driver, ExecuteError, inputs};
///
/// let broken = Node::sync(Outline::new("broken"), |_| Err::<u64, _>(NodeError::failed("no luck")));
/// let driver = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(broken)).build()?;
/// let status = |name| match driver.execute_named([name], inputs! {}) {
///     Ok(_) => 200,
///     Err(ExecuteError::Refused(_)) => 400,
///     Err(_) => 502,
/// };
/// assert_eq!((status("broken"), status("borken")), (502, 400));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum ExecuteError {
    /// The request was refused before any node ran.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Refused(#[from] Refused),
    /// A node, an input, a hook or the adapter failed: the first failure, or all failures if the error policy collects them.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Failed(Failures),
}

impl ExecuteError {
    /// Returns the first node that failed or panicked, if it was one.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Dataflow, Node, NodeError, Outline};
    /// use icosian_driver::{Driver, inputs};
    ///
    /// let broken = Node::sync(Outline::new("broken"), |_| Err::<u64, _>(NodeError::failed("no luck")));
    /// let driver = Driver::builder().with_dataflow(Dataflow::new("d").with_node(broken)).build()?;
    /// let error = driver.execute_named(["broken"], inputs! {}).unwrap_err();
    /// assert_eq!(error.node().map(|node| node.as_str()), Some("broken"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn node(&self) -> Option<&Name> {
        match self {
            Self::Refused(_) => None,
            Self::Failed(failed) => failed.iter().find_map(|failed| failed.error().node()),
        }
    }
}

impl fmt::Debug for ExecuteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => fmt::Debug::fmt(refused, f),
            Self::Failed(failed) => fmt::Debug::fmt(failed, f),
        }
    }
}
