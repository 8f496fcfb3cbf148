use std::fmt;

use icosian_core::{DecorateError, Name, Problems, ValueType};
use icosian_graph::GraphError;

use crate::RunError;

/// Everything that is wrong with what a driver was built from.
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
pub type BuildError = Problems<Problem>;

/// Everything that is wrong with what an execution was asked for; nothing has run.
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
pub type Refused = Problems<Problem>;

/// Everything that went wrong while a dataflow ran: the first failure, or all of them under
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
pub type Failures = Problems<RunError>;

/// One thing that is wrong, found before anything runs.
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
    /// Something is wrong with the graph, or with a question to it.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Graph(#[from] GraphError),
    /// Something is wrong with how a function is decorated.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Decorate(#[from] DecorateError),
    /// Nodes ask for an input that was not given.
    #[error("input `{input}` is missing; {}", asked(readers))]
    #[diagnostic(
        code("ICO0001 missing-input"),
        help("{}", match given { Some(given) => format!("did you mean `{input}` when giving `{given}`?"), None => format!("give it{}, or add the node that gives it", wanted.as_ref().map_or_else(String::new, |wanted| format!(" as a value of type `{wanted}`"))) })
    )]
    MissingInput {
        /// The input.
        input: Name,
        /// The nodes that ask for it; none when it was asked for as an output.
        readers: Vec<Name>,
        /// A type that all of them can read; none when nobody reads it.
        wanted: Option<ValueType>,
        /// An input that was given, that nobody asks for, and whose name is near.
        given: Option<Name>,
    },
    /// An input, a config value or an override is of a type that its readers cannot read.
    #[error("{kind} `{name}` is of type `{given}`, but {wanted}")]
    #[diagnostic(code("ICO0018 wrong-input-type"), help("{help}"))]
    WrongInputType {
        /// `input`, `config value` or `override`.
        kind: &'static str,
        /// Its name.
        name: Name,
        /// Its type.
        given: ValueType,
        /// Who wants what: "node `b` asks for `&str`".
        wanted: String,
        /// The way out.
        help: String,
    },
    /// An input was given that nobody reads.
    #[error("no node reads an input `{input}`")]
    #[diagnostic(
        code("ICO0008 unused-input"),
        help("{}", match nearest { Some(nearest) => format!("did you mean `{nearest}`?"), None => "leave it out, or name a parameter after it".to_owned() })
    )]
    UnknownInput {
        /// The input.
        input: Name,
        /// The input most likely meant.
        nearest: Option<Name>,
    },
    /// An input was given for a name that is a node.
    #[error("input `{input}` is the name of a node")]
    #[diagnostic(
        code("ICO0019 input-is-node"),
        help("to give the value instead of running the node, override it: `.overriding::<{input}>(value)`")
    )]
    InputIsNode {
        /// The name.
        input: Name,
    },
    /// An input or an override was given for a name that has a config value.
    #[error("`{input}` is given both as an {kind} and as a config value")]
    #[diagnostic(code("ICO0020 input-is-config"), help("give `{input}` in one of the two only"))]
    InputIsConfig {
        /// `input` or `override`.
        kind: &'static str,
        /// The name.
        input: Name,
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
    /// A node that the adapter says it cannot run.
    #[error("the `{adapter}` adapter cannot run node `{node}`: {reason}")]
    #[diagnostic(
        code("ICO0113 unsupported-node"),
        help("give the driver an adapter that can, or override `{node}`")
    )]
    NodeRefused {
        /// The node.
        node: Name,
        /// The adapter.
        adapter: &'static str,
        /// Why, in the adapter's words.
        reason: String,
    },
    /// A future was given as an input under an adapter that does not poll.
    #[error("input `{input}` is a future, and the `{adapter}` adapter awaits none")]
    #[diagnostic(
        code("ICO0114 future-input-under-sync-adapter"),
        help("execute it with an `AsyncDriver`, or await the value before giving it")
    )]
    FutureInput {
        /// The input.
        input: Name,
        /// The adapter.
        adapter: &'static str,
    },
    /// A typed output is not what its node gives in this driver.
    #[error("output `{output}` is asked for as type `{wanted}`, but it is of type `{given}` here")]
    #[diagnostic(
        code("ICO0021 wrong-output-type"),
        help("ask for it by name, or give a replacement of type `{wanted}`")
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
        help("ask for it once, or implement `Clone` for `{value_type}`")
    )]
    AskedTwice {
        /// The output.
        output: Name,
        /// Its type.
        value_type: ValueType,
    },
    /// A result builder cannot take an output.
    #[error("output `{output}` cannot be part of the result: {reason}")]
    #[diagnostic(code("ICO0022 output-refused"), help("{help}"))]
    OutputRefused {
        /// The output.
        output: Name,
        /// Why, as the result builder says it.
        reason: String,
        /// The way out.
        help: String,
    },
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

/// Why an execution gave no outputs. `Debug` is all that is known of it, as text.
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
    /// It was refused before anything ran.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Refused(#[from] Refused),
    /// It ran, and a node, an input, a hook or the adapter failed: the first failure, or all of them when they are collected.
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
