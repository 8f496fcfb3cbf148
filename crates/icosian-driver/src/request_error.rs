use icosian_core::Name;
use icosian_core::value::ValueType;
use icosian_graph::GraphError;

use crate::build_error::hint_for;
use crate::diagnostics_error::diagnostics_error;
use crate::inputs::InputRole;

diagnostics_error! {
    /// All errors of a request to execute. No node has run.
    ///
    /// # Examples
    /// ```
    /// use icosian_driver::{Driver, ExecuteError, RequestErrorKind, inputs};
    /// # use icosian_core::{Dataflow, Node, Outline, Param};
    /// # let double = Outline::new("double").with_param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// # let flow = Dataflow::new("numbers").with_node(double);
    ///
    /// # let driver = Driver::builder().with_dataflow(flow).build()?;
    /// // `double` reads `single`. A web service may answer 400 when an input is missing.
    /// let error = driver.execute_named(["double"], inputs! { singel: 21_u64 }).unwrap_err();
    /// let ExecuteError::Refused(refused) = error else { unreachable!("nothing has run") };
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "2 errors: (1) input `single` is missing; node `double` reads it; (2) no node reads input `singel`",
    /// );
    /// let is_missing = |kind: &RequestErrorKind| matches!(kind, RequestErrorKind::MissingInput { name, .. } if *name == "single");
    /// assert!(refused.kinds().any(is_missing));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    RequestError of RequestErrorKind
}

/// The kind of a [`RequestError`]'s diagnostic.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum RequestErrorKind {
    /// An error of the graph for the requested outputs and overrides.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Graph(#[from] GraphError),
    /// An input that nodes read and the caller did not pass.
    #[error("input `{name}` is missing; {}", format_readers(readers))]
    #[diagnostic(
        code("ICO0001 missing-input"),
        help("{}", missing_help(name, *expected, likely_cause.as_ref(), can_be_shared.then(|| sharing_call(name))))
    )]
    MissingInput {
        /// The input.
        name: Name,
        /// The nodes that read it; empty if it is missing as an output.
        readers: Vec<Name>,
        /// A type that all of them can read, if any node reads it.
        expected: Option<ValueType>,
        /// Set if all of them borrow it, so that executions can share it.
        can_be_shared: bool,
        /// The most likely cause, if there is one.
        likely_cause: Option<LikelyCause>,
    },
    /// An input or an override of a type that its readers cannot read.
    #[error("{role} `{name}` is of type `{given}`, but {}", format_typed_readers(readers))]
    #[diagnostic(
        code("ICO0018 wrong-input-type"),
        help("{}", expected.map_or_else(String::new, |expected| format!("pass a value of type `{expected}`{}", hint_for(*given, expected))))
    )]
    WrongInputType {
        /// The role of the value.
        role: InputRole,
        /// The name of the value.
        name: Name,
        /// The type of the value.
        given: ValueType,
        /// A type that all readers accept.
        expected: Option<ValueType>,
        /// The nodes that cannot read the value, with the types of their parameters as written.
        readers: Vec<(Name, String)>,
    },
    /// An input or an override that is requested as an output of another type.
    #[error("{role} `{name}` is of type `{given}`, but the output is requested as `{expected}`")]
    #[diagnostic(
        code("ICO0018 wrong-input-type"),
        help("pass a value of type `{expected}`, or request `{name}` by name")
    )]
    WrongReturnedType {
        /// The role of the value.
        role: InputRole,
        /// The name of the value.
        name: Name,
        /// The type of the value.
        given: ValueType,
        /// The type of the handle.
        expected: ValueType,
    },
    /// An input that no node reads.
    #[error("no node reads input `{name}`")]
    #[diagnostic(
        code("ICO0008 unused-input"),
        help("{}", match nearest { Some(nearest) => format!("did you mean `{nearest}`?"), None => "remove it, or add a parameter with this name".to_owned() })
    )]
    UnreadInput {
        /// The input.
        name: Name,
        /// An input of a similar name.
        nearest: Option<Name>,
    },
    /// An input with the name of a node.
    #[error("input `{name}` has the name of a node")]
    #[diagnostic(
        code("ICO0019 input-is-node"),
        help("to replace the node for one execution, override it: `.overriding::<{name}>(value)`")
    )]
    InputIsNode {
        /// The name.
        name: Name,
    },
    /// An input with the name of a config value.
    #[error("`{name}` is both an input and a config value")]
    #[diagnostic(
        code("ICO0020 input-is-config"),
        help(
            "remove the input or the config value; to replace the config value for one execution, override it: {}",
            format_override(name)
        )
    )]
    InputIsConfig {
        /// The name.
        name: Name,
    },
    /// An input with the name of a shared input.
    #[error("`{name}` is both an input and a shared input of the driver")]
    #[diagnostic(
        code("ICO0020 input-is-config"),
        help(
            "remove the input; to replace the shared input for one execution, override it: {}",
            format_override(name)
        )
    )]
    InputIsShared {
        /// The name.
        name: Name,
    },
    /// A document that is no JSON object.
    #[cfg(feature = "json")]
    #[error("the inputs are not a JSON object: {reason}")]
    #[diagnostic(code("ICO0018 wrong-input-type"), help("pass an object whose fields are the inputs"))]
    JsonSyntax {
        /// The parser's message.
        reason: String,
    },
    /// A JSON object that has a field more than once.
    #[cfg(feature = "json")]
    #[error("JSON field `{path}` is repeated")]
    #[diagnostic(code("ICO0018 wrong-input-type"), help("keep one of the values"))]
    JsonFieldRepeated {
        /// The path to the field.
        path: String,
    },
    /// An input that the caller reads from a JSON object twice.
    #[cfg(feature = "json")]
    #[error("`{name}` is read twice, as `{first}` and as `{second}`")]
    #[diagnostic(code("ICO0018 wrong-input-type"), help("remove one of the calls"))]
    JsonFieldReadTwice {
        /// The input.
        name: Name,
        /// The type of the first call.
        first: ValueType,
        /// The type of the second call.
        second: ValueType,
    },
    /// A JSON object without the field of an input.
    #[cfg(feature = "json")]
    #[error("the JSON object has no field `{name}`, which is an input of type `{expected}`")]
    #[diagnostic(
        code("ICO0001 missing-input"),
        help("{}", nearest.as_ref().map_or_else(|| "add the field, or read it with `read_optional`".to_owned(), |nearest| format!("did you mean the field `{nearest}`?")))
    )]
    JsonFieldMissing {
        /// The input.
        name: Name,
        /// Its type.
        expected: ValueType,
        /// A field of a similar name.
        nearest: Option<String>,
    },
    /// A field of a JSON object that cannot be deserialized as its input's type.
    #[cfg(feature = "json")]
    #[error("JSON field `{path}` does not match input `{name}: {expected}`: {reason}")]
    #[diagnostic(
        code("ICO0018 wrong-input-type"),
        help("pass a value that `{expected}` can be deserialized from")
    )]
    JsonFieldType {
        /// The input.
        name: Name,
        /// Its type.
        expected: ValueType,
        /// The path to the value, from the name of the input.
        path: String,
        /// The deserializer's message.
        reason: String,
    },
    /// A field of a JSON object that is no input.
    #[cfg(feature = "json")]
    #[error("no input reads JSON field `{field}`")]
    #[diagnostic(
        code("ICO0008 unused-input"),
        help("{}", nearest.as_ref().map_or_else(|| "remove the field".to_owned(), |nearest| format!("did you mean `{nearest}`?")))
    )]
    JsonFieldUnknown {
        /// The field.
        field: String,
        /// An input of a similar name.
        nearest: Option<String>,
    },
    /// A shared input as an output, although its type is not `Clone`.
    #[error(
        "output `{name}` cannot be returned by value: all executions share it, and `{value_type}` is not `Clone`"
    )]
    #[diagnostic(
        code("ICO0017 output-given-twice"),
        help("remove `{name}` from the outputs, or share an `Arc<{value_type}>`")
    )]
    SharedOutput {
        /// The output.
        name: Name,
        /// Its type.
        value_type: ValueType,
    },
    /// An async node under an adapter that runs only sync nodes.
    #[error("node `{node}` is async, but the `{adapter}` adapter runs only sync nodes")]
    #[diagnostic(
        code("ICO0101 async-node-under-sync-adapter"),
        help("execute `{node}` with an `AsyncDriver`, or override `{node}`")
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
        help("{}", help.clone().unwrap_or_else(|| format!("use an adapter that can run `{node}`, or override `{node}`")))
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
    #[error("input `{name}` is a future, which the `{adapter}` adapter cannot await")]
    #[diagnostic(
        code("ICO0114 future-input-under-sync-adapter"),
        help("execute the dataflow with an `AsyncDriver`, or await the value and pass the result")
    )]
    FutureInput {
        /// The input.
        name: Name,
        /// The adapter.
        adapter: &'static str,
    },
    /// A typed output whose node has another type in this driver.
    #[error("output `{name}` is requested as `{requested}`, but is a `{actual}`")]
    #[diagnostic(
        code("ICO0021 wrong-output-type"),
        help("request it by name, or replace the node by a value of type `{requested}`")
    )]
    WrongOutputType {
        /// The output.
        name: Name,
        /// The type of the handle.
        requested: ValueType,
        /// The type in this driver.
        actual: ValueType,
    },
    /// A typed output whose node runs once for each item of an expansion.
    #[error("output `{name}` runs once for each item of `{expander}`, so it is a `{actual}`")]
    #[diagnostic(
        code("ICO0021 wrong-output-type"),
        help("request `Collected<{name}>`, or a node that collects `{name}`")
    )]
    OutputInBlock {
        /// The output.
        name: Name,
        /// The expanding node.
        expander: Name,
        /// The type of the collected values.
        actual: ValueType,
    },
    /// An output that is requested twice and is not `Clone`.
    #[error("output `{name}` is requested twice, but `{value_type}` is not `Clone`")]
    #[diagnostic(
        code("ICO0017 output-given-twice"),
        help("request it once, or implement `Clone` for `{value_type}`")
    )]
    RepeatedOutput {
        /// The output.
        name: Name,
        /// Its type.
        value_type: ValueType,
    },
    /// An output that a result builder refuses.
    #[error("output `{name}` cannot be part of the result: {reason}")]
    #[diagnostic(code("ICO0022 output-refused"), help("{help}"))]
    OutputRefused {
        /// The output.
        name: Name,
        /// The result builder's reason.
        reason: String,
        /// The fix.
        help: String,
    },
}

/// The most likely cause of a missing input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LikelyCause {
    /// The caller passes an input of a similar name that no node reads.
    MisspeltInput(Name),
    /// A node has a similar name and a fitting type: the parameter is probably misspelt.
    MisspeltParam(Name),
    /// A private function has this name.
    PrivateFunction,
}

/// Returns how to provide a missing input.
fn missing_help(
    name: &Name,
    expected: Option<ValueType>,
    likely_cause: Option<&LikelyCause>,
    sharing: Option<String>,
) -> String {
    let typed = expected.map_or_else(String::new, |expected| format!(" as a value of type `{expected}`"));
    match likely_cause {
        Some(LikelyCause::MisspeltInput(other)) => {
            format!("`{other}` is passed, but no node reads it; did you mean `{name}`?")
        }
        Some(LikelyCause::MisspeltParam(node)) => {
            format!("pass it{typed}, or rename the parameter if it means node `{node}`")
        }
        Some(LikelyCause::PrivateFunction) => {
            format!("`{name}` is private, so it is not a node: write `pub fn {name}`, or pass it{typed}")
        }
        None => match sharing {
            Some(call) => {
                format!("pass it{typed}, or pass it to all executions with `{call}`, or add a node `{name}`")
            }
            None => format!("pass it{typed}, or add a node `{name}`"),
        },
    }
}

/// Returns the call that passes an input to all executions.
fn sharing_call(name: &Name) -> String {
    format!(".with_shared(inputs! {{ {name} }})")
}

/// Returns the call that overrides a constant for one execution.
fn format_override(name: &Name) -> String {
    format!("`.overriding_named(\"{name}\", Input::value(value))`")
}

fn format_readers(readers: &[Name]) -> String {
    match readers {
        [] => "it is a requested output".to_owned(),
        [only] => format!("node `{only}` reads it"),
        [first, second] => format!("nodes `{first}` and `{second}` read it"),
        [first, second, rest @ ..] => {
            format!("nodes `{first}`, `{second}` and {} more read it", rest.len())
        }
    }
}

/// Names the first readers and the types of their parameters.
fn format_typed_readers(readers: &[(Name, String)]) -> String {
    const MAX_READERS: usize = 4;
    let first = readers.iter().take(MAX_READERS);
    let first = first.map(|(node, written)| format!("node `{node}` expects `{written}`"));
    let first = first.collect::<Vec<_>>().join(", ");
    match readers.len().checked_sub(MAX_READERS) {
        None | Some(0) => first,
        Some(more) => format!("{first} (and {more} more)"),
    }
}
