//! The decorators: the parser of each, its effect on the nodes that are known while compiling, and its generated code.

#![allow(clippy::unnecessary_wraps, reason = "the readers of all decorators have one type")]
#![allow(clippy::large_enum_variant, reason = "there are few of these, and they are short-lived")]

pub(crate) mod argument;
pub(crate) mod attribute_name;
pub(crate) mod binding;
pub(crate) mod bound_param;
mod called_function;
mod condition;
mod duration;
mod effect;

mod check_output;
mod check_output_custom;
mod config_when;
mod decorate;
mod does;
mod expand;
mod extract;
mod fallback;
mod from_row;
mod inject;
mod mutate;
pub(crate) mod node_name;
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

use icosian_spec::{BuiltIn, Phase, Repetition};
use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, Meta};

use argument::{Dotted, Reading, skip_all, unknown};
use attribute_name::{hidden_name, name_of, not_a_node};

use crate::code;
use crate::fault::{Emission, Fault, FaultEdit, above_node, invalid};
use crate::faults::Faults;
use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, DecoratorSource, NodeSource, ReadResult};
use crate::read::written_name;
use crate::span;

type ReadDecorator = fn(ParseStream<'_>, &mut Reading<'_>) -> ReadResult;

/// Returns the parser of a decorator's arguments.
fn reader(decorator: BuiltIn) -> ReadDecorator {
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
        BuiltIn::Expand => expand::read,
        BuiltIn::Remote => remote::read,
        BuiltIn::Retry => retry::read,
        BuiltIn::Timeout => timeout::read,
        BuiltIn::Fallback => fallback::read,
        BuiltIn::Decorate => decorate::read,
        // The table describes the syntax of the others completely.
        _ => from_row::read,
    }
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
pub(crate) fn check(function: &NodeSource, flow: &DataflowSource, faults: &mut Faults) {
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
                    "keep `#[offload]` for a function that blocks, or `#[spawn]` for a long computation"
                } else {
                    "write all bindings in one of them"
                };
                let fault = faults.report(code::CONFLICTING_DECORATORS, &source.ident, message, help);
                fault.also(other.span, "conflicts with it");
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
        fault.fix(format!("remove the second `{name}`"), second.span, FaultEdit::Remove);
    }
}

/// Reports outputs that the decorator at `at` names and the function does not have, and a split of one of several outputs.
pub(crate) fn check_outputs(at: usize, source: &DecoratorSource, known: &KnownNodes, faults: &mut Faults) {
    if known.open {
        return;
    }
    if let Some((output, maker)) = made_later(at, source, known) {
        let on = if source.is(BuiltIn::PipeOutput) { "on_output" } else { "on" };
        let (name, decorator) = (&output.name, &source.ident);
        let message = format!(
            "`#[{decorator}]` names `{name}`, but `#[{maker}]`, which adds it, is above and applies later"
        );
        let help = format!("move `#[{decorator}(.., {on}({name}))]` above `#[{maker}(..)]`");
        faults.report(code::DECORATOR_ORDER, output, message, help);
        return;
    }
    if let ([first, _, ..], true, true) =
        (known.sinks_at[at].as_slice(), source.row.is_extractor(), source.decorator.outputs().is_empty())
    {
        let (decorator, count) = (&source.ident, known.sinks_at[at].len());
        let message = format!("`#[{decorator}]` splits one output, but `{}` has {count}", known.function);
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
    known: &'a KnownNodes,
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
    } else if let Some(alias) = written_name(Span::call_site(), name) {
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
            fault.fix(
                format!("move `{name}` below `#[node]`"),
                span::ends(attribute),
                FaultEdit::MoveBelow(0),
            );
        }
    }
}

fn has_node_below(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().segments.last().is_some_and(|segment| segment.ident == "node"))
}
