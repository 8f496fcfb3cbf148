//! Checks and writes the bindings of parameters.

use icosian_diagnostics::nearest;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, GenericArgument, Ident, Lit, Path, PathArguments, Type};

use super::argument::unknown;
use super::bound_param::{BindingArg, BoundParam};
use crate::code;
use crate::fault::{Fault, FaultEdit};
use crate::faults::Faults;
use crate::model::{ExpandContext, NodeSource};
use crate::span;
use crate::text;
use crate::written_type::{self, bare, is_unsized, shown};

impl BoundParam {
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

impl BindingArg {
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
