//! The nodes and the inputs that the declared outputs of a module need, as far as the source code shows them.

mod cfg;
pub(crate) mod field;

use std::collections::HashMap;

use syn::Ident;
use syn::ext::IdentExt;

pub(crate) use cfg::{Cfg, conditions};

use crate::known_nodes::{KnownNode, KnownNodes};
use crate::model::{DataflowSource, NodeSource};
use crate::reads::{FunctionReads, HiddenReads, NodeReads, Read, Reader};

/// A declared output.
pub(crate) struct DeclaredOutput<'a> {
    /// The name in `outputs(..)`.
    pub(crate) ident: &'a Ident,
    /// The nodes that it needs, itself included. Each node follows the nodes that it reads.
    pub(crate) nodes: Vec<NeededNode<'a>>,
    /// The inputs that these nodes read, in the order in which the nodes read them.
    pub(crate) inputs: Vec<NeededInput<'a>>,
    /// Decorators of these nodes that may read further inputs.
    pub(crate) hidden: Vec<HiddenReads<'a>>,
}

/// A node that a declared output needs.
pub(crate) struct NeededNode<'a> {
    pub(crate) function: &'a NodeSource,
    /// The node; `None` for a function whose nodes only the driver knows.
    pub(crate) node: Option<&'a KnownNode>,
    pub(crate) name: &'a str,
    /// The output needs the node under this condition.
    pub(crate) exists: Cfg,
}

/// An input that a declared output needs.
pub(crate) struct NeededInput<'a> {
    pub(crate) name: &'a str,
    /// The parameters that read it.
    pub(crate) readers: Vec<InputReader<'a>>,
    /// A node reads the input under this condition.
    pub(crate) exists: Cfg,
    /// An execution without the input is refused under this condition.
    pub(crate) required: Cfg,
    /// The functions that provide the value of this name under their `#[cfg(..)]`.
    pub(crate) providers: Vec<&'a NodeSource>,
    /// Config can remove the node of this name.
    pub(crate) is_replacement: bool,
}

/// A parameter that reads an input.
pub(crate) struct InputReader<'a> {
    /// The position of its node in [`DeclaredOutput::nodes`].
    pub(crate) node: usize,
    /// `None` if the source code does not show the parameter.
    pub(crate) reader: Option<Reader<'a>>,
}

/// The nodes of a module and their reads.
pub(crate) struct Nodes<'a> {
    flow: &'a DataflowSource,
    entries: Vec<NodeEntry<'a>>,
    /// The positions of the entries of each name. A `#[cfg]` or the config decides which of several exists.
    positions: HashMap<&'a str, Vec<usize>>,
    /// The positions of the entries behind the names of nodes that decorators add.
    added: HashMap<&'a str, Vec<usize>>,
    /// The positions of the entries behind the namespaces of nodes that decorators add.
    namespaces: HashMap<&'a str, Vec<usize>>,
}

struct NodeEntry<'a> {
    /// The position of the function in the module.
    function: usize,
    known: &'a KnownNodes,
    node: Option<&'a KnownNode>,
    reads: &'a NodeReads<'a>,
}

/// The entries of a name.
struct NamedEntries<'n> {
    entries: &'n [usize],
    /// The name is that of the node itself, and not of a step or a part of the work before it.
    is_exact: bool,
}

impl<'a> Nodes<'a> {
    /// Returns the reads of the nodes of each function of `flow`, for [`Nodes::of`].
    pub(crate) fn reads(flow: &'a DataflowSource, known: &[KnownNodes]) -> Vec<FunctionReads<'a>> {
        flow.nodes
            .iter()
            .zip(known)
            .map(|(function, known)| FunctionReads::of(function, known, flow))
            .collect()
    }

    pub(crate) fn of(
        flow: &'a DataflowSource,
        known: &'a [KnownNodes],
        reads: &'a [FunctionReads<'a>],
    ) -> Self {
        let mut nodes = Self {
            flow,
            entries: Vec::new(),
            positions: HashMap::new(),
            added: HashMap::new(),
            namespaces: HashMap::new(),
        };
        for (function, (known, reads)) in known.iter().zip(reads).enumerate() {
            let first = nodes.entries.len();
            for reads in &reads.nodes {
                let node = known.nodes.iter().find(|node| node.name == reads.name);
                if node.is_none() && !known.open {
                    continue;
                }
                nodes.positions.entry(&reads.name).or_default().push(nodes.entries.len());
                nodes.entries.push(NodeEntry { function, known, node, reads });
            }
            let own = first..nodes.entries.len();
            for name in &reads.added {
                nodes.added.entry(name).or_default().extend(own.clone());
            }
            for name in &reads.namespaces {
                nodes.namespaces.entry(name).or_default().extend(own.clone());
            }
        }
        for (at, entry) in nodes.entries.iter().enumerate() {
            if let Some(unchecked) = entry.node.and_then(|node| node.unchecked.as_ref()) {
                nodes.positions.entry(unchecked).or_insert_with(|| vec![at]);
            }
        }
        nodes
    }

    /// Returns what each declared output needs. Omits names that are not nodes.
    pub(crate) fn declared(&'a self) -> Vec<DeclaredOutput<'a>> {
        let outputs = self.flow.declaration.outputs.iter();
        outputs.filter_map(|ident| self.needed_by(ident)).collect()
    }

    fn named(&self, name: &str) -> NamedEntries<'_> {
        if let Some(entries) = self.positions.get(name) {
            return NamedEntries { entries, is_exact: true };
        }
        let before = name.split_once('.').map(|(before, _)| before);
        let by_prefix =
            before.and_then(|before| self.positions.get(before).or_else(|| self.namespaces.get(before)));
        let entries = self.added.get(name).or(by_prefix).map_or(&[][..], Vec::as_slice);
        NamedEntries { entries, is_exact: false }
    }

    fn function(&self, entry: usize) -> &'a NodeSource {
        &self.flow.nodes[self.entries[entry].function]
    }

    /// Returns whether config removes the node, and the parameters of its name then read an input.
    fn is_removable(&self, entry: usize) -> bool {
        let function = self.function(entry);
        function.decorators.iter().any(|source| source.decorator.removes(function))
    }

    /// Returns the functions that provide `name`, if it may be the name of an input.
    fn providers(&self, name: &str) -> Option<Vec<&'a NodeSource>> {
        let found = self.named(name).entries;
        let functions: Vec<_> = found.iter().map(|entry| self.function(*entry)).collect();
        let may_be_missing = functions.iter().all(|function| !function.cfgs.is_empty());
        let is_removable = found.iter().all(|entry| self.is_removable(*entry));
        (may_be_missing || is_removable).then_some(functions)
    }

    /// Returns whether the node of `entry` and all other variants of its name read what `is_meant` accepts, whatever the config.
    fn is_always(&self, entry: usize, is_meant: impl Fn(&Read<'_>) -> bool) -> bool {
        let reads = |entry: usize| self.entries[entry].reads.reads.iter();
        let is_read = |entry: usize| reads(entry).any(|read| read.is_always && is_meant(read));
        let own = &self.entries[entry];
        if own.known.variant_of.is_none() {
            return is_read(entry);
        }
        let variants = self.positions.get(own.reads.name.as_str()).map_or(&[][..], Vec::as_slice);
        variants.iter().all(|variant| {
            is_read(*variant) && self.function(*variant).cfgs.is_empty() && !self.is_removable(*variant)
        })
    }

    /// Returns the nodes and inputs that the output `ident` needs; `None` if no node has its name.
    fn needed_by(&'a self, ident: &'a Ident) -> Option<DeclaredOutput<'a>> {
        let name = ident.unraw().to_string();
        let roots = self.positions.get(name.as_str()).filter(|_| self.is_node(&name))?;
        let order = self.in_order(roots);
        let reach = self.reach(roots, &order);
        let mut inputs = NeededInputs::default();
        let mut hidden = Vec::new();
        for (at, entry) in order.iter().enumerate() {
            let NodeEntry { reads, .. } = &self.entries[*entry];
            hidden.extend(&reads.hidden);
            for read in &reads.reads {
                let Some(providers) = self.providers(&read.source) else { continue };
                let is_required = |read: &Read<'_>| read.reader.is_some_and(|reader| !reader.is_optional);
                let required = is_required(read)
                    && read.is_always
                    && self.is_always(*entry, |other| other.source == read.source && is_required(other));
                let input = inputs.named(&read.source, providers);
                let with_cfg =
                    |cfg: &Cfg| match read.reader.and_then(|it| self.position_with_cfg(it.function)) {
                        Some(function) => cfg.clone().and(function),
                        None => cfg.clone(),
                    };
                input.exists.or(&with_cfg(&reach.exists[*entry]));
                if required {
                    input.required.or(&with_cfg(&reach.always[*entry]));
                }
                input.readers.push(InputReader { node: at, reader: read.reader });
            }
        }
        let mut inputs = inputs.inputs;
        for input in &mut inputs {
            let found = self.named(input.name).entries;
            input.is_replacement = !found.is_empty() && found.iter().all(|entry| self.is_removable(*entry));
            if input.is_replacement {
                input.required = Cfg::default();
                input.providers.clear();
            }
        }
        let nodes = order.iter().map(|entry| {
            let NodeEntry { node, reads, .. } = &self.entries[*entry];
            let (function, exists) = (self.function(*entry), reach.exists[*entry].clone());
            NeededNode { function, node: *node, name: &reads.name, exists }
        });
        Some(DeclaredOutput { ident, nodes: nodes.collect(), inputs, hidden })
    }

    fn is_node(&self, name: &str) -> bool {
        let mut entries = self.positions.get(name).into_iter().flatten();
        entries.any(|entry| self.entries[*entry].node.is_some_and(|node| node.name == name))
    }

    /// Returns the position of `function` if it has a `#[cfg(..)]`.
    fn position_with_cfg(&self, function: &NodeSource) -> Option<usize> {
        if function.cfgs.is_empty() {
            return None;
        }
        self.flow.nodes.iter().position(|other| std::ptr::eq(other, function))
    }

    /// Returns the nodes that `roots` need, each after the nodes that it reads. Depth first without recursion. The edge that closes a
    /// cycle, which is reported elsewhere, is left out.
    fn in_order(&self, roots: &[usize]) -> Vec<usize> {
        let mut order = Vec::new();
        let mut is_seen = vec![false; self.entries.len()];
        let sources = |at: usize| -> std::vec::IntoIter<usize> {
            let reads = self.entries[at].reads.reads.iter();
            let sources: Vec<_> =
                reads.flat_map(|read| self.named(&read.source).entries.iter().copied()).collect();
            sources.into_iter()
        };
        for root in roots {
            if std::mem::replace(&mut is_seen[*root], true) {
                continue;
            }
            // The path to the current node: each node with the sources that were not visited yet.
            let mut path = vec![(*root, sources(*root))];
            while let Some((node, rest)) = path.last_mut() {
                match rest.next() {
                    Some(next) if std::mem::replace(&mut is_seen[next], true) => {}
                    Some(next) => path.push((next, sources(next))),
                    None => {
                        order.push(*node);
                        path.pop();
                    }
                }
            }
        }
        order
    }

    /// Returns under which conditions `roots` need each node of `order`, where each node follows the nodes that it reads.
    fn reach(&self, roots: &[usize], order: &[usize]) -> Reach {
        let never = || vec![Cfg::default(); self.entries.len()];
        let mut reach = Reach { exists: never(), always: never() };
        let with_cfg = |cfg: &Cfg, entry: usize| {
            let has_cfg = !self.function(entry).cfgs.is_empty();
            if has_cfg { cfg.clone().and(self.entries[entry].function) } else { cfg.clone() }
        };
        for root in roots {
            reach.exists[*root].or(&with_cfg(&Cfg::always(), *root));
            reach.always[*root].or(&with_cfg(&Cfg::always(), *root));
        }
        for entry in order.iter().rev() {
            for read in &self.entries[*entry].reads.reads {
                let found = self.named(&read.source);
                let may_be_missing = read.reader.is_some_and(|reader| reader.is_optional);
                let is_always = found.is_exact
                    && read.is_always
                    && self.is_always(*entry, |other| other.source == read.source);
                for next in found.entries.iter().filter(|next| *next != entry) {
                    let exists = with_cfg(&reach.exists[*entry], *next);
                    reach.exists[*next].or(&exists);
                    let is_variant = self.entries[*next].known.variant_of.is_some();
                    if is_always && !(is_variant && may_be_missing) {
                        let always = with_cfg(&reach.always[*entry], *next);
                        reach.always[*next].or(&always);
                    }
                }
            }
        }
        reach
    }
}

/// The conditions under which an output needs each node.
struct Reach {
    exists: Vec<Cfg>,
    /// The output needs the node whatever the config.
    always: Vec<Cfg>,
}

/// Inputs in the order in which they are found.
#[derive(Default)]
struct NeededInputs<'a> {
    inputs: Vec<NeededInput<'a>>,
    positions: HashMap<&'a str, usize>,
}

impl<'a> NeededInputs<'a> {
    fn named(&mut self, name: &'a str, providers: Vec<&'a NodeSource>) -> &mut NeededInput<'a> {
        let next = self.inputs.len();
        let position = *self.positions.entry(name).or_insert(next);
        if position == next {
            self.inputs.push(NeededInput {
                name,
                readers: Vec::new(),
                exists: Cfg::default(),
                required: Cfg::default(),
                providers,
                is_replacement: false,
            });
        }
        &mut self.inputs[position]
    }
}
