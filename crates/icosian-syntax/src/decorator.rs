//! The decorators: how each is read, what it changes in the nodes that are known while compiling, and how it is written.

#![allow(clippy::unnecessary_wraps, reason = "the readers of all decorators are of one type")]
#![allow(clippy::large_enum_variant, reason = "there are few of these, and not for long")]

pub(crate) mod argument;
pub(crate) mod binding;
mod condition;
mod duration;
mod effect;

mod check_output;
mod check_output_custom;
mod config_when;
mod decorate;
mod does;
mod extract;
mod fallback;
mod from_row;
mod inject;
mod mutate;
mod parameterize;
mod pipe;
mod remote;
mod resolve;
mod retry;
mod step;
mod subdag;
mod tag;
mod tag_outputs;
mod timeout;

pub use duration::duration;

use icosian_diagnostics::nearest;
use icosian_spec::{BuiltIn, Phase, Repetition, Row};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, Meta, Path};

pub(crate) use argument::Dotted;
pub(crate) use argument::ParamName;
use argument::{Reading, skip_all, unknown};

use crate::known::Known;
use crate::read::{self, Flow, NodeSource};
use crate::refusals::Refusals;
use crate::span;

/// A decorator above a function, as it is written.
pub(crate) struct DecoratorSource {
    /// The decorator's name.
    pub(crate) ident: Ident,
    /// The decorator's row in the table.
    pub(crate) row: &'static Row,
    pub(crate) decorator: Box<dyn Decorates>,
}

impl DecoratorSource {
    pub(crate) fn is(&self, built_in: BuiltIn) -> bool {
        self.row.built_in() == built_in
    }
}

/// What each decorator does while compiling.
pub(crate) trait Decorates {
    /// Refuses what is wrong with it above `function`.
    fn check(&self, function: &NodeSource, flow: &Flow, refusals: &mut Refusals) {
        let _ = (function, flow, refusals);
    }

    /// Changes what is known of the function's nodes.
    fn change(&self, known: &mut Known) {
        let _ = known;
    }

    /// Changes what is known of the types of the function's nodes.
    fn change_outputs(&self, known: &mut Known, flow: &Flow, door: &TokenStream) {
        let _ = (known, flow, door);
    }

    /// Writes the decorator: an expression.
    fn written(&self, scope: &Scope<'_>) -> TokenStream;

    /// Returns the functions that it calls.
    fn calls(&self) -> Vec<&Path> {
        Vec::new()
    }

    /// Returns how it feeds the functions that it calls.
    fn feeds(&self) -> Vec<Feed<'_>> {
        Vec::new()
    }

    /// Returns the names of parameters that it contains, each with the function that has the parameter. `None` stands for the
    /// decorated function.
    fn params(&mut self) -> Vec<(Option<&Path>, &mut dyn ParamName)> {
        Vec::new()
    }

    /// Returns the outputs that it is about, when it names them.
    fn outputs(&self) -> Vec<&Dotted> {
        Vec::new()
    }

    /// Returns the functions whose outputs it changes; `None` when it leaves the function a node.
    fn targets(&self) -> Option<Vec<mutate::Sent<'_>>> {
        None
    }

    /// Returns the node that the function is one variant of.
    fn variant_of(&self, function: &NodeSource) -> Option<Ident> {
        let _ = function;
        None
    }
}

/// How a decorator feeds the parameters of a function that it calls.
pub(crate) struct Feed<'a> {
    pub(crate) function: &'a Path,
    /// The parameters that the decorator binds or maps.
    pub(crate) bound: Vec<String>,
    pub(crate) unbound: Unbound<'a>,
}

/// What the parameters read that a decorator does not bind.
pub(crate) enum Unbound<'a> {
    /// The same as the parameters of their names in the decorated function.
    Shared,
    /// The first parameter reads what these parameters of the decorated function read, or else its first parameter.
    Entered(Vec<&'a str>),
    /// The first parameter reads the output before it.
    Piped,
}

/// What a decorator is written with.
pub(crate) struct Scope<'a> {
    door: &'a TokenStream,
    pub(crate) function: &'a NodeSource,
    pub(crate) flow: &'a Flow,
    /// The type of what it is about.
    pub(crate) whole: &'a TokenStream,
    /// At the decorator's name; names are the written code's own.
    pub(crate) span: Span,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(
        door: &'a TokenStream,
        function: &'a NodeSource,
        flow: &'a Flow,
        whole: &'a TokenStream,
        decorator: &Ident,
    ) -> Self {
        Self { door, function, flow, whole, span: span::own(decorator.span()) }
    }

    /// Returns the door, at the decorator.
    pub(crate) fn door(&self) -> TokenStream {
        self.door_at(self.span)
    }

    pub(crate) fn door_at(&self, span: Span) -> TokenStream {
        span::at(span, self.door)
    }

    /// Writes the type of what the function itself gives.
    pub(crate) fn given(&self, span: Span) -> TokenStream {
        let (door, ident) = (self.door_at(span), &self.function.ident);
        quote::quote_spanned!(span=> <#ident as #door::Gives>::Output)
    }
}

type Read = syn::Result<Box<dyn Decorates>>;
type Reader = fn(ParseStream<'_>, &mut Reading<'_>) -> Read;

/// Returns the parser of a decorator's arguments.
fn reader(decorator: BuiltIn) -> Reader {
    match decorator {
        BuiltIn::ExtractOutputs | BuiltIn::ExtractFields | BuiltIn::UnpackFields => extract::read,
        BuiltIn::Parameterize => parameterize::read,
        BuiltIn::ParameterizeSources => parameterize::sources,
        BuiltIn::ParameterizeValues => parameterize::values,
        BuiltIn::Inject => inject::read,
        BuiltIn::ConfigWhen => config_when::when,
        BuiltIn::ConfigWhenNot => config_when::when_not,
        BuiltIn::ConfigWhenIn => config_when::when_in,
        BuiltIn::ConfigWhenNotIn => config_when::when_not_in,
        BuiltIn::Config => config_when::config,
        BuiltIn::Tag => tag::read,
        BuiltIn::TagOutputs => tag_outputs::read,
        BuiltIn::CheckOutput => check_output::read,
        BuiltIn::CheckOutputCustom => check_output_custom::read,
        BuiltIn::PipeInput => pipe::input,
        BuiltIn::PipeOutput => pipe::output,
        BuiltIn::Mutate => mutate::read,
        BuiltIn::Subdag => subdag::read,
        BuiltIn::ParameterizedSubdag => subdag::parameterized,
        BuiltIn::Resolve | BuiltIn::ResolveFromConfig => resolve::read,
        BuiltIn::Does => does::read,
        BuiltIn::Remote => remote::read,
        BuiltIn::Retry => retry::read,
        BuiltIn::Timeout => timeout::read,
        BuiltIn::Fallback => fallback::read,
        BuiltIn::Decorate => decorate::read,
        // The table describes the syntax of the others completely.
        _ => from_row::read,
    }
}

/// Returns the name of the decorator that an attribute is, also under `icosian`, `icosian::decorators` or `icosian::prelude`.
pub(crate) fn name_of(attribute: &Attribute) -> Option<&Ident> {
    name_in(attribute.path())
}

/// Returns the name of the decorator that `path` is.
pub(crate) fn name_in(path: &Path) -> Option<&Ident> {
    let segments = &path.segments;
    let name = &segments.last()?.ident;
    let door = segments.iter().rev().nth(1);
    let is_ours =
        door.is_none_or(|door| ["icosian", "decorators", "prelude"].iter().any(|ours| door.ident == ours));
    (is_ours && is_name(&name.to_string())).then_some(name)
}

/// Returns whether `name` is the name of a decorator, reserved or not.
pub(crate) fn is_name(name: &str) -> bool {
    BuiltIn::named(name).is_some()
}

/// Takes the decorators out of a function's attributes: innermost first.
pub(crate) fn take(attributes: &mut Vec<Attribute>, refusals: &mut Refusals) -> Vec<DecoratorSource> {
    let (decorators, others) = std::mem::take(attributes)
        .into_iter()
        .partition::<Vec<_>, _>(|attribute| name_of(attribute).is_some());
    *attributes = others;
    attributes.retain(|attribute| {
        let Some(name) = hidden_name(attribute) else { return true };
        let why = format!(
            "`#[dataflow]` reads decorators before anybody knows whether `cfg_attr` lets `#[{name}]` be there; write the \
             function twice, each time under its own `#[cfg(..)]`, with `#[{name}]` above one of the two"
        );
        refusals.at(attribute, why);
        false
    });
    let mut read: Vec<_> = decorators.iter().filter_map(|attribute| read_one(attribute, refusals)).collect();
    read.reverse();
    read
}

/// Returns the name of the decorator that is behind a `cfg_attr`.
pub(crate) fn hidden_name(attribute: &Attribute) -> Option<Ident> {
    read::behind_cfg_attr(attribute).iter().find_map(|hidden| name_in(hidden.path()).cloned())
}

fn read_one(attribute: &Attribute, refusals: &mut Refusals) -> Option<DecoratorSource> {
    let ident = name_of(attribute)?;
    let built_in = BuiltIn::named(&ident.to_string())?;
    let (row, reader) = (built_in.row(), reader(built_in));
    if let Some(why) = row.reserved_for() {
        let why = format!("`#[{ident}]` is not there yet: {why}; remove it");
        refusals.at(attribute, why);
        return None;
    }
    let mut reading = Reading::new(ident, row, refusals);
    let parser = |input: ParseStream<'_>| {
        let read = reader(input, &mut reading);
        if read.is_err() {
            skip_all(input);
        }
        read
    };
    let read = match &attribute.meta {
        Meta::List(_) => attribute.parse_args_with(parser),
        Meta::Path(_) => parser.parse2(TokenStream::new()),
        Meta::NameValue(meta) => {
            let why = format!("`#[{ident}]` has its arguments in parentheses; write `#[{ident}(..)]`");
            Err(syn::Error::new_spanned(&meta.value, why))
        }
    };
    match read {
        Ok(decorator) => Some(DecoratorSource { ident: ident.clone(), row, decorator }),
        Err(error) => {
            refusals.add(error);
            None
        }
    }
}

/// Refuses what is wrong with the decorators above `function`, each and together.
pub(crate) fn check(function: &NodeSource, flow: &Flow, refusals: &mut Refusals) {
    let mut above: Vec<&DecoratorSource> = Vec::new();
    for source in function.decorators.iter().rev() {
        source.decorator.check(function, flow, refusals);
        let row = source.row;
        let other = above.iter().find(|other| {
            let is_parameterized = row.phase() == Phase::Parameterize && other.row.phase() == row.phase();
            let is_placed = row.is_placement() && other.row.is_placement();
            let is_once = matches!(row.repetition(), Repetition::Once { .. }) && other.row == row;
            is_parameterized || is_placed || is_once
        });
        if let Some(other) = other {
            let why = if other.ident == source.ident {
                format!("`#[{}]` is there twice; remove one", source.ident)
            } else if row.is_placement() {
                format!(
                    "`{}` has both `#[{}]` and `#[{}]`; keep `#[offload]` if it blocks, or `#[spawn]` if it computes",
                    function.name, other.ident, source.ident
                )
            } else {
                format!(
                    "`#[{}]` and `#[{}]` each say which nodes `{}` becomes; write one of the two",
                    other.ident, source.ident, function.name
                )
            };
            refusals.at(&source.ident, why);
        }
        above.push(source);
    }
    effect::check(function, flow, refusals);
}

/// Refuses outputs that none of the function's nodes is, for the decorator at `at`, and that it takes one of several apart.
pub(crate) fn check_outputs(at: usize, source: &DecoratorSource, known: &Known, refusals: &mut Refusals) {
    if known.open {
        return;
    }
    if let Some((output, maker)) = made_later(at, source, known) {
        let on = if source.is(BuiltIn::PipeOutput) { "on_output" } else { "on" };
        let why = format!(
            "`{0}` is made by `#[{maker}]` above, which is applied after `#[{1}]`; swap the two: write \
             `#[{1}(.., {on}({0}))]` above `#[{maker}(..)]`",
            output.name, source.ident
        );
        refusals.at(output, why);
        return;
    }
    if let ([first, _, ..], true, true) =
        (known.sinks_at[at].as_slice(), source.row.is_extractor(), source.decorator.outputs().is_empty())
    {
        let names = known.sinks_at[at].join("`, `");
        let why = format!(
            "`#[{0}]` takes one output apart, and `{1}` gives `{names}`; name the one that it is about behind the parts, as in \
             `#[{0}(.., on({first}))]`",
            source.ident, known.function
        );
        refusals.at(&source.ident, why);
    }
    for output in source.decorator.outputs() {
        let names = known.nodes.iter().map(|node| node.name.as_str());
        if !names.clone().any(|name| name == output.name) {
            refusals.at(output, unknown(&format!("`{}`", known.function), "output", &output.name, names));
        }
    }
}

/// Returns the first output named by the decorator at `at` that a later decorator makes, and the name of that one.
fn made_later<'a>(
    at: usize,
    source: &'a DecoratorSource,
    known: &'a Known,
) -> Option<(&'a Dotted, &'a Ident)> {
    source.decorator.outputs().into_iter().find_map(|output| {
        let has_name = |names: &Vec<String>| names.contains(&output.name);
        let is_late = source.row.phase() == Phase::Transform && !has_name(&known.names_at[at]);
        let maker = known.makers.iter().find(|(made, _)| is_late && *made == output.name)?;
        Some((output, &maker.1))
    })
}

/// Returns what an attribute `name` says of where it stands, being called instead of read by `#[dataflow]` or `#[node]`.
pub(crate) fn misplaced(name: &str, item: &TokenStream) -> TokenStream {
    let reserved_for = BuiltIn::named(name).and_then(|it| it.row().reserved_for());
    let why = if let Some(why) = reserved_for {
        format!("`#[{name}]` is not there yet: {why}; remove it")
    } else if let Some(alias) = read::written_name(Span::call_site(), name) {
        format!(
            "`#[{alias}]` is `#[{name}]` under another name, which only the module that imports it knows; write \
             `use icosian::decorators::{name} as {alias};` inside of the `#[dataflow]` module, or `#[{name}]`"
        )
    } else {
        match syn::parse2(item.clone()) {
            Ok(syn::Item::Fn(function)) if has_node_below(&function.attrs) => {
                format!("`#[{name}]` stands above `#[node]`, which does not see it; write it below")
            }
            Ok(syn::Item::Fn(function)) => format!(
                "`#[{name}]` decorates nodes, and `{}` is none; write it in a `#[dataflow]` module, or below `#[node]`",
                function.sig.ident.unraw()
            ),
            _ => format!(
                "`#[{name}]` decorates nodes; write it above a function of a `#[dataflow]` module, or below `#[node]`"
            ),
        }
    };
    let error = syn::Error::new(Span::call_site(), why).to_compile_error();
    quote!(#error #item)
}

fn has_node_below(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().segments.last().is_some_and(|segment| segment.ident == "node"))
}

/// Returns the name that a function's variants share: what stands before the last `__`.
pub(crate) fn base_name(function: &Ident) -> Option<Ident> {
    let name = function.unraw().to_string();
    let (base, variant) = name.rsplit_once("__")?;
    if variant.is_empty() { None } else { identifier(base, function.span()) }
}

/// Reads the name of a node, which may be a keyword.
pub(crate) fn node_name(input: ParseStream<'_>) -> syn::Result<Ident> {
    let written = input.call(Ident::parse_any)?;
    identifier(&written.unraw().to_string(), written.span()).ok_or_else(|| {
        let why =
            format!("`{written}` can be the name of nothing, not even as `r#{written}`; choose another one");
        syn::Error::new(written.span(), why)
    })
}

/// Returns the identifier that is called `name`: a raw one where that is a keyword; `None` for what cannot even be raw.
fn identifier(name: &str, span: Span) -> Option<Ident> {
    if ["", "_", "self", "Self", "super", "crate"].contains(&name) {
        return None;
    }
    let is_plain = name != "gen" && syn::parse_str::<Ident>(name).is_ok();
    Some(if is_plain { Ident::new(name, span) } else { Ident::new_raw(name, span) })
}

/// Refuses a function that is misspelt, when it can only be one of this module.
pub(crate) fn check_called(path: &Path, flow: &Flow, refusals: &mut Refusals) {
    let (Some(ident), Some(brought)) = (path.get_ident(), &flow.brought) else { return };
    let name = ident.unraw().to_string();
    if flow.function(path).is_some() || brought.contains(&name) {
        return;
    }
    let known = flow.nodes.iter().map(|node| node.name.as_str());
    let why = match nearest(&name, known) {
        Some(meant) => format!("there is no function `{name}` here; did you mean `{meant}`?"),
        None => format!("there is no function `{name}` here; write one, or a `use` that brings it in"),
    };
    refusals.at(path.to_token_stream(), why);
}
