//! The sources that the nodes of a function read, each with the parameter that reads it.

use crate::known_nodes::{KnownNode, KnownNodes};
use crate::model::{DataflowSource, NodeSource, ParamSource, WrittenForm};
use crate::written_type::is_context;

/// A source that a node reads.
#[expect(dead_code, reason = "the writers of declared outputs read the fields")]
#[derive(Clone)]
pub(crate) struct Read<'a> {
    /// The name of a node or an input.
    pub(crate) source: String,
    /// The parameter that reads it; `None` if the whole of a part is read, or if the source does not show the reader.
    pub(crate) reader: Option<Reader<'a>>,
    /// The number of lists and maps around the source in the value of the parameter.
    pub(crate) depth: usize,
    /// Config does not decide whether the source is read.
    pub(crate) is_always: bool,
}

/// A parameter that reads a source.
#[expect(dead_code, reason = "the writers of declared outputs read the fields")]
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// The function that has the parameter: that of the node, or one that a decorator calls.
    pub(crate) function: &'a NodeSource,
    pub(crate) param: &'a ParamSource,
    /// The parameter has a default, or is optional.
    pub(crate) is_optional: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(function: &'a NodeSource, param: &'a ParamSource) -> Self {
        let is_optional = param.default.is_some()
            || matches!(param.form, WrittenForm::OptionalBorrowed | WrittenForm::OptionalTaken);
        Self { function, param, is_optional }
    }
}

/// Returns what `node`, a node of `function`, reads.
pub(crate) fn reads<'a>(
    function: &'a NodeSource,
    node: &'a KnownNode,
    _: &'a KnownNodes,
    _: &'a DataflowSource,
) -> Vec<Read<'a>> {
    let reads = node.reads.iter().map(|read| {
        let param = read.param.and_then(|param| Some((function.params.get(param.position)?, param.depth)));
        Read {
            source: read.name.clone(),
            reader: param.map(|(param, _)| Reader::new(function, param)),
            depth: param.map_or(0, |(_, depth)| depth),
            is_always: true,
        }
    });
    reads.filter(|read| !read.reader.is_some_and(|reader| is_context(&reader.param.written))).collect()
}
