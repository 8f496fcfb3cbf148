//! The decorators: the parser of each, its effect on the nodes that are known while compiling, and its generated code.

#![allow(clippy::unnecessary_wraps, reason = "the readers of all decorators have one type")]
#![allow(clippy::large_enum_variant, reason = "there are few of these, and they are short-lived")]

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

use std::fmt::Display;

use icosian_diagnostics::nearest;
use icosian_spec::{BuiltIn, Phase, Repetition, Row};
use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, Meta, Path};

pub(crate) use argument::Dotted;
pub(crate) use argument::ParamName;
use argument::{Reading, skip_all, unknown};

use crate::code;
use crate::fault::{Edit, Emission, Fault, above_node, invalid};
use crate::faults::Faults;
use crate::known::Known;
use crate::read::{self, Flow, NodeSource};
use crate::span;

/// A decorator of a function, as written.
pub(crate) struct DecoratorSource {
    /// The decorator's name.
    pub(crate) ident: Ident,
    /// The tokens of its arguments, as text.
    pub(crate) arguments: String,
    /// The first and the last token of the attribute.
    pub(crate) span: (Span, Span),
    /// The decorator's row in the table.
    pub(crate) row: &'static Row,
    pub(crate) decorator: Box<dyn Decorates>,
}

impl DecoratorSource {
    pub(crate) fn is(&self, built_in: BuiltIn) -> bool {
        self.row.built_in() == built_in
    }
}

/// The compile-time behaviour of a decorator.
pub(crate) trait Decorates {
    /// Reports its faults above `function`.
    fn check(&self, function: &NodeSource, flow: &Flow, faults: &mut Faults) {
        let _ = (function, flow, faults);
    }

    /// Changes the known nodes of the function.
    fn change(&self, known: &mut Known) {
        let _ = known;
    }

    /// Changes the known output types of the function's nodes.
    fn change_outputs(&self, known: &mut Known, flow: &Flow, door: &TokenStream) {
        let _ = (known, flow, door);
    }

    /// Writes the decorator as an expression.
    fn written(&self, scope: &Scope<'_>) -> TokenStream;

    /// Returns the functions that it calls.
    fn calls(&self) -> Vec<&Path> {
        Vec::new()
    }

    /// Returns the sources of the parameters of the functions that it calls.
    fn feeds(&self) -> Vec<Feed<'_>> {
        Vec::new()
    }

    /// Returns the names of parameters that it contains, each with the function that has the parameter; `None` is the
    /// decorated function.
    fn params(&mut self) -> Vec<(Option<&Path>, &mut dyn ParamName)> {
        Vec::new()
    }

    /// Returns the outputs that it names.
    fn outputs(&self) -> Vec<&Dotted> {
        Vec::new()
    }

    /// Returns the functions whose outputs it changes; `None` if the function stays a node.
    fn targets(&self) -> Option<Vec<mutate::Sent<'_>>> {
        None
    }

    /// Returns the node of which the function is a variant.
    fn variant_of(&self, function: &NodeSource) -> Option<Ident> {
        let _ = function;
        None
    }
}

/// The sources of the parameters of a function that a decorator calls.
pub(crate) struct Feed<'a> {
    pub(crate) function: &'a Path,
    /// The parameters that the decorator binds or maps.
    pub(crate) bound: Vec<String>,
    pub(crate) unbound: Unbound<'a>,
}

/// The source of a parameter that a decorator does not bind.
pub(crate) enum Unbound<'a> {
    /// The same as the parameters of their names in the decorated function.
    Shared,
    /// The first parameter reads what these parameters of the decorated function read, or else its first parameter.
    Entered(Vec<&'a str>),
    /// The first parameter reads the output before it.
    Piped,
}

/// The context in which a decorator is written.
pub(crate) struct Scope<'a> {
    door: &'a TokenStream,
    pub(crate) function: &'a NodeSource,
    pub(crate) flow: &'a Flow,
    /// The type of the output that it decorates.
    pub(crate) whole: &'a TokenStream,
    /// The location of the decorator's name, with the hygiene of generated code.
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

    /// Returns the path of the hidden module, at the decorator.
    pub(crate) fn door(&self) -> TokenStream {
        self.door_at(self.span)
    }

    pub(crate) fn door_at(&self, span: Span) -> TokenStream {
        span::at(span, self.door)
    }

    /// Writes the type of the function's own output.
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

/// Returns the name of a decorator's attribute. Its path may start with `icosian`, `icosian::decorators` or `icosian::prelude`.
pub(crate) fn name_of(attribute: &Attribute) -> Option<&Ident> {
    name_in(attribute.path())
}

/// Returns the decorator's name in `path`.
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

/// Removes the decorators from a function's attributes and returns them, innermost first.
pub(crate) fn take(attributes: &mut Vec<Attribute>, faults: &mut Faults) -> Vec<DecoratorSource> {
    let (decorators, others) = std::mem::take(attributes)
        .into_iter()
        .partition::<Vec<_>, _>(|attribute| name_of(attribute).is_some());
    *attributes = others;
    attributes.retain(|attribute| {
        let Some(name) = hidden_name(attribute) else { return true };
        let message = format!("`#[{name}]` is behind `cfg_attr`, which is resolved after `#[dataflow]`");
        let help = format!(
            "write two functions, each below its own `#[cfg(..)]`, and `#[{name}]` above one of them"
        );
        faults.report(code::HIDDEN_CONDITION, attribute, message, help);
        false
    });
    let mut read: Vec<_> = decorators.iter().filter_map(|attribute| read_one(attribute, faults)).collect();
    read.reverse();
    read
}

/// Returns the name of a decorator inside a `cfg_attr`.
pub(crate) fn hidden_name(attribute: &Attribute) -> Option<Ident> {
    read::behind_cfg_attr(attribute).iter().find_map(|hidden| name_in(hidden.path()).cloned())
}

fn read_one(attribute: &Attribute, faults: &mut Faults) -> Option<DecoratorSource> {
    let ident = name_of(attribute)?;
    let built_in = BuiltIn::named(&ident.to_string())?;
    let (row, reader) = (built_in.row(), reader(built_in));
    if let Some(why) = row.reserved_for() {
        let message = format!("`#[{ident}]` is not supported yet: {why}");
        faults.report(code::RESERVED_DECORATOR, attribute, message, "remove it");
        return None;
    }
    let mut reading = Reading::new(ident, row, faults);
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
            let message = format!("the arguments of `#[{ident}]` are not in parentheses");
            Err(invalid(&meta.value, message, format!("write `#[{ident}(..)]`")))
        }
    };
    match read {
        Ok(decorator) => {
            let arguments = match &attribute.meta {
                Meta::List(list) => list.tokens.to_string(),
                _ => String::new(),
            };
            let span = span::ends(attribute);
            Some(DecoratorSource { ident: ident.clone(), arguments, span, row, decorator })
        }
        Err(error) => {
            faults.report_error(code::INVALID_ARGUMENT, error);
            None
        }
    }
}

/// Reports the faults of the decorators above `function`, of each one and of their combination.
pub(crate) fn check(function: &NodeSource, flow: &Flow, faults: &mut Faults) {
    let mut above: Vec<&DecoratorSource> = Vec::new();
    for source in function.decorators.iter().rev() {
        source.decorator.check(function, flow, faults);
        let row = source.row;
        let other = above.iter().find(|other| {
            let is_parameterized = row.phase() == Phase::Parameterize && other.row.phase() == row.phase();
            let is_placed = row.is_placement() && other.row.is_placement();
            let is_once = matches!(row.repetition(), Repetition::Once { .. }) && other.row == row;
            is_parameterized || is_placed || is_once
        });
        if let Some(other) = other {
            if other.ident == source.ident {
                report_duplicate(other, source, function, Emission::Error, faults);
            } else {
                let message =
                    format!("`{}` has both `#[{}]` and `#[{}]`", function.name, other.ident, source.ident);
                let help = if row.is_placement() {
                    "keep `#[offload]` if the function blocks, or `#[spawn]` if it computes"
                } else {
                    "write all bindings in one of them"
                };
                let fault = faults.report(code::CONFLICTING_DECORATORS, &source.ident, message, help);
                fault.also(other.span, "excludes it");
            }
        } else if row.repetition() == Repetition::Idempotent
            && let Some(other) =
                above.iter().find(|it| it.ident == source.ident && it.arguments == source.arguments)
        {
            report_duplicate(other, source, function, Emission::Lint, faults);
        }
        above.push(source);
    }
    effect::check(function, flow, faults);
}

/// Reports that `second` repeats `first`, which is above it.
fn report_duplicate(
    first: &DecoratorSource,
    second: &DecoratorSource,
    function: &NodeSource,
    emission: Emission,
    faults: &mut Faults,
) {
    let name = &second.ident;
    let message = format!("`#[{name}]` is repeated above `{}`", function.name);
    let is_same = first.arguments == second.arguments;
    let help = match second.row.repetition() {
        _ if is_same => "remove one of the two",
        Repetition::Once { help } => help,
        _ => "write all bindings in one of them",
    };
    let fault = faults.report(code::DUPLICATE_DECORATOR, name, message, help);
    fault.emission = emission;
    fault.labelled("the second").also(first.span, "the first");
    if is_same {
        fault.fix(format!("remove the second `{name}`"), second.span, Edit::Remove);
    }
}

/// Reports outputs that the decorator at `at` names and the function does not have, and a split of one of several outputs.
pub(crate) fn check_outputs(at: usize, source: &DecoratorSource, known: &Known, faults: &mut Faults) {
    if known.open {
        return;
    }
    if let Some((output, maker)) = made_later(at, source, known) {
        let on = if source.is(BuiltIn::PipeOutput) { "on_output" } else { "on" };
        let (name, decorator) = (&output.name, &source.ident);
        let message =
            format!("`#[{decorator}]` names `{name}`, which `#[{maker}]` above it only adds afterwards");
        let help = format!("move `#[{decorator}(.., {on}({name}))]` above `#[{maker}(..)]`");
        faults.report(code::DECORATOR_ORDER, output, message, help);
        return;
    }
    if let ([first, _, ..], true, true) =
        (known.sinks_at[at].as_slice(), source.row.is_extractor(), source.decorator.outputs().is_empty())
    {
        let (decorator, count) = (&source.ident, known.sinks_at[at].len());
        let message = format!("`#[{decorator}]` splits one output, and `{}` has {count}", known.function);
        let help = format!("name the output after the parts, as in `#[{decorator}(.., on({first}))]`");
        faults.report(code::INVALID_TARGET, decorator, message, help);
    }
    for output in source.decorator.outputs() {
        let names = known.nodes.iter().map(|node| node.name.as_str());
        if !names.clone().any(|name| name == output.name) {
            let (message, help) = unknown(&format!("`{}`", known.function), "output", &output.name, names);
            faults.report(code::INVALID_TARGET, output, message, help);
        }
    }
}

/// Returns the first output that the decorator at `at` names and a later decorator adds, with the name of the later one.
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

/// Returns `item` and the fault of the attribute `name` above it, which neither `#[dataflow]` nor `#[node]` has read.
pub(crate) fn misplaced(name: &str, item: &TokenStream) -> TokenStream {
    // An empty group at the attribute: the fault is about the whole attribute.
    let at = Group::new(Delimiter::None, TokenStream::new());
    let misplaced = |message: String, help: String| Fault::new(code::MISPLACED_DECORATOR, &at, message, help);
    let reserved_for = BuiltIn::named(name).and_then(|it| it.row().reserved_for());
    let fault = if let Some(why) = reserved_for {
        Fault::new(
            code::RESERVED_DECORATOR,
            &at,
            format!("`#[{name}]` is not supported yet: {why}"),
            "remove it",
        )
    } else if let Some(alias) = read::written_name(Span::call_site(), name) {
        misplaced(
            format!("`#[{alias}]` is an alias of `#[{name}]` that the `#[dataflow]` module does not import"),
            format!("write `use icosian::decorators::{name} as {alias};` inside the module, or `#[{name}]`"),
        )
    } else {
        let help = "move it into a `#[dataflow]` module, or below `#[node]`".to_owned();
        match syn::parse2(item.clone()) {
            Ok(syn::Item::Fn(function)) if has_node_below(&function.attrs) => above_node(name, &at),
            Ok(syn::Item::Fn(function)) => misplaced(
                format!("`#[{name}]` decorates `{}`, which is not a node", function.sig.ident.unraw()),
                help,
            ),
            _ => misplaced(not_a_node(name), help),
        }
    };
    let error = fault.written();
    quote!(#error #item)
}

/// Reports decorators above `#[node]`, the last of `attributes`.
pub(crate) fn check_above(attributes: &[Attribute], faults: &mut Faults) {
    let Some((node, above)) = attributes.split_last() else { return };
    let decorators = above.iter().filter_map(|attribute| Some((attribute, name_of(attribute)?)));
    let count = decorators.clone().count();
    for (at, (attribute, name)) in decorators.enumerate() {
        let fault = faults.add(above_node(&name.to_string(), attribute));
        fault.also(span::ends(node), "reads the attributes below it");
        // One fix at a time, the nearest first, so that the decorators keep their order.
        if at + 1 == count {
            fault.fix(format!("move `{name}` below `#[node]`"), span::ends(attribute), Edit::MoveBelow(0));
        }
    }
}

/// Returns the message for the decorator `name` of an item that cannot be a node.
pub(crate) fn not_a_node(name: impl Display) -> String {
    format!("`#[{name}]` decorates an item that is not a node")
}

fn has_node_below(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().segments.last().is_some_and(|segment| segment.ident == "node"))
}

/// Returns the name that the variants of a node share: the part before the last `__`.
pub(crate) fn base_name(function: &Ident) -> Option<Ident> {
    let name = function.unraw().to_string();
    let (base, variant) = name.rsplit_once("__")?;
    if variant.is_empty() { None } else { identifier(base, function.span()) }
}

/// Reads the name of a node, which may be a keyword.
pub(crate) fn node_name(input: ParseStream<'_>) -> syn::Result<Ident> {
    let written = input.call(Ident::parse_any)?;
    identifier(&written.unraw().to_string(), written.span()).ok_or_else(|| {
        invalid(&written, format!("`{written}` is a keyword that cannot be a name"), "use another name")
    })
}

/// Returns the identifier `name`, as a raw one for keywords; `None` if no identifier has the name.
fn identifier(name: &str, span: Span) -> Option<Ident> {
    if ["", "_", "self", "Self", "super", "crate"].contains(&name) {
        return None;
    }
    let is_plain = name != "gen" && syn::parse_str::<Ident>(name).is_ok();
    Some(if is_plain { Ident::new(name, span) } else { Ident::new_raw(name, span) })
}

/// Refuses a function that does not exist, if it can only be one of this module.
pub(crate) fn check_called(path: &Path, flow: &Flow, faults: &mut Faults) {
    let (Some(ident), Some(brought)) = (path.get_ident(), &flow.brought) else { return };
    let name = ident.unraw().to_string();
    if flow.function(path).is_some() || brought.contains(&name) {
        return;
    }
    let known = flow.nodes.iter().map(|node| node.name.as_str());
    let help = match nearest(&name, known) {
        Some(meant) => format!("write `{meant}`"),
        None => "declare it in this module, or import it".to_owned(),
    };
    faults.report(code::UNKNOWN_FUNCTION, path, format!("this module has no function `{name}`"), help);
}
