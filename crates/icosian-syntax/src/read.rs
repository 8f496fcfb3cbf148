//! Reads items into a model: the functions that are nodes, and their signatures.

mod accepted;
mod alias;
mod collection;
mod conditions;
mod documentation;
mod enclosing;
mod fragments;
mod head;
mod macro_call;
mod misplaced;
mod param;

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Ident, Item, ItemFn, ItemMod, LitStr, Meta, UseTree, Visibility};

pub(crate) use alias::written_name;
pub(crate) use conditions::behind_cfg_attr;
pub(crate) use documentation::documentation;
pub(crate) use enclosing::is_associated;
pub(crate) use fragments::without_groups;

use crate::code;
use crate::declaration::Declaration;
use crate::decorator::attribute_name::{hidden_name, name_of};
use crate::faults::Faults;
use crate::model::{DataflowSource, NodeSource, own_name};
use crate::options::{self, AttributeOptions};
use crate::span;

/// The user's module, which receives the generated code.
pub(crate) struct AnnotatedModule(ItemMod);

impl AnnotatedModule {
    pub(crate) fn name(&self) -> &Ident {
        &self.0.ident
    }

    pub(crate) fn fill(&mut self, written: &TokenStream) {
        if let Some((_, items)) = &mut self.0.content {
            items.push(Item::Verbatim(written.clone()));
        }
    }
}

impl ToTokens for AnnotatedModule {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

/// Reads a `#[dataflow]` module; `None` if `item` is not a module with content.
pub(crate) fn module(
    item: Item,
    options: &AttributeOptions,
    faults: &mut Faults,
) -> Option<(AnnotatedModule, DataflowSource)> {
    let mut module = match item {
        Item::Mod(module) => module,
        item => {
            let help = "move the attribute above `mod name { .. }`, or write `#[node]` above a function";
            faults.report(code::INVALID_DATAFLOW, named(&item), "`#[dataflow]` is not above a module", help);
            return None;
        }
    };
    misplaced::refuse_second(&mut module.attrs, "dataflow", faults);
    let name = options.name.as_ref().map_or_else(|| module.ident.unraw().to_string(), LitStr::value);
    let Some((_, items)) = &mut module.content else {
        let name = &module.ident;
        let message = format!("module `{name}` is in another file, which `#[dataflow]` does not read");
        let help = "write the module here, or `#[node]` above each function and list them in `nodes![..]`";
        faults.report(code::INVALID_DATAFLOW, name, message, help);
        return None;
    };
    let mut aliases = alias::Aliases::of(items, options.facade.as_ref());
    for item in &mut *items {
        if let Item::Fn(function) = item {
            fragments::remove_groups(function);
            aliases.resolve(&mut function.attrs);
        }
    }
    let uses = aliases.written();
    let visibility = head::handle_visibility(&module.vis);
    let brought = brought(items);
    let names = item_names(items);
    let in_macro_calls = macro_call::functions(items);
    misplaced::refuse(items, brought.as_ref(), faults);
    misplaced::refuse_attributes_of_params(items, brought.as_ref(), faults);
    let mut nodes: Vec<NodeSource> = Vec::new();
    // The identifier of the last function of each name, and whether it exists under each configuration.
    let mut previous: HashMap<String, (Ident, bool)> = HashMap::new();
    let mut has_hidden = false;
    let mut private: Vec<&mut ItemFn> = Vec::new();
    for item in items {
        let Item::Fn(function) = item else { continue };
        if is_hidden(&function.vis) {
            has_hidden = true;
            refuse_hidden(function, faults);
        } else if matches!(function.vis, Visibility::Public(_)) {
            refuse_node_attribute(function, faults);
            let node = head::node(function, visibility.clone(), faults);
            let is_always = node.cfgs.is_empty();
            match previous.insert(node.name.clone(), (node.ident.clone(), is_always)) {
                // The compiler refuses two functions of one name, unless a `#[cfg]` selects one of them.
                Some((first, true)) if is_always => {
                    let message = duplicate_node(&name, &node.name);
                    let help = "rename one of the two nodes";
                    let fault = faults.report(code::DUPLICATE_NODE, &node.ident, message, help);
                    fault.lint().labelled("the second").also(span::ends(&first), "the first");
                }
                Some((_, other_is_always)) if is_always || other_is_always => {}
                _ => nodes.push(node),
            }
        } else {
            private.push(function);
        }
    }
    let private_names: Vec<_> =
        private.iter().map(|function| function.sig.ident.unraw().to_string()).collect();
    add_private(&mut nodes, private, faults);
    if let Some((_, items)) = &mut module.content {
        items.extend(uses);
    }
    read_past_underscores(&mut nodes, faults);
    name_params(&mut nodes);
    let is_node = |name: &String| nodes.iter().any(|node| node.listed && node.name == *name);
    let private = private_names.into_iter().filter(|name| !is_node(name)).collect();
    if nodes.is_empty() && !has_hidden {
        let message = format!("dataflow `{name}` has no nodes: private functions are not nodes");
        faults.report(code::INVALID_DATAFLOW, &module.ident, message, "write `pub fn` for each node");
    }
    let declaration = Declaration::default();
    Some((
        AnnotatedModule(module),
        DataflowSource {
            name,
            nodes,
            is_module: true,
            private,
            brought,
            items: names,
            in_macro_calls,
            declaration,
        },
    ))
}

/// Removes the leading underscore of parameter names: Rust marks unused parameters with it, and `_rates` still reads `rates`.
///
/// A parameter keeps its underscore if a node of the module has that name.
fn read_past_underscores(nodes: &mut [NodeSource], faults: &mut Faults) {
    let exact: HashSet<String> = nodes.iter().map(|node| node.name.clone()).collect();
    for node in nodes {
        for at in 0..node.params.len() {
            let name = &node.params[at].name;
            let bare = past_underscore(name).to_owned();
            if bare == *name || exact.contains(name) {
                continue;
            }
            if node.params.iter().any(|other| other.name == bare) {
                let message = format!("parameters `{bare}` and `{name}` both read `{bare}`");
                let tokens = &node.params[at].ident;
                faults.report(code::UNSUPPORTED_PARAM, tokens, message, "remove one of the two");
                node.refused = true;
            } else {
                node.params[at].name = bare;
            }
        }
    }
}

/// Returns `name` without its leading underscore, if it has exactly one and other characters.
#[must_use]
pub fn past_underscore(name: &str) -> &str {
    let bare = name.strip_prefix('_').filter(|bare| !bare.is_empty() && !bare.starts_with('_'));
    bare.unwrap_or(name)
}

/// Replaces the names of parameters in decorators by the names that the parameters have in the model: with or without the
/// leading underscore.
///
/// A parameter of an unknown function is assumed to have the name without it.
fn name_params(nodes: &mut [NodeSource]) {
    let names = |node: &NodeSource| node.params.iter().map(|param| param.name.clone()).collect();
    let of_functions: HashMap<String, Vec<String>> =
        nodes.iter().map(|node| (node.name.clone(), names(node))).collect();
    for node in nodes {
        let own: Vec<String> = names(node);
        let params = node.decorators.iter_mut().flat_map(|source| source.decorator.params());
        for (function, written) in params {
            let name = written.name();
            let bare = past_underscore(&name);
            let known = match function {
                Some(path) => own_name(path).and_then(|function| of_functions.get(&function)),
                None => Some(&own),
            };
            let meant = match known {
                Some(known) if known.contains(&name) => None,
                Some(known) => known.iter().map(String::as_str).find(|known| past_underscore(known) == bare),
                None => Some(bare).filter(|bare| *bare != name),
            };
            if let Some(meant) = meant {
                written.rename(meant);
            }
        }
    }
}

/// Adds the private functions that have decorators, or that decorators call.
fn add_private(nodes: &mut Vec<NodeSource>, mut private: Vec<&mut ItemFn>, faults: &mut Faults) {
    loop {
        let calls = |node: &NodeSource| -> Vec<String> {
            let called = node.decorators.iter().flat_map(|source| source.decorator.calls());
            called.filter_map(own_name).collect()
        };
        let called: HashSet<String> = nodes.iter().flat_map(calls).collect();
        let (found, rest): (Vec<_>, Vec<_>) = private.into_iter().partition(|function| {
            called.contains(&function.sig.ident.unraw().to_string())
                || function
                    .attrs
                    .iter()
                    .any(|attribute| name_of(attribute).is_some() || hidden_name(attribute).is_some())
        });
        private = rest;
        if found.is_empty() {
            break;
        }
        for function in found {
            let mut node = head::node(function, Visibility::Inherited, faults);
            node.listed = node.decorators.iter().any(|source| source.decorator.targets().is_some());
            nodes.push(node);
        }
    }
    let called = nodes.iter().flat_map(|node| &node.decorators).flat_map(|source| source.decorator.calls());
    let called: HashSet<String> = called.filter_map(own_name).collect();
    for node in nodes.iter().filter(|node| matches!(node.visibility, Visibility::Inherited)) {
        let (Some(source), false) = (node.decorators.last(), node.listed) else { continue };
        if !called.contains(&node.name) {
            let message = format!(
                "`#[{}]` has no effect: `{}` is private and no decorator calls it",
                source.ident, node.name
            );
            faults.report(code::DECORATOR_WITHOUT_EFFECT, &source.ident, message, "write `pub fn`");
        }
    }
}

/// Returns the names of the items that are not functions; `None` if a glob import or a macro adds unknown names.
fn brought(items: &[Item]) -> Option<HashSet<String>> {
    fn of_use(tree: &UseTree, names: &mut HashSet<String>) -> Option<()> {
        match tree {
            UseTree::Path(path) => of_use(&path.tree, names),
            UseTree::Name(name) => {
                names.insert(name.ident.unraw().to_string());
                Some(())
            }
            UseTree::Rename(rename) => {
                names.insert(rename.rename.unraw().to_string());
                Some(())
            }
            UseTree::Group(group) => group.items.iter().try_for_each(|tree| of_use(tree, names)),
            UseTree::Glob(_) => None,
        }
    }
    let mut names = HashSet::new();
    for item in items {
        match item {
            Item::Use(item) => of_use(&item.tree, &mut names)?,
            Item::Macro(_) => return None,
            Item::Struct(item) => _ = names.insert(item.ident.unraw().to_string()),
            Item::Enum(item) => _ = names.insert(item.ident.unraw().to_string()),
            Item::Type(item) => _ = names.insert(item.ident.unraw().to_string()),
            _ => {}
        }
    }
    Some(names)
}

/// Returns the names of the types, traits, modules and imports.
fn item_names(items: &[Item]) -> Vec<Ident> {
    fn of_use(tree: &UseTree, names: &mut Vec<Ident>) {
        match tree {
            UseTree::Path(path) => of_use(&path.tree, names),
            UseTree::Name(name) => names.push(name.ident.clone()),
            UseTree::Rename(rename) => names.push(rename.rename.clone()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| of_use(tree, names)),
            UseTree::Glob(_) => {}
        }
    }
    let mut names = Vec::new();
    for item in items {
        match item {
            Item::Use(item) => of_use(&item.tree, &mut names),
            Item::Struct(item) => names.push(item.ident.clone()),
            Item::Enum(item) => names.push(item.ident.clone()),
            Item::Union(item) => names.push(item.ident.clone()),
            Item::Type(item) => names.push(item.ident.clone()),
            Item::Trait(item) => names.push(item.ident.clone()),
            Item::Mod(item) => names.push(item.ident.clone()),
            _ => {}
        }
    }
    names
}

/// Reads a `#[node]` function; `None` if `item` is not a function. `is_associated` returns whether an `impl` or a `trait`
/// contains a function.
pub(crate) fn function(
    item: Item,
    is_associated: impl FnOnce(&ItemFn) -> bool,
    options: &AttributeOptions,
    faults: &mut Faults,
) -> Option<(ItemFn, DataflowSource)> {
    let Item::Fn(mut function) = item else {
        let help = match item {
            Item::Mod(_) => "write `#[dataflow]` above a module",
            _ => "move the attribute above a `fn`",
        };
        faults.report(code::INVALID_DATAFLOW, named(&item), "`#[node]` is not above a function", help);
        return None;
    };
    fragments::remove_groups(&mut function);
    alias::Aliases::of(&[], options.facade.as_ref()).resolve(&mut function.attrs);
    misplaced::refuse_second(&mut function.attrs, "node", faults);
    misplaced::refuse_default(&mut function.attrs, faults);
    misplaced::refuse_collect(&mut function.attrs, faults);
    let visibility = function.vis.clone();
    let is_associated = function.sig.receiver().is_none() && is_associated(&function);
    let mut node = head::node(&mut function, visibility, faults);
    if is_associated {
        let message = format!("node `{}` is an associated function", node.name);
        faults.report(code::NODE_IS_METHOD, &node.ident, message, "move the function out of the `impl`");
        node.method = true;
    }
    let mut nodes = vec![node];
    read_past_underscores(&mut nodes, faults);
    name_params(&mut nodes);
    let (name, private) = (nodes[0].name.clone(), Vec::new());
    let flow = DataflowSource {
        name,
        nodes,
        is_module: false,
        private,
        brought: None,
        items: Vec::new(),
        in_macro_calls: Vec::new(),
        declaration: Declaration::default(),
    };
    Some((function, flow))
}

/// Returns the message for two nodes of one name.
pub(crate) fn duplicate_node(dataflow: &str, node: &str) -> String {
    format!("dataflow `{dataflow}` has two nodes `{node}`")
}

/// Returns whether `visibility` is restricted to more than the module itself.
fn is_hidden(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Restricted(restricted) if !restricted.path.is_ident("self"))
}

fn refuse_hidden(function: &mut ItemFn, faults: &mut Faults) {
    let message = format!("`{}` is neither `pub` nor private", function.sig.ident.unraw());
    let help = "write `pub` for a node, or no visibility for a helper";
    faults.report(code::UNCLEAR_VISIBILITY, &function.vis, message, help);
    // The function may not be meant as a node, so its other faults are dropped. The call removes its attributes.
    head::node(function, Visibility::Inherited, &mut Faults::default());
}

fn refuse_node_attribute(function: &mut ItemFn, faults: &mut Faults) {
    function.attrs.retain(|attribute| {
        let is_node = attribute.path().segments.last().is_some_and(|segment| segment.ident == "node");
        let is_only_allow = || match &attribute.meta {
            Meta::List(list) => options::only_allow(list.tokens.clone()),
            _ => false,
        };
        if is_node && !is_only_allow() {
            let message = "`#[node]` has no effect: each `pub fn` of a `#[dataflow]` module is a node";
            faults.report(code::REDUNDANT_ATTRIBUTE, attribute, message, "remove `#[node]`");
        }
        !is_node
    });
}

/// Returns the tokens of `item` that a fault is about: its name, if it has one.
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
