//! Tokens to a model: which functions are nodes, and what their heads say.

mod alias;
mod conditions;
mod enclosing;
mod fragments;
mod head;
mod macro_call;
mod misplaced;
mod param;
mod written_type;

use std::collections::{HashMap, HashSet};

use icosian_spec::BuiltIn;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, Ident, Item, ItemFn, ItemMod, Meta, Path, Type, UseTree, Visibility};

pub(crate) use alias::written_name;
pub(crate) use conditions::behind_cfg_attr;
pub(crate) use fragments::without_groups;
pub(crate) use head::{documentation, shown};
pub(crate) use written_type::{bare, borrowed, ends_with, is_no_text, is_unsized, only_argument};

use crate::decorator::{self, DecoratorSource};
use crate::options::{self, Options};
use crate::refusals::Refusals;

/// The functions of one module, or that of one `#[node]`.
pub(crate) struct Flow {
    pub(crate) name: String,
    pub(crate) nodes: Vec<NodeSource>,
    /// It is a module, so that all its nodes are here.
    pub(crate) is_module: bool,
    /// The private functions of the module that are not nodes.
    pub(crate) private: Vec<String>,
    /// Names that the module may have and that are not of its functions; `None` when it brings in what nobody can tell.
    pub(crate) brought: Option<HashSet<String>>,
    /// The `pub fn`s in macro calls of the module, which are not nodes.
    pub(crate) in_macro_calls: Vec<Ident>,
}

impl Flow {
    /// Returns the function that `path` names, if it is one of these.
    pub(crate) fn function(&self, path: &Path) -> Option<&NodeSource> {
        let name = own_name(path)?;
        self.nodes.iter().find(|node| node.name == name)
    }
}

/// Returns the name that `path` is, `self::` aside: something of the module in which it stands.
pub(crate) fn own_name(path: &Path) -> Option<String> {
    let mut segments = path.segments.iter();
    if path.segments.len() == 2 && path.leading_colon.is_none() && path.segments[0].ident == "self" {
        segments.next();
    } else {
        path.get_ident()?;
    }
    Some(segments.next()?.ident.unraw().to_string())
}

/// A function that nodes are made of, as its head says.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that a head says")]
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
    /// Innermost first.
    pub(crate) decorators: Vec<DecoratorSource>,
    /// It is one of the dataflow's, and not only called by decorators.
    pub(crate) listed: bool,
    /// It has a `self`, so that no handle can stand beside it.
    pub(crate) method: bool,
    /// Something about the function was refused: its handle is written, calls of it are not.
    pub(crate) refused: bool,
    /// Something about its decorators was refused: they are not written.
    pub(crate) undecorated: bool,
}

impl NodeSource {
    /// Returns the type of what decorators take apart, when it is seen: no step has changed it before.
    pub(crate) fn shaped(&self) -> Option<&Type> {
        let mut before = self.decorators.iter().take_while(|source| !source.row.is_extractor());
        let is_changed = before.any(|source| source.is(BuiltIn::PipeOutput));
        self.gives.as_ref().filter(|_| !is_changed).map(Gives::value)
    }

    /// Returns whether `exclude` keeps the function from being a node.
    pub(crate) fn is_excluded(&self) -> bool {
        self.decorators.iter().any(|source| source.is(BuiltIn::Exclude))
    }
}

/// The type that a function returns.
pub(crate) struct Gives {
    pub(crate) written: Type,
    /// It is a `Result`.
    pub(crate) fallible: bool,
}

impl Gives {
    /// Returns what is given when nothing fails, as far as the type tells.
    pub(crate) fn value(&self) -> &Type {
        let found = self.fallible.then(|| written_type::first_argument(&self.written)).flatten();
        found.unwrap_or(&self.written)
    }
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
    pub(crate) fn name(&self) -> &Ident {
        &self.0.ident
    }

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
    misplaced::refuse_second(&mut module.attrs, "dataflow", refusals);
    let Some((_, items)) = &mut module.content else {
        let name = &module.ident;
        let why = format!(
            "`#[dataflow]` sees only what stands in `mod {name} {{ .. }}`; write the module here, or `#[node]` above \
             each function of its file and list them with `nodes![..]`"
        );
        refusals.at(name, why);
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
    let in_macro_calls = macro_call::functions(items);
    misplaced::refuse(items, brought.as_ref(), refusals);
    misplaced::refuse_defaults(items, brought.as_ref(), refusals);
    let mut nodes: Vec<NodeSource> = Vec::new();
    let mut always_there: HashMap<String, bool> = HashMap::new();
    let mut has_hidden = false;
    let mut private: Vec<&mut ItemFn> = Vec::new();
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
        } else {
            private.push(function);
        }
    }
    let private_names: Vec<_> =
        private.iter().map(|function| function.sig.ident.unraw().to_string()).collect();
    add_private(&mut nodes, private, refusals);
    if let Some((_, items)) = &mut module.content {
        items.extend(uses);
    }
    read_past_underscores(&mut nodes, refusals);
    name_params(&mut nodes);
    let is_node = |name: &String| nodes.iter().any(|node| node.listed && node.name == *name);
    let private = private_names.into_iter().filter(|name| !is_node(name)).collect();
    let name = match &options.name {
        Some(name) => name.value(),
        None => module.ident.unraw().to_string(),
    };
    if nodes.is_empty() && !has_hidden {
        let why = format!("dataflow `{name}` has no nodes: private functions are not nodes; write `pub fn`");
        refusals.at(&module.ident, why);
    }
    Some((Module(module), Flow { name, nodes, is_module: true, private, brought, in_macro_calls }))
}

/// Removes the leading underscore of parameter names: Rust marks unused parameters with it, and `_rates` still reads `rates`.
///
/// A node of the module that has the name with the underscore is read by that name.
fn read_past_underscores(nodes: &mut [NodeSource], refusals: &mut Refusals) {
    let exact: HashSet<String> = nodes.iter().map(|node| node.name.clone()).collect();
    for node in nodes {
        for at in 0..node.params.len() {
            let name = &node.params[at].name;
            let bare = past_underscore(name).to_owned();
            if bare == *name || exact.contains(name) {
                continue;
            }
            if node.params.iter().any(|other| other.name == bare) {
                let why = format!("parameters `{bare}` and `{name}` both read `{bare}`; remove one of them");
                refusals.at(&node.params[at].ident, why);
                node.refused = true;
            } else {
                node.params[at].name = bare;
            }
        }
    }
}

/// Returns `name` without one leading underscore, if it has just one and more than that.
fn past_underscore(name: &str) -> &str {
    let bare = name.strip_prefix('_').filter(|bare| !bare.is_empty() && !bare.starts_with('_'));
    bare.unwrap_or(name)
}

/// Replaces the names of parameters in decorators by the names that the parameters have in the model: with or without the
/// leading underscore.
///
/// A function that is not here is assumed to have the name without it.
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
fn add_private(nodes: &mut Vec<NodeSource>, mut private: Vec<&mut ItemFn>, refusals: &mut Refusals) {
    loop {
        let calls = |node: &NodeSource| -> Vec<String> {
            let called = node.decorators.iter().flat_map(|source| source.decorator.calls());
            called.filter_map(own_name).collect()
        };
        let called: HashSet<String> = nodes.iter().flat_map(calls).collect();
        let (found, rest): (Vec<_>, Vec<_>) = private.into_iter().partition(|function| {
            called.contains(&function.sig.ident.unraw().to_string())
                || function.attrs.iter().any(|attribute| {
                    decorator::name_of(attribute).is_some() || decorator::hidden_name(attribute).is_some()
                })
        });
        private = rest;
        if found.is_empty() {
            break;
        }
        for function in found {
            let mut node = head::node(function, Visibility::Inherited, refusals);
            node.listed = node.decorators.iter().any(|source| source.decorator.targets().is_some());
            nodes.push(node);
        }
    }
    let called = nodes.iter().flat_map(|node| &node.decorators).flat_map(|source| source.decorator.calls());
    let called: HashSet<String> = called.filter_map(own_name).collect();
    for node in nodes.iter().filter(|node| matches!(node.visibility, Visibility::Inherited)) {
        let (Some(source), false) = (node.decorators.last(), node.listed) else { continue };
        if !called.contains(&node.name) {
            let why = format!(
                "`#[{}]` says nothing here: `{}` is private and no other decorator calls it; write `pub fn`",
                source.ident, node.name
            );
            refusals.at(&source.ident, why);
        }
    }
}

/// Returns the names in `items` that are not of functions; `None` when a `use` or a macro brings in others.
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

/// Reads a `#[node]` function; `None` when it is none.
pub(crate) fn function(
    tokens: TokenStream,
    options: &Options,
    refusals: &mut Refusals,
) -> Option<(ItemFn, Flow)> {
    match syn::parse2(tokens) {
        Ok(Item::Fn(mut function)) => {
            fragments::remove_groups(&mut function);
            alias::Aliases::of(&[], options.facade.as_ref()).resolve(&mut function.attrs);
            misplaced::refuse_second(&mut function.attrs, "node", refusals);
            misplaced::refuse_default(&mut function.attrs, refusals);
            let visibility = function.vis.clone();
            let is_associated = function.sig.receiver().is_none() && enclosing::is_associated(&function);
            let mut node = head::node(&mut function, visibility, refusals);
            if is_associated {
                let why = format!(
                    "`{}` is an associated function, and its handle cannot be written in an `impl`; move the function \
                     out of the `impl`",
                    node.name
                );
                refusals.at(&node.ident, why);
                node.method = true;
            }
            let mut nodes = vec![node];
            read_past_underscores(&mut nodes, refusals);
            name_params(&mut nodes);
            let (name, private) = (nodes[0].name.clone(), Vec::new());
            let flow =
                Flow { name, nodes, is_module: false, private, brought: None, in_macro_calls: Vec::new() };
            Some((function, flow))
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
