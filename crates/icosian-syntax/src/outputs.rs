//! The nodes and the inputs that the declared outputs of a module need, as far as the source shows them.

use std::collections::HashMap;

use syn::Ident;
use syn::ext::IdentExt;

use crate::known_nodes::{KnownNode, KnownNodes};
use crate::model::{DataflowSource, NodeSource};
use crate::reads::{Read, Reader, reads};

/// A declared output.
#[expect(dead_code, reason = "the writers of declared outputs read the fields")]
pub(crate) struct DeclaredOutput<'a> {
    /// The name in `outputs(..)`.
    pub(crate) ident: &'a Ident,
    /// The nodes that it needs, itself included. Each node follows the nodes that it reads.
    pub(crate) nodes: Vec<NeededNode<'a>>,
    /// The inputs that these nodes read, in the order in which the nodes read them.
    pub(crate) inputs: Vec<NeededInput<'a>>,
}

/// A node that a declared output needs.
#[expect(dead_code, reason = "the writers of declared outputs read the fields")]
pub(crate) struct NeededNode<'a> {
    pub(crate) function: &'a NodeSource,
    pub(crate) node: &'a KnownNode,
    pub(crate) reads: Vec<Read<'a>>,
}

/// An input that a declared output needs.
pub(crate) struct NeededInput<'a> {
    pub(crate) name: String,
    /// The parameters that read it, each with the position of its node in [`DeclaredOutput::nodes`].
    pub(crate) readers: Vec<(usize, Option<Reader<'a>>)>,
}

/// Returns what each declared output of `flow` needs. Names that are no nodes are left out.
pub(crate) fn declared<'a>(flow: &'a DataflowSource, known: &'a [KnownNodes]) -> Vec<DeclaredOutput<'a>> {
    let nodes = NodesByName::of(flow, known);
    let outputs = flow.declaration.outputs.iter();
    outputs.filter_map(|ident| nodes.needed_by(ident)).collect()
}

/// The nodes of a module.
struct NodesByName<'a> {
    nodes: Vec<(&'a NodeSource, &'a KnownNode, Vec<Read<'a>>)>,
    /// The positions of the nodes of each name. A `#[cfg]` or the config decides which of several exists.
    positions: HashMap<&'a str, Vec<usize>>,
}

impl<'a> NodesByName<'a> {
    fn of(flow: &'a DataflowSource, known: &'a [KnownNodes]) -> Self {
        let functions = flow.nodes.iter().zip(known);
        let nodes: Vec<_> = functions
            .flat_map(|(function, known)| {
                known.nodes.iter().map(move |node| (function, node, reads(function, node, known, flow)))
            })
            .collect();
        let mut positions: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, (_, node, _)) in nodes.iter().enumerate() {
            positions.entry(&node.name).or_default().push(at);
        }
        for (at, (_, node, _)) in nodes.iter().enumerate() {
            if let Some(unchecked) = &node.unchecked {
                positions.entry(unchecked).or_insert_with(|| vec![at]);
            }
        }
        Self { nodes, positions }
    }

    fn named(&self, name: &str) -> &[usize] {
        self.positions.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns what the output `ident` needs; `None` if no node has its name.
    fn needed_by(&self, ident: &'a Ident) -> Option<DeclaredOutput<'a>> {
        let roots = self.named(&ident.unraw().to_string());
        if roots.is_empty() {
            return None;
        }
        let order = self.in_order(roots);
        let mut inputs: Vec<NeededInput<'a>> = Vec::new();
        let mut positions: HashMap<&str, usize> = HashMap::new();
        for (at, node) in order.iter().enumerate() {
            for read in &self.nodes[*node].2 {
                if !self.named(&read.source).is_empty() {
                    continue;
                }
                let position = *positions.entry(&read.source).or_insert_with(|| {
                    inputs.push(NeededInput { name: read.source.clone(), readers: Vec::new() });
                    inputs.len() - 1
                });
                inputs[position].readers.push((at, read.reader));
            }
        }
        let nodes = order.into_iter().map(|at| {
            let (function, node, reads) = &self.nodes[at];
            NeededNode { function, node, reads: reads.clone() }
        });
        Some(DeclaredOutput { ident, nodes: nodes.collect(), inputs })
    }

    /// Returns the nodes that `roots` need, each after the nodes that it reads. Depth first without recursion. The edge that closes a
    /// cycle, which has been reported, is left out.
    fn in_order(&self, roots: &[usize]) -> Vec<usize> {
        let mut order = Vec::new();
        let mut is_seen = vec![false; self.nodes.len()];
        for root in roots {
            if std::mem::replace(&mut is_seen[*root], true) {
                continue;
            }
            let sources = |at: usize| -> Vec<usize> {
                self.nodes[at].2.iter().flat_map(|read| self.named(&read.source)).copied().collect()
            };
            // The path to the current node: each node with the sources that were not visited yet.
            let mut path = vec![(*root, sources(*root).into_iter())];
            while let Some((node, rest)) = path.last_mut() {
                match rest.next() {
                    Some(next) if std::mem::replace(&mut is_seen[next], true) => {}
                    Some(next) => path.push((next, sources(next).into_iter())),
                    None => {
                        order.push(*node);
                        path.pop();
                    }
                }
            }
        }
        order
    }
}
