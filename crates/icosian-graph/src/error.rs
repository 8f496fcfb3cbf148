use icosian_core::Name;
use icosian_core::value::{ValueType, literal_hint};

/// An error in a graph, or in a request for a plan.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param};
/// use icosian_graph::{Graph, GraphError};
///
/// let wrong = Graph::new([
///     Outline::new("egg").with_param(Param::borrowed::<()>("hen")),
///     Outline::new("hen").with_param(Param::borrowed::<()>("egg")),
/// ])
/// .unwrap_err();
/// assert_eq!(wrong.to_string(), "nodes read each other in a cycle: `egg` → `hen` → `egg`");
/// let mut errors = wrong.iter().map(|problem| problem.kind());
/// assert!(errors.all(|error| matches!(error, GraphError::Cycle { path } if path.len() == 3)));
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum GraphError {
    /// A `RunContext` parameter has the name of a node or config value, which it would not read.
    #[error(
        "parameter `{param}` of node `{consumer}` reads the run context, not node or config value `{param}`"
    )]
    #[diagnostic(
        code("ICO0014 context-param"),
        help("rename the parameter, or declare it with another type than `RunContext`")
    )]
    ContextParam {
        /// The node that reads.
        consumer: Name,
        /// The parameter.
        param: Name,
    },
    /// Two nodes have the same name.
    #[error("node `{name}` is defined twice")]
    #[diagnostic(
        code("ICO0002 duplicate-node"),
        help(
            "rename one of the two nodes, or let later dataflows replace earlier ones with `allow_module_overrides()`"
        )
    )]
    DuplicateNode {
        /// The name.
        name: Name,
    },
    /// Nodes depend on each other.
    #[error("{}", describe_cycle(path))]
    #[diagnostic(code("ICO0003 dependency-cycle"), help("{}", cycle_help(path)))]
    Cycle {
        /// The names of the cycle in the direction of the data; the last equals the first.
        path: Vec<Name>,
    },
    /// The type of a parameter does not match the output of its source.
    #[error("node `{consumer}` expects `{param}: {wanted}`, but {source_kind} `{reads}` {} `{given}`", if *source_kind == "node" { "returns" } else { "is a" })]
    #[diagnostic(
        code("ICO0004 edge-type-mismatch"),
        help("{}", mismatch_help(source_kind, reads, wanted, *given))
    )]
    TypeMismatch {
        /// The node that reads.
        consumer: Name,
        /// The parameter.
        param: Name,
        /// The source of the parameter; by default it has the same name.
        reads: Name,
        /// The parameter's type as written.
        wanted: String,
        /// The type of the source.
        given: ValueType,
        /// The source of the value: `node`, `config value`, `shared input` or `the value of`.
        source_kind: &'static str,
    },
    /// A parameter collects values of another type than its source returns.
    #[error("node `{consumer}` collects `{reads}` as `{wanted}`, but node `{reads}` returns `{given}`")]
    #[diagnostic(
        code("ICO0004 edge-type-mismatch"),
        help("collect `{given}` with parameter `{param}`, or change the output of `{reads}`")
    )]
    CollectedTypeMismatch {
        /// The node that collects.
        consumer: Name,
        /// The parameter.
        param: Name,
        /// The node that it collects.
        reads: Name,
        /// The type of a collected value.
        wanted: ValueType,
        /// The output type of the node.
        given: ValueType,
    },
    /// Two nodes read an input as types that no value can satisfy together.
    #[error(
        "input `{input}` has conflicting types: node `{first}` reads `{first_type}`, node `{second}` reads `{second_type}`"
    )]
    #[diagnostic(
        code("ICO0013 conflicting-input"),
        help("read `{input}` as one type, or rename one of the parameters")
    )]
    ConflictingInput {
        /// The input.
        input: Name,
        /// The first node that reads the input.
        first: Name,
        /// The type that `first` reads.
        first_type: String,
        /// A node that reads it as another type.
        second: Name,
        /// The type that `second` reads.
        second_type: String,
    },
    /// A parameter collects the results of a node that runs once.
    #[error("parameter `{param}` of node `{consumer}` collects `{source_name}`, which {}", if *is_node { "runs only once" } else { "is not a node" })]
    #[diagnostic(
        code("ICO0302 collect-without-expand"),
        help("{}", if *is_node { expand_help(source_name) } else { rename_help(source_name, nearest.as_ref()) })
    )]
    CollectWithoutExpand {
        /// The node that collects.
        consumer: Name,
        /// The parameter.
        param: Name,
        /// The node or input that it reads.
        source_name: Name,
        /// True if the source is a node.
        is_node: bool,
        /// The node with the most similar name, if the source is not a node.
        nearest: Option<Name>,
    },
    /// A node depends on items of two expansions, neither of which contains the other.
    #[error(
        "node `{node}` depends on items of `{first}` and of `{second}`, but neither of the two expands the other's items"
    )]
    #[diagnostic(
        code("ICO0303 items-of-two-expansions"),
        help(
            "collect the items of one of the two with a `Collect` parameter, or let `{second}` read `{first}` and expand each of its items"
        )
    )]
    ItemsOfTwoExpansions {
        /// The node.
        node: Name,
        /// An expanding node.
        first: Name,
        /// Another expanding node.
        second: Name,
    },
    /// A parameter collects values of an expansion that collects errors.
    #[error(
        "parameter `{param}` of node `{consumer}` collects only values, but `{expander}` also collects errors"
    )]
    #[diagnostic(
        code("ICO0305 errors-not-collected"),
        help(
            "write `{param}: Collect<Result<{element}, ItemError>>`, or remove `on_error = \"collect\"` from `{expander}`"
        )
    )]
    ErrorsNotCollected {
        /// The node that collects.
        consumer: Name,
        /// The parameter.
        param: Name,
        /// The type of the result of one item.
        element: ValueType,
        /// The expanding node.
        expander: Name,
    },
    /// A block depends on a node that collects its results.
    #[error(
        "node `{consumer}` collects the block of `{expander}`, but {}",
        describe_own_block(consumer, path)
    )]
    #[diagnostic(code("ICO0306 expand-and-collect-in-one-node"), help("{}", own_block_help(path)))]
    CollectsOwnBlock {
        /// The node that collects.
        consumer: Name,
        /// The parameter that collects.
        param: Name,
        /// The expanding node.
        expander: Name,
        /// The nodes from the consumer to a node of the block.
        path: Vec<Name>,
    },
    /// One node streams the results of a block, and another parameter collects the block too.
    #[error(
        "node `{stream}` reads the block of `{expander}` as a stream, but {} collects it too",
        describe_collector(stream, other)
    )]
    #[diagnostic(
        code("ICO0307 streamed-and-collected"),
        help("use `Collect` instead of `CollectStream`, or compute both results from one `CollectStream`")
    )]
    StreamedAndCollected {
        /// The node that streams.
        stream: Name,
        /// The other node.
        other: Name,
        /// The expanding node.
        expander: Name,
    },
    /// A request collects a block, and a node of the request streams it.
    #[error("output `{output}` collects the block of `{expander}`, but node `{stream}` reads it as a stream")]
    #[diagnostic(
        code("ICO0307 streamed-and-collected"),
        help("request `{output}` in a separate execution, or use `Collect` instead of `CollectStream`")
    )]
    StreamedAndRequested {
        /// The output, which is a node of the block.
        output: Name,
        /// The node that streams.
        stream: Name,
        /// The expanding node.
        expander: Name,
    },
    /// A requested output does not exist.
    #[error("unknown node `{name}`")]
    #[diagnostic(code("ICO0006 unknown-output"), help("{}", did_you_mean(nearest.as_ref(), "request a node or an input of the driver's dataflows, or add the dataflow that contains it")))]
    UnknownOutput {
        /// The requested name.
        name: Name,
        /// The most similar existing name.
        nearest: Option<Name>,
    },
    /// An override names no node.
    #[error("override of unknown node `{name}`")]
    #[diagnostic(code("ICO0015 unknown-override"), help("{}", did_you_mean(nearest.as_ref(), "override a node of the dataflow")))]
    UnknownOverride {
        /// The name of the override.
        name: Name,
        /// The most similar existing name.
        nearest: Option<Name>,
    },
    /// A node consumes a value that is not `Clone`, and another node or output needs it too.
    #[error("node `{taker}` consumes `{param}: {wanted}`, {other}, but `{wanted}` is not `Clone`")]
    #[diagnostic(
        code("ICO0016 moved-value"),
        help("borrow it as `{param}: &{wanted}`, or implement `Clone` for `{wanted}`")
    )]
    MovedValue {
        /// The node that consumes the value.
        taker: Name,
        /// The parameter.
        param: Name,
        /// The type of the value, which is not `Clone`.
        wanted: ValueType,
        /// The other use of the value, as in "which node `b` also consumes".
        other: String,
    },
    /// A requested output is not `Clone`, and another node keeps its value.
    #[error("output `{output}`, {other}, cannot be returned by value, because `{value_type}` is not `Clone`")]
    #[diagnostic(
        code("ICO0017 output-given-twice"),
        help("implement `Clone` for `{value_type}`, or {instead}")
    )]
    KeptOutput {
        /// The output.
        output: Name,
        /// Its type.
        value_type: ValueType,
        /// The other owner, as in "which node `b` shares".
        other: String,
        /// The alternative request, as in "request `b`".
        instead: String,
    },
}

/// Returns how to fix a type mismatch, by the kind of its source.
fn mismatch_help(source_kind: &str, reads: &Name, wanted: &str, given: ValueType) -> String {
    match source_kind {
        "node" => format!("change the parameter to read `{given}`, or change the output of `{reads}`"),
        "the value of" => format!("bind a value of type `{wanted}`"),
        _ => {
            let hint = literal_hint(given, wanted).map_or_else(String::new, |hint| format!(" ({hint})"));
            let owned = wanted.trim_start_matches('&');
            format!("pass the {source_kind} as `{owned}`{hint}, or change the parameter to read `{given}`")
        }
    }
}

/// Describes how a block depends on its collector.
fn describe_own_block(collector: &Name, path: &[Name]) -> String {
    match path {
        [_] => "is itself a node of this block".to_owned(),
        _ => format!("a node of this block depends on `{collector}`: {}", icosian_core::format_path(path)),
    }
}

/// Returns how to fix a block that depends on its collector.
fn own_block_help(path: &[Name]) -> String {
    let last = path.last().map_or("the node", |name| name);
    format!(
        "collect the other parameters of `{last}` too, so that it runs once after the block, or expand the items again"
    )
}

/// Names the node `other`, which collects the block that `stream` reads.
fn describe_collector(stream: &Name, other: &Name) -> String {
    if stream == other { "another parameter".to_owned() } else { format!("node `{other}`") }
}

/// Returns how to fix a parameter that collects a node that runs once.
fn expand_help(node: &Name) -> String {
    format!("read `{node}` without `Collect`, or write `#[expand]` above a function that `{node}` depends on")
}

/// Returns how to fix a parameter that collects an input.
fn rename_help(input: &Name, nearest: Option<&Name>) -> String {
    let otherwise =
        format!("read `{input}` without `Collect`, or rename the parameter so that it reads a node");
    did_you_mean(nearest, &otherwise)
}

/// Returns how to break a cycle.
fn cycle_help(path: &[Name]) -> &'static str {
    match path {
        [_] | [_, _] => "rename the parameter so that it reads another node or an input",
        _ => "rename one of these parameters so that it reads another node or an input",
    }
}

/// Describes a cycle; a long path is reduced to its two ends.
fn describe_cycle(path: &[Name]) -> String {
    match path {
        [node] | [node, _] => format!("node `{node}` reads itself"),
        _ => format!("nodes read each other in a cycle: {}", icosian_core::format_path(path)),
    }
}

fn did_you_mean(nearest: Option<&Name>, otherwise: &str) -> String {
    nearest.map_or_else(|| otherwise.to_owned(), |nearest| format!("did you mean `{nearest}`?"))
}
