//! The sources that nodes read, and the parameters that read them.

mod function_reads;

use syn::{Ident, Path, Type};

use crate::connection::CallCondition;
use crate::decorator::argument::Dotted;
use crate::decorator::binding::element_at;
use crate::decorator::bound_param::BoundParam;
use crate::model::{DataflowSource, NodeSource, ParamSource, WrittenForm, own_name};
use crate::written_type::is_context;

pub(crate) use function_reads::FunctionReads;

/// A source that a node reads.
#[derive(Clone)]
pub(crate) struct Read<'a> {
    /// The name of a node or an input.
    pub(crate) source: String,
    /// The parameter that reads it; `None` if a node is read as a whole, or if the source code does not show the reader.
    pub(crate) reader: Option<Reader<'a>>,
    /// Config does not decide whether the source is read.
    pub(crate) is_always: bool,
    /// The parameter of the node through which decorators bind the source.
    param: Option<String>,
}

impl Read<'_> {
    fn unknown(source: &str) -> Self {
        Self { source: source.to_owned(), reader: None, is_always: true, param: None }
    }

    fn is_through(&self, param: &str) -> bool {
        self.param.as_deref() == Some(param)
    }
}

/// A parameter that reads a source.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// The function that has the parameter: that of the node, or one that a decorator calls.
    pub(crate) function: &'a NodeSource,
    pub(crate) param: &'a ParamSource,
    pub(crate) form: WrittenForm,
    /// The type without `&` and `Option`.
    pub(crate) wanted: &'a Type,
    /// The parameter is optional, or has a default.
    pub(crate) is_optional: bool,
}

impl<'a> Reader<'a> {
    fn new(function: &'a NodeSource, param: &'a ParamSource) -> Self {
        Self { function, param, form: param.form, wanted: &param.wanted, is_optional: param.is_optional() }
    }

    /// Returns the reader of an element `depth` levels below, which an added node takes by value.
    fn element(self, depth: usize) -> Option<Self> {
        let wanted = element_at(self.wanted, depth)?;
        Some(Self { form: WrittenForm::Taken, wanted, is_optional: false, ..self })
    }
}

/// A decorator that may read inputs that the source code does not show.
#[derive(Clone, Copy)]
pub(crate) struct HiddenReads<'a> {
    pub(crate) function: &'a NodeSource,
    pub(crate) decorator: &'a Ident,
}

/// The reads of one node.
#[derive(Clone)]
pub(crate) struct NodeReads<'a> {
    pub(crate) name: String,
    pub(crate) reads: Vec<Read<'a>>,
    pub(crate) hidden: Vec<HiddenReads<'a>>,
    /// The parameters that steps provide.
    piped: Vec<&'a str>,
    /// The node is a part of another one, and does not run the function.
    is_part: bool,
}

impl<'a> NodeReads<'a> {
    /// Returns what `function` reads by the names of its parameters.
    fn of(function: &'a NodeSource) -> Self {
        let reads = own_params(function).map(|param| Read {
            source: param.name.clone(),
            reader: Some(Reader::new(function, param)),
            is_always: true,
            param: Some(param.name.clone()),
        });
        let (name, reads) = (function.name.clone(), reads.collect());
        Self { name, reads, hidden: Vec::new(), piped: Vec::new(), is_part: false }
    }

    /// Returns the reads of no node, for steps that are added to a node.
    fn nothing() -> Self {
        let (name, reads, hidden, piped) = (String::new(), Vec::new(), Vec::new(), Vec::new());
        Self { name, reads, hidden, piped, is_part: false }
    }

    /// Adds the reads of a step.
    fn extend(&mut self, step: &Self) {
        self.reads.extend(step.reads.iter().cloned());
        self.hidden.extend(step.hidden.iter().copied());
    }

    /// Keeps only the reads through `external` parameters and the reads that may be missing. Adds sources whose readers are unknown.
    fn include(&mut self, external: &[Dotted], bound: &[&str]) {
        let is_external = |read: &Read<'_>| external.iter().any(|name| read.is_through(&name.name));
        self.reads.retain(|read| is_external(read) || read.reader.is_some_and(|it| it.is_optional));
        self.reads.iter_mut().for_each(|read| read.is_always &= is_external(read));
        let sources = bound.iter().map(|source| Read { is_always: false, ..Read::unknown(source) });
        self.reads.extend(sources);
    }

    /// Lets the parameters of `function` read other sources.
    fn bind(&mut self, bound: impl IntoIterator<Item = &'a BoundParam>, function: &'a NodeSource) {
        for bound in bound {
            let name = bound.name();
            let readers = self.reads.extract_if(.., |read| read.is_through(&name)).collect::<Vec<_>>();
            let own = function.params.iter().find(|param| param.name == name);
            for source in bound.rebinding().sources {
                if source.depth == 0 {
                    let rebound = readers.iter().cloned();
                    self.reads.extend(rebound.map(|read| Read { source: source.name.clone(), ..read }));
                } else if let Some(own) = own.filter(|_| !readers.is_empty()) {
                    let reader = Reader::new(function, own).element(source.depth);
                    let read = Read { reader, param: Some(name.clone()), ..Read::unknown(&source.name) };
                    self.reads.push(read);
                }
            }
        }
    }

    /// Lets `first` read the source of the parameter `param`. If all steps are conditional, the parameter may read it too.
    fn pipe(&mut self, param: &'a str, first: &[Reader<'a>], condition: CallCondition) {
        self.piped.push(param);
        let before = self.reads.extract_if(.., |read| read.is_through(param)).collect::<Vec<_>>();
        let Some(source) = before.first().map(|read| read.source.clone()) else { return };
        let step = |reader: &Reader<'a>| Read {
            reader: Some(*reader),
            param: Some(param.to_owned()),
            ..Read::unknown(&source)
        };
        let mut reads: Vec<Read<'a>> = first.iter().map(step).collect();
        if condition == CallCondition::ByConfig {
            reads.extend(before);
        }
        // Config decides which of them reads the source, so it may be missing if one of them accepts that.
        let may_be_missing = reads.iter().any(|read| read.reader.is_some_and(|reader| reader.is_optional));
        for reader in reads.iter_mut().filter_map(|read| read.reader.as_mut()) {
            reader.is_optional = may_be_missing;
        }
        self.reads.extend(reads);
    }

    /// Adds what `other` reads if it is called with the parameters of `function`. Parameters of one name share their source.
    fn fall_back(&mut self, function: &'a NodeSource, other: &'a NodeSource) {
        for param in own_params(other).filter(|param| !self.piped.contains(&param.name.as_str())) {
            let reader = Reader::new(other, param);
            let Some(head) = function.params.iter().find(|own| own.name == param.name) else {
                self.reads.push(Read { reader: Some(reader), ..Read::unknown(&param.name) });
                continue;
            };
            let reader = Reader { is_optional: head.is_optional(), ..reader };
            let shared = self.reads.iter().filter(|read| read.is_through(&head.name));
            let shared: Vec<_> =
                shared.map(|read| Read { reader: Some(reader), param: None, ..read.clone() }).collect();
            self.reads.extend(shared);
        }
    }
}

/// Returns the parameters that read nodes or inputs.
fn own_params(function: &NodeSource) -> impl Iterator<Item = &ParamSource> {
    function.params.iter().filter(|param| !is_context(&param.written))
}

/// Returns the functions of `flow` that `path` names. A `#[cfg]` decides which of several exists.
fn functions<'a>(flow: &'a DataflowSource, path: &Path) -> Vec<&'a NodeSource> {
    let name = own_name(path);
    flow.nodes.iter().filter(|node| name.as_ref() == Some(&node.name)).collect()
}
