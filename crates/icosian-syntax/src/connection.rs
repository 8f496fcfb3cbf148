//! The changes that a decorator makes to the nodes of a function and to their reads.

use syn::Path;

use crate::decorator::argument::Dotted;
use crate::decorator::bound_param::BoundParam;

/// A change of the nodes of a function, or of their reads.
pub(crate) enum Connection<'a> {
    /// The nodes get another name.
    Rename(String),
    /// The function is not a node.
    Remove,
    /// Parameters read other sources.
    Bind(&'a [BoundParam]),
    /// A node for each of these names and bindings replaces the node.
    Split(Vec<(String, &'a [BoundParam])>),
    /// The parts of the node `whole` become nodes.
    AddParts { whole: String, parts: Vec<String> },
    /// The function `other` replaces the body. Each pair of `mapped` is a parameter of `other` and the parameter of the function that
    /// provides it.
    ReplaceBody { other: &'a Path, mapped: Vec<(String, String)> },
    /// A function may be called in place of the decorated one.
    FallBack(&'a Path),
    /// Steps run on the sources of the parameters `on`, or else of the first parameter.
    PipeInto { on: Vec<&'a str>, calls: Vec<DecoratorCall<'a>> },
    /// A step runs on the outputs of these names.
    PipeOutOf { outputs: Vec<String>, call: DecoratorCall<'a> },
    /// Another dataflow is included. Its nodes provide the parameters that are neither `external` nor optional, and they read the
    /// sources `bound`.
    Include { external: &'a [Dotted], bound: Vec<&'a str> },
    /// Several dataflows are included, each as a node of this name.
    IncludeSeveral(Vec<(String, &'a [Dotted], Vec<&'a str>)>),
    /// The decorator adds a node that is no extension of the node's name. A second node of one name gets a number.
    AddNode(String),
    /// The decorator adds nodes in a namespace.
    AddNamespace(String),
}

/// A call of a function by a decorator. The first parameter of the function reads the value before it.
pub(crate) struct DecoratorCall<'a> {
    pub(crate) function: &'a Path,
    pub(crate) bound: Vec<&'a BoundParam>,
    pub(crate) condition: CallCondition,
}

/// The condition under which a decorator calls a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallCondition {
    Always,
    /// Config decides whether the function is called.
    ByConfig,
}
