//! The bindings of a parameter: `source(node)`, `value(expr)`, `list[..]` or `map { .. }` replace the node of its name.

use icosian_diagnostics::nearest;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, GenericArgument, Ident, Lit, Path, PathArguments, Token, Type};

use super::argument::ParamName;
use super::argument::{Dotted, Reading, in_parentheses, unknown};
use crate::code;
use crate::fault::{Fault, FaultEdit, invalid};
use crate::faults::Faults;
use crate::known_nodes::{BoundSource, Rebinding};
use crate::model::ExpandContext;
use crate::model::NodeSource;
use crate::span;
use crate::text;
use crate::written_type::{self, bare, is_unsized, shown};

/// `param = binding`
pub(crate) struct BoundParam {
    pub(crate) param: Ident,
    pub(crate) binding: BindingArg,
}

pub(crate) enum BindingArg {
    Source(Dotted),
    Value(Expr),
    List(Ident, Vec<BindingArg>),
    Map(Ident, Vec<(Dotted, BindingArg)>),
}

impl BoundParam {
    /// Reads `param = binding`.
    pub(crate) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> syn::Result<Self> {
        let param = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok(Self { param, binding: BindingArg::read(input, reading)? })
    }

    /// Reads all bindings up to the end of `input`. A repeated parameter is a fault.
    pub(crate) fn read_all(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        reading.each(input, |input, reading| {
            let bound = Self::read(input, reading)?;
            bound.add_to(&mut all)
        });
        all
    }

    pub(crate) fn add_to(self, all: &mut Vec<Self>) -> syn::Result<()> {
        if all.iter().any(|other| other.param == self.param) {
            let message = format!("`{}` is bound twice", self.param.unraw());
            return Err(invalid(self.param, message, "remove one of the two"));
        }
        all.push(self);
        Ok(())
    }

    /// Returns the parameter with its sources.
    pub(crate) fn rebinding(&self) -> Rebinding {
        Rebinding { param: self.name(), sources: self.binding.bound_sources(0) }
    }

    /// Returns the name as that of a parameter of the decorated function.
    pub(crate) fn own_param(&mut self) -> (Option<&Path>, &mut dyn ParamName) {
        (None, &mut self.param)
    }

    pub(crate) fn name(&self) -> String {
        self.param.unraw().to_string()
    }

    /// Reports the faults of all bindings of one node of `function`.
    pub(crate) fn check_all(all: &[Self], function: &NodeSource, faults: &mut Faults) {
        for bound in all {
            let Some(fault) = bound.check(function, faults) else { continue };
            let names = || function.params.iter().map(|param| param.name.as_str());
            let meant = |bound: &Self| nearest(&bound.name(), names()).map(str::to_owned);
            let Some(name) = meant(bound) else { continue };
            let is_known = |other: &Self| names().any(|name| name == other.name());
            let binds = |other: &&Self| {
                other.name() == name || !is_known(other) && meant(other).as_deref() == Some(&name)
            };
            // The fix must not bind a parameter that is bound already.
            if all.iter().filter(binds).count() == 1 && function.binds_once() {
                fault.fix(
                    format!("rename it to `{name}`"),
                    span::ends(&bound.param),
                    FaultEdit::Replace(name),
                );
            }
        }
    }

    /// Reports a parameter that `function` does not have, and a list or map for a parameter of another type. Returns the fault
    /// of an unknown parameter.
    pub(crate) fn check<'a>(&self, function: &NodeSource, faults: &'a mut Faults) -> Option<&'a mut Fault> {
        let name = self.name();
        if let Some(param) = function.params.iter().find(|param| param.name == name) {
            self.binding.check(&name, &param.wanted, faults);
            None
        } else if !function.refused {
            let params = function.params.iter().map(|param| param.name.as_str());
            let (message, help) = unknown(&format!("`{}`", function.name), "parameter", &name, params);
            let fault = faults.report(code::UNKNOWN_PARAM, &self.param, message, help);
            Some(fault.also(span::ends(&function.ident), "does not read it"))
        } else {
            None
        }
    }

    /// Writes `.bind("param", binding)`. `function` is the function with the parameter, if it is known.
    pub(crate) fn written(&self, function: Option<&NodeSource>, scope: &ExpandContext<'_>) -> TokenStream {
        let name = self.name();
        let param = function.and_then(|function| function.params.iter().find(|param| param.name == name));
        let binding = self.binding.written(param.map(|param| &param.wanted), scope);
        let span = span::own(self.param.span());
        quote_spanned!(span=> .bind(#name, #binding))
    }
}

const KINDS: [&str; 4] = ["source", "value", "list", "map"];

impl BindingArg {
    pub(crate) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> syn::Result<Self> {
        if input.peek(Lit) || input.peek(Token![-]) {
            let value: Expr = input.parse()?;
            let help = format!("write `value({})`", shown(&value));
            return Err(invalid(
                value,
                "a binding requires `source(..)` or `value(..)`, but this is a bare value",
                help,
            ));
        }
        let kind = input.call(Ident::parse_any)?;
        let name = kind.to_string();
        let opened = match name.as_str() {
            "source" | "value" => input.peek(syn::token::Paren),
            "list" => input.peek(syn::token::Bracket),
            "map" => input.peek(syn::token::Brace),
            _ => false,
        };
        if !opened {
            return Err(no_binding(&kind));
        }
        match name.as_str() {
            "source" => in_parentheses(input, |content| Ok(Self::Source(content.parse()?))),
            "value" => in_parentheses(input, |content| Ok(Self::Value(content.parse()?))),
            "list" => {
                let content;
                syn::bracketed!(content in input);
                let mut items = Vec::new();
                reading.each(&content, |content, reading| {
                    items.push(Self::read(content, reading)?);
                    Ok(())
                });
                Ok(Self::List(kind, items))
            }
            _ => {
                let content;
                syn::braced!(content in input);
                let mut items: Vec<(Dotted, Self)> = Vec::new();
                let was_empty = content.is_empty();
                reading.each(&content, |content, reading| {
                    let key: Dotted = content.parse()?;
                    content.parse::<Token![=]>()?;
                    let item = Self::read(content, reading)?;
                    if items.iter().any(|(other, _)| other.name == key.name) {
                        let message = format!("key `{}` is repeated", key.name);
                        return Err(invalid(key, message, "remove one of the two"));
                    }
                    items.push((key, item));
                    Ok(())
                });
                if was_empty {
                    return Err(invalid(
                        kind,
                        "`map` is empty",
                        "write its keys, as in `map { key = source(node) }`",
                    ));
                }
                Ok(Self::Map(kind, items))
            }
        }
    }

    fn check(&self, param: &str, wanted: &Type, faults: &mut Faults) {
        match self {
            Self::Value(Expr::Lit(ExprLit { lit: Lit::Str(text), .. }))
                if written_type::is_no_text(wanted) =>
            {
                let message =
                    format!("a string literal is bound to parameter `{param}` of type `{}`", shown(wanted));
                faults.report(code::INVALID_ARGUMENT, text, message, "write a value of the parameter's type");
            }
            Self::Source(_) | Self::Value(_) => {}
            Self::List(kind, items) => {
                if let Some(element) = element(wanted) {
                    for item in items {
                        item.check(param, element, faults);
                    }
                } else {
                    let message =
                        format!("`list[..]` is a `Vec`, but parameter `{param}` is a `{}`", shown(wanted));
                    let help = "declare the parameter as `&[T]` or `Vec<T>`";
                    faults.report(code::INVALID_ARGUMENT, kind, message, help);
                }
            }
            Self::Map(kind, items) => {
                if let Some((value, _)) = values(wanted) {
                    for (_, item) in items {
                        item.check(param, value, faults);
                    }
                } else {
                    let message = format!(
                        "`map {{ .. }}` has string keys, but parameter `{param}` is a `{}`",
                        shown(wanted)
                    );
                    let help = "declare the parameter as `HashMap<String, T>` or `BTreeMap<String, T>`";
                    faults.report(code::INVALID_ARGUMENT, kind, message, help);
                }
            }
        }
    }

    /// Returns the names of the nodes that the binding reads.
    pub(crate) fn sources(&self) -> Vec<&Dotted> {
        match self {
            Self::Source(source) => vec![source],
            Self::Value(_) => Vec::new(),
            Self::List(_, items) => items.iter().flat_map(Self::sources).collect(),
            Self::Map(_, items) => items.iter().flat_map(|(_, item)| item.sources()).collect(),
        }
    }

    /// Returns the nodes that the binding reads, below `depth` lists and maps.
    fn bound_sources(&self, depth: usize) -> Vec<BoundSource> {
        match self {
            Self::Source(source) => {
                vec![BoundSource { name: source.name.clone(), tokens: source.to_token_stream(), depth }]
            }
            Self::Value(_) => Vec::new(),
            Self::List(_, items) => items.iter().flat_map(|item| item.bound_sources(depth + 1)).collect(),
            Self::Map(_, items) => items.iter().flat_map(|(_, item)| item.bound_sources(depth + 1)).collect(),
        }
    }

    /// Writes the binding. `wanted` is the type of the parameter, if it is known.
    pub(crate) fn written(&self, wanted: Option<&Type>, scope: &ExpandContext<'_>) -> TokenStream {
        match self {
            Self::Source(source) => {
                let (name, door) = (source.text(), scope.door_at(source.span()));
                quote_spanned!(source.span()=> #door::source(#name))
            }
            Self::Value(value) => written_value(value, wanted, scope),
            Self::List(kind, items) => {
                let element = wanted.and_then(element);
                let items = items.iter().map(|item| item.written(element, scope));
                let (span, element) = (span::own(kind.span()), of(element));
                let door = scope.door_at(span);
                quote_spanned!(span=> #door::list #element([#(#items),*]))
            }
            Self::Map(kind, items) => {
                let (value, sorted) = wanted.and_then(values).unzip();
                let items = items.iter().map(|(key, item)| {
                    let (key, item) = (key.text(), item.written(value, scope));
                    quote_spanned!(Span::mixed_site()=> (#key, #item))
                });
                let span = span::own(kind.span());
                let (door, value) = (scope.door_at(span), of(value));
                let map = Ident::new(if sorted == Some(true) { "sorted_map" } else { "map" }, span);
                quote_spanned!(span=> #door::#map #value([#(#items),*]))
            }
        }
    }
}

/// Writes `::<T>`, if there is a type.
fn of(given: Option<&Type>) -> Option<TokenStream> {
    given.map(|given| quote_spanned!(Span::mixed_site()=> ::<#given>))
}

fn written_value(value: &Expr, wanted: Option<&Type>, scope: &ExpandContext<'_>) -> TokenStream {
    let span = span::own(span::ends(value).0);
    let door = scope.door_at(span);
    if let (Some(text), Some(wanted)) = (text::literal(value), wanted)
        && let Some(of) = text_type(wanted, span)
    {
        let (value, shown) = (text::converted(value, None, &door), text.value());
        return quote_spanned!(span=> #door::value::<#of>(#value).with_text(#shown));
    }
    let of = wanted.filter(|wanted| !is_unsized(wanted)).and_then(|wanted| match value {
        value if text::literal(value).is_some() => None,
        // `wanted` excludes the `Option` around a parameter's type, unless the parameter borrows the whole option.
        value if is_option(value) && !written_type::ends_with(wanted, "Option") => {
            Some(quote_spanned!(span=> ::<::core::option::Option<#wanted>>))
        }
        _ => Some(quote_spanned!(span=> ::<#wanted>)),
    });
    let shown = (!matches!(value, Expr::Lit(_))).then(|| {
        let text = shown(value);
        quote_spanned!(span=> .with_text(#text))
    });
    let converted = if of.is_some() { text::converted(value, None, &door) } else { value.to_token_stream() };
    quote_spanned!(span=> #door::value #of(#converted) #shown)
}

/// Returns the type that a string literal converts into for a parameter of type `wanted`; `None` if the literal serves as it is:
/// it is read as `&str` and as `String`.
fn text_type(wanted: &Type, span: Span) -> Option<TokenStream> {
    let is_str =
        |wanted: &Type| written_type::ends_with(wanted, "str") || written_type::ends_with(wanted, "String");
    match bare(wanted) {
        Type::Reference(reference) if is_str(&reference.elem) => None,
        wanted if is_str(wanted) => None,
        wanted if written_type::ends_with(wanted, "Path") => {
            Some(quote_spanned!(span=> ::std::path::PathBuf))
        }
        wanted if is_unsized(wanted) => None,
        wanted => Some(quote_spanned!(span=> #wanted)),
    }
}

/// Returns whether `value` is written as `None` or `Some(..)`.
fn is_option(value: &Expr) -> bool {
    match value {
        Expr::Path(path) => path.path.is_ident("None"),
        Expr::Call(call) => matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Some")),
        _ => false,
    }
}

fn no_binding(written: &Ident) -> syn::Error {
    let name = written.to_string();
    let message = format!("`{name}` is not a binding");
    let help = match nearest(&name, KINDS) {
        Some(meant) => format!("write `{meant}`"),
        None if KINDS.contains(&name.as_str()) => {
            "write `source(node)`, `value(expr)`, `list[..]` or `map { key = .. }`".to_owned()
        }
        None => format!("write `source({name})` for a node or `value({name})` for a value"),
    };
    invalid(written, message, help)
}

/// Returns the type of an element `depth` levels below a list or map of type `wanted`.
pub(crate) fn element_at(wanted: &Type, depth: usize) -> Option<&Type> {
    let step = |of| element(of).or_else(|| values(of).map(|(value, _)| value));
    (0..depth).try_fold(wanted, |of, _| step(of))
}

/// Returns the `T` of `[T]` and `Vec<T>`.
fn element(wanted: &Type) -> Option<&Type> {
    match bare(wanted) {
        Type::Slice(slice) => Some(&slice.elem),
        other => written_type::only_argument(other, "Vec"),
    }
}

/// Returns the `T` of `HashMap<String, T>` and `BTreeMap<String, T>`, and whether it is the latter.
pub(crate) fn values(wanted: &Type) -> Option<(&Type, bool)> {
    let Type::Path(path) = bare(wanted) else { return None };
    let last = path.path.segments.last()?;
    let sorted = last.ident == "BTreeMap";
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.iter().nth(1) {
        Some(GenericArgument::Type(value)) if sorted || last.ident == "HashMap" => Some((value, sorted)),
        _ => None,
    }
}

/// Reads the path of a function.
pub(crate) fn function(input: ParseStream<'_>) -> syn::Result<Path> {
    input.call(Path::parse_mod_style)
}

/// Writes `<path as Trait>` at the path.
pub(crate) fn as_trait(path: &Path, name: &str, door: &TokenStream) -> TokenStream {
    let (first, last) = span::ends(path);
    let (door, name) = (span::at(first, door), Ident::new(name, last));
    quote_spanned!(first=> <#path as #door::#name>)
}
