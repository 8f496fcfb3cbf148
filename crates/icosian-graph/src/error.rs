use icosian_core::{Name, ValueType};

/// What can be wrong with a graph, or with a question to it.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param};
/// use icosian_graph::{Graph, GraphError};
///
/// let wrong = Graph::new([
///     Outline::new("egg").param(Param::borrowed::<()>("hen")),
///     Outline::new("hen").param(Param::borrowed::<()>("egg")),
/// ])
/// .unwrap_err();
/// assert_eq!(wrong.to_string(), "nodes need each other: `egg` → `hen` → `egg`");
/// let mut errors = wrong.iter().map(|problem| problem.error());
/// assert!(errors.all(|error| matches!(error, GraphError::Cycle { path } if path.len() == 3)));
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum GraphError {
    /// A parameter of the type of the run's context has the name of a node or of a config value, which it would not read.
    #[error(
        "parameter `{param}` of node `{consumer}` reads the run's context, not the `{param}` that there is"
    )]
    #[diagnostic(
        code("ICO0014 context-param"),
        help("rename the parameter; a context of one's own needs a type of one's own")
    )]
    ContextParam {
        /// The node that reads.
        consumer: Name,
        /// The parameter.
        param: Name,
    },
    /// Two nodes have one name.
    #[error("node `{name}` is defined twice")]
    #[diagnostic(
        code("ICO0002 duplicate-node"),
        help(
            "rename one of them, or let later dataflows replace earlier ones with `allow_module_overrides()`"
        )
    )]
    DuplicateNode {
        /// The name.
        name: Name,
    },
    /// Nodes need each other.
    #[error("{} need each other: {}", if path.len() > 2 { "nodes" } else { "a node cannot read itself; these" }, arrows(path))]
    #[diagnostic(
        code("ICO0003 dependency-cycle"),
        help("break the cycle: rename a parameter on it, or read one of the values as an input")
    )]
    Cycle {
        /// The names on the cycle in the direction of the data; the last is the first.
        path: Vec<Name>,
    },
    /// A parameter cannot be read from what the node of its name gives.
    #[error("node `{consumer}` asks for `{param}: {wanted}`, but {source_kind} `{reads}` {} `{given}`", if *source_kind == "the value of" { "is" } else { "gives" })]
    #[diagnostic(
        code("ICO0004 edge-type-mismatch"),
        help("{}", if *source_kind == "the value of" { format!("bind a value that `{wanted}` can be read from") } else if *source_kind == "node" { format!("change the parameter to read `{given}`, or change what `{reads}` gives") } else { format!("give the config value as `{}`, or change the parameter to read `{given}`", wanted.trim_start_matches('&')) })
    )]
    TypeMismatch {
        /// The node that reads.
        consumer: Name,
        /// The parameter.
        param: Name,
        /// What it reads; usually that has its name.
        reads: Name,
        /// The parameter's type as it is written.
        wanted: String,
        /// What is given instead.
        given: ValueType,
        /// What gives it: `node`, `config value` or `the value of`.
        source_kind: &'static str,
    },
    /// Two nodes read one input as types that no value has both of.
    #[error(
        "no value can be input `{input}`: node `{first}` reads it as `{first_type}`, node `{second}` as `{second_type}`"
    )]
    #[diagnostic(
        code("ICO0013 conflicting-input"),
        help("read `{input}` as one type, or rename one of the parameters")
    )]
    ConflictingInput {
        /// The input.
        input: Name,
        /// The node that reads it first.
        first: Name,
        /// As what.
        first_type: String,
        /// A node that disagrees.
        second: Name,
        /// As what.
        second_type: String,
    },
    /// Nobody has the name of a wanted output.
    #[error("there is no node `{name}`")]
    #[diagnostic(code("ICO0006 unknown-output"), help("{}", did_you_mean(nearest.as_ref(), "ask for a node or an input of the driver's dataflows, or add the one that has it")))]
    UnknownOutput {
        /// The name asked for.
        name: Name,
        /// The name most likely meant.
        nearest: Option<Name>,
    },
    /// Nobody has the name of an override.
    #[error("there is no node `{name}` to override")]
    #[diagnostic(code("ICO0015 unknown-override"), help("{}", did_you_mean(nearest.as_ref(), "override a node of the dataflow")))]
    UnknownOverride {
        /// The name given.
        name: Name,
        /// The name most likely meant.
        nearest: Option<Name>,
    },
    /// A value that cannot be cloned is taken by one node and needed elsewhere.
    #[error(
        "node `{taker}` takes `{param}: {wanted}` by value, which {other} too, and `{wanted}` is not `Clone`"
    )]
    #[diagnostic(code("ICO0016 moved-value"), help("take `{param}: &{wanted}`, or implement `Clone` for it"))]
    MovedValue {
        /// The node that takes the value.
        taker: Name,
        /// The parameter.
        param: Name,
        /// The type that cannot be cloned.
        wanted: ValueType,
        /// Who else needs it, and how: "node `b` takes".
        other: String,
    },
    /// An output that cannot be cloned is wanted, and another node keeps its value.
    #[error("output `{output}` cannot be given away, which {other} too, and `{value_type}` is not `Clone`")]
    #[diagnostic(
        code("ICO0017 output-given-twice"),
        help("implement `Clone` for `{value_type}`, or {instead}")
    )]
    KeptOutput {
        /// The output.
        output: Name,
        /// Its type.
        value_type: ValueType,
        /// Who has it too, and how: "node `b` keeps".
        other: String,
        /// What to ask for instead: "ask for `b`".
        instead: String,
    },
}

/// Writes a path for people; of a long one its two ends.
fn arrows(path: &[Name]) -> String {
    icosian_core::shown_path(path)
}

fn did_you_mean(nearest: Option<&Name>, otherwise: &str) -> String {
    nearest.map_or_else(|| otherwise.to_owned(), |nearest| format!("did you mean `{nearest}`?"))
}
