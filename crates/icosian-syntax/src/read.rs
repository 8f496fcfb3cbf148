//! Tokens to a model: which functions are nodes, and what their heads say.

mod conditions;
mod head;
mod param;
mod written_type;

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, Ident, Item, ItemFn, ItemMod, Meta, Type, Visibility};

pub(crate) use written_type::is_unsized;

use crate::options::{self, Options};
use crate::refusals::Refusals;

/// The nodes of one module, or of one `#[node]`.
pub(crate) struct Flow {
    pub(crate) name: String,
    pub(crate) nodes: Vec<NodeSource>,
}

/// A function that is a node, as its head says.
pub(crate) struct NodeSource {
    pub(crate) ident: Ident,
    /// The function's name without `r#`.
    pub(crate) name: String,
    /// Who sees the handle.
    pub(crate) visibility: Visibility,
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) documentation: String,
    pub(crate) is_async: bool,
    pub(crate) params: Vec<ParamSource>,
    /// `None` when the return type was refused.
    pub(crate) gives: Option<Gives>,
    /// It has a `self`, so that no handle can stand beside it.
    pub(crate) method: bool,
    /// Something about the function was refused: its handle is written, calls of it are not.
    pub(crate) refused: bool,
}

/// The type that a function returns.
pub(crate) struct Gives {
    pub(crate) written: Type,
    /// It is a `Result`.
    pub(crate) fallible: bool,
}

/// A parameter of a node.
pub(crate) struct ParamSource {
    pub(crate) ident: Ident,
    /// The parameter's name without `r#`.
    pub(crate) name: String,
    pub(crate) form: Form,
    /// The type without `&` and `Option`, every lifetime in it being `'static`.
    pub(crate) wanted: Type,
    /// The type as it stands in the source.
    pub(crate) written: Type,
    pub(crate) default: Option<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `&T`
    Borrowed,
    /// `T`
    Taken,
    /// `Option<&T>`
    OptionalBorrowed,
    /// `Option<T>`
    OptionalTaken,
}

/// The user's module, to which the written code is added.
pub(crate) struct Module(ItemMod);

impl Module {
    pub(crate) fn fill(&mut self, written: &TokenStream) {
        if let Some((_, items)) = &mut self.0.content {
            items.push(Item::Verbatim(written.clone()));
        }
    }
}

impl ToTokens for Module {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

/// Reads a `#[dataflow]` module; `None` when it is none.
pub(crate) fn module(
    tokens: TokenStream,
    options: &Options,
    refusals: &mut Refusals,
) -> Option<(Module, Flow)> {
    let mut module = match syn::parse2(tokens) {
        Ok(Item::Mod(module)) => module,
        Ok(item) => {
            let why = "`#[dataflow]` stands on something that is not a module; write it above `mod name { .. }`, \
                       or `#[node]` above a function";
            refusals.at(named(&item), why);
            return None;
        }
        Err(error) => {
            refusals.add(error);
            return None;
        }
    };
    let Some((_, items)) = &mut module.content else {
        let name = &module.ident;
        let why = format!(
            "`#[dataflow]` sees only what stands in `mod {name} {{ .. }}`; write the module here, or `#[node]` above \
             each function of its file and list them with `nodes![..]`"
        );
        refusals.at(name, why);
        return None;
    };
    let visibility = head::handle_visibility(&module.vis);
    let mut nodes: Vec<NodeSource> = Vec::new();
    let mut always_there: HashMap<String, bool> = HashMap::new();
    let mut has_hidden = false;
    for item in items {
        let Item::Fn(function) = item else { continue };
        if is_hidden(&function.vis) {
            has_hidden = true;
            refuse_hidden(function, refusals);
        } else if matches!(function.vis, Visibility::Public(_)) {
            refuse_node_attribute(function, refusals);
            let node = head::node(function, visibility.clone(), refusals);
            // Two functions of one name are the compiler's to refuse, once, unless a `#[cfg]` chooses between them.
            let is_always = node.cfgs.is_empty();
            let other_is_always = always_there.insert(node.name.clone(), is_always);
            if other_is_always.is_none_or(|other| !other && !is_always) {
                nodes.push(node);
            }
        }
    }
    let name = match &options.name {
        Some(name) => name.value(),
        None => module.ident.unraw().to_string(),
    };
    if nodes.is_empty() && !has_hidden {
        let why = format!("dataflow `{name}` has no nodes: private functions are not nodes; write `pub fn`");
        refusals.at(&module.ident, why);
    }
    Some((Module(module), Flow { name, nodes }))
}

/// Reads a `#[node]` function; `None` when it is none.
pub(crate) fn function(tokens: TokenStream, refusals: &mut Refusals) -> Option<(ItemFn, Flow)> {
    match syn::parse2(tokens) {
        Ok(Item::Fn(mut function)) => {
            let visibility = function.vis.clone();
            let node = head::node(&mut function, visibility, refusals);
            Some((function, Flow { name: node.name.clone(), nodes: vec![node] }))
        }
        Ok(item) => {
            let why = match item {
                Item::Mod(_) => "`#[node]` stands on a module; write `#[dataflow]` above a module",
                _ => "`#[node]` stands on something that is not a function; write it above a `fn`",
            };
            refusals.at(named(&item), why);
            None
        }
        Err(error) => {
            refusals.add(error);
            None
        }
    }
}

/// Returns whether `visibility` is more than the module's own and less than `pub`.
fn is_hidden(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Restricted(restricted) if !restricted.path.is_ident("self"))
}

fn refuse_hidden(function: &mut ItemFn, refusals: &mut Refusals) {
    let why = format!(
        "`{}` is neither a node nor private; write `pub` for a node, or no visibility for a helper",
        function.sig.ident.unraw()
    );
    refusals.at(&function.vis, why);
    // Whether it was meant as a node nobody knows: what else would be wrong with it is not told, and its attributes are
    // taken out.
    head::node(function, Visibility::Inherited, &mut Refusals::default());
}

fn refuse_node_attribute(function: &mut ItemFn, refusals: &mut Refusals) {
    function.attrs.retain(|attribute| {
        let is_node = attribute.path().segments.last().is_some_and(|segment| segment.ident == "node");
        let speaks_to_linter = || match &attribute.meta {
            Meta::List(list) => options::only_allow(list.tokens.clone()),
            _ => false,
        };
        if is_node && !speaks_to_linter() {
            let why = format!(
                "`#[node]` says nothing here: `{}` is a node because it is a `pub fn` of a `#[dataflow]` module; \
                 remove the attribute",
                function.sig.ident
            );
            refusals.at(attribute, why);
        }
        !is_node
    });
}

/// Returns the tokens that stand for `item` in an error: its name, if it has one.
fn named(item: &Item) -> TokenStream {
    match item {
        Item::Fn(item) => item.sig.ident.to_token_stream(),
        Item::Mod(item) => item.ident.to_token_stream(),
        Item::Struct(item) => item.ident.to_token_stream(),
        Item::Enum(item) => item.ident.to_token_stream(),
        Item::Trait(item) => item.ident.to_token_stream(),
        Item::Impl(item) => item.self_ty.to_token_stream(),
        other => other.to_token_stream(),
    }
}
