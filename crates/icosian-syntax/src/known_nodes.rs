//! The nodes of a function that are known while compiling: their handles and edges.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Ident, Type};

use crate::decorator::argument::Dotted;

/// The known nodes of one function.
pub(crate) struct KnownNodes {
    /// The function's name.
    pub(crate) function: String,
    pub(crate) nodes: Vec<KnownNode>,
    /// The function may have further nodes.
    pub(crate) open: bool,
    /// The node of which the function is a variant.
    pub(crate) variant_of: Option<Ident>,
    /// For each parameter, whether at least one node reads the source of its name.
    pub(crate) reads_own: Vec<bool>,
    /// For each parameter, whether no decorator binds it in at least one node. Another function may read it in place of this one.
    pub(crate) unbound: Vec<bool>,
    /// For each parameter, whether no pipe enters the function through it.
    pub(crate) unpiped: Vec<bool>,
    /// The type of the output that each decorator applies to.
    pub(crate) wholes: Vec<TokenStream>,
    /// The nodes that each decorator may apply to if it names none.
    pub(crate) sinks_at: Vec<Vec<String>>,
    /// The nodes before each decorator is applied.
    pub(crate) names_at: Vec<Vec<String>>,
    /// The nodes that decorators add, each with the decorator's name.
    pub(crate) makers: Vec<(String, Ident)>,
    /// The type of an output that is split, if its shape is known.
    pub(crate) shaped: Option<Type>,
    pub(crate) params: Vec<String>,
    /// The type of the function's own output.
    pub(crate) given: TokenStream,
}

/// A node that has a handle.
pub(crate) struct KnownNode {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    /// The type of its output; `None` for the function's own.
    pub(crate) gives: Option<TokenStream>,
    pub(crate) reads: Vec<KnownRead>,
    /// The name of the unchecked output.
    pub(crate) unchecked: Option<String>,
    /// It is a part of another node of the function.
    pub(crate) is_part: bool,
}

/// A node or an input that a node reads.
#[derive(Clone)]
pub(crate) struct KnownRead {
    pub(crate) name: String,
    /// The tokens of the name.
    pub(crate) tokens: TokenStream,
}

/// A parameter that reads other sources than the node or input of its name.
pub(crate) struct Rebinding {
    pub(crate) param: String,
    pub(crate) sources: Vec<BoundSource>,
}

/// A source in the binding of a parameter.
#[derive(Clone)]
pub(crate) struct BoundSource {
    pub(crate) name: String,
    /// The tokens of the name.
    pub(crate) tokens: TokenStream,
    /// The number of lists and maps around it.
    pub(crate) depth: usize,
}

impl KnownNodes {
    /// Returns the type of the outputs of these names, or else of the outputs that no other node of the function reads.
    pub(crate) fn whole(&self, outputs: &[&Dotted]) -> TokenStream {
        let named = outputs.iter().find_map(|output| self.nodes.iter().find(|node| node.name == output.name));
        let sinks = self.sinks();
        let found = named.or_else(|| sinks.first().map(|at| &self.nodes[*at]));
        found.and_then(|node| node.gives.clone()).unwrap_or_else(|| self.given.clone())
    }

    pub(crate) fn sinks(&self) -> Vec<usize> {
        let is_read = |name: &str| {
            self.nodes
                .iter()
                .any(|other| other.name != name && other.reads.iter().any(|read| read.name == name))
        };
        (0..self.nodes.len()).filter(|at| !is_read(&self.nodes[*at].name)).collect()
    }

    /// Records that the nodes are unknown.
    pub(crate) fn open(&mut self) {
        self.nodes.clear();
        self.open = true;
        self.unbound.fill(false);
        self.cut();
    }

    /// Records that no parameter reads the source of its name.
    pub(crate) fn cut(&mut self) {
        self.reads_own.fill(false);
        self.nodes.iter_mut().for_each(|node| node.reads.clear());
    }

    /// Records that these parameters read the sources of their names after all.
    pub(crate) fn keep<'a>(&mut self, params: impl Iterator<Item = &'a str>) {
        for kept in params {
            if let Some(at) = self.params.iter().position(|param| param == kept) {
                self.reads_own[at] = true;
            }
        }
    }

    pub(crate) fn rename(&mut self, ident: &Ident) {
        for node in &mut self.nodes {
            node.ident = ident.clone();
            node.name = ident.unraw().to_string();
        }
    }

    /// Records that parameters read other sources.
    pub(crate) fn bind(&mut self, bound: &[Rebinding]) {
        self.nodes.iter_mut().for_each(|node| node.bind(bound));
        for (at, param) in self.params.iter().enumerate() {
            let is_unbound = !bound.iter().any(|bound| bound.param == *param);
            self.reads_own[at] &= is_unbound;
            self.unbound[at] &= is_unbound;
        }
    }

    /// Replaces the node by one for each of these names and bindings.
    pub(crate) fn become_several<'a>(&mut self, nodes: impl Iterator<Item = (&'a Ident, Vec<Rebinding>)>) {
        let Some(own) = self.nodes.pop() else { return };
        let mut read_own = vec![false; self.params.len()];
        for (ident, bound) in nodes {
            let mut node = KnownNode {
                ident: ident.clone(),
                name: ident.unraw().to_string(),
                gives: own.gives.clone(),
                reads: own.reads.clone(),
                unchecked: own.unchecked.clone(),
                is_part: false,
            };
            node.bind(&bound);
            for (param, read_own) in self.params.iter().zip(&mut read_own) {
                *read_own |= !bound.iter().any(|bound| bound.param == *param);
            }
            self.nodes.push(node);
        }
        for (at, read_own) in read_own.into_iter().enumerate() {
            self.reads_own[at] &= read_own;
            self.unbound[at] &= read_own;
        }
    }

    /// Adds nodes that are parts of one.
    pub(crate) fn add_parts(&mut self, of: Option<&Dotted>, parts: Vec<(Ident, TokenStream)>) {
        let sinks = self.sinks();
        let named = of.map(|of| self.nodes.iter().position(|node| node.name == of.name));
        let Some(whole) = named.unwrap_or_else(|| sinks.first().copied()) else { return };
        let whole = self.nodes[whole].name.clone();
        for (ident, gives) in parts {
            let reads = vec![KnownRead { name: whole.clone(), tokens: ident.to_token_stream() }];
            let name = ident.unraw().to_string();
            self.nodes.push(KnownNode {
                name,
                ident,
                gives: Some(gives),
                reads,
                unchecked: None,
                is_part: true,
            });
        }
    }

    /// Records that a check adds an unchecked output for each named output, or else for each sink.
    pub(crate) fn check(&mut self, outputs: &[&Dotted]) {
        let sinks = self.sinks();
        for at in 0..self.nodes.len() {
            let name = &self.nodes[at].name;
            let is_meant = outputs.iter().any(|output| output.name == *name);
            let unchecked = format!("{name}_raw");
            let is_free = !self.nodes.iter().any(|node| node.name == unchecked);
            if is_free && (is_meant || (outputs.is_empty() && sinks.contains(&at))) {
                self.nodes[at].unchecked = Some(unchecked);
            }
        }
    }

    /// Records that steps provide these parameters, or else the first one.
    pub(crate) fn pipe_into<'a>(&mut self, params: &[&str], sources: impl Iterator<Item = &'a Dotted>) {
        for (at, param) in self.params.iter().enumerate() {
            if params.contains(&param.as_str()) || (params.is_empty() && at == 0) {
                self.reads_own[at] = false;
                self.unpiped[at] = false;
            }
        }
        let sources: Vec<_> = sources
            .map(|source| KnownRead { name: source.name.clone(), tokens: source.to_token_stream() })
            .collect();
        self.nodes.iter_mut().for_each(|node| node.reads.extend(sources.iter().cloned()));
    }

    /// Sets the type of the outputs of these names, or else of the outputs that no other node reads.
    pub(crate) fn pipe(&mut self, outputs: &[&str], gives: &TokenStream) {
        let sinks = self.sinks();
        for (at, node) in self.nodes.iter_mut().enumerate() {
            if outputs.contains(&node.name.as_str()) || (outputs.is_empty() && sinks.contains(&at)) {
                node.gives = Some(gives.clone());
            }
        }
    }
}

impl KnownNode {
    fn bind(&mut self, bound: &[Rebinding]) {
        self.reads.retain(|read| !bound.iter().any(|bound| bound.param == read.name));
        let sources = bound.iter().flat_map(|bound| &bound.sources);
        self.reads.extend(
            sources.map(|source| KnownRead { name: source.name.clone(), tokens: source.tokens.clone() }),
        );
    }
}
