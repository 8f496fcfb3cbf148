//! What a parameter reads instead of what has its name: `source(node)`, `value(expr)`, `list[..]`, `map { .. }`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, GenericArgument, Ident, Lit, Path, PathArguments, Token, Type};

use super::argument::{Dotted, Reading, in_parentheses, unknown};
use super::{ParamName, Scope};
use crate::read::{self, NodeSource, bare, is_unsized, shown};
use crate::refusals::Refusals;
use crate::span;
use crate::text;

/// `param = binding`
pub(crate) struct Bound {
    pub(crate) param: Ident,
    pub(crate) binding: Binding,
}

pub(crate) enum Binding {
    Source(Dotted),
    Value(Expr),
    List(Ident, Vec<Binding>),
    Map(Ident, Vec<(Dotted, Binding)>),
}

impl Bound {
    /// Reads `param = binding`.
    pub(crate) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> syn::Result<Self> {
        let param = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok(Self { param, binding: Binding::read(input, reading)? })
    }

    /// Reads all to the end of `input`; none is bound twice.
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
            let why = format!("`{}` is bound twice; remove one", self.param.unraw());
            return Err(syn::Error::new(self.param.span(), why));
        }
        all.push(self);
        Ok(())
    }

    /// Returns the name as that of a parameter of the decorated function.
    pub(crate) fn own_param(&mut self) -> (Option<&Path>, &mut dyn ParamName) {
        (None, &mut self.param)
    }

    pub(crate) fn name(&self) -> String {
        self.param.unraw().to_string()
    }

    /// Refuses a parameter that `function` has not, and a list or map for one that is none.
    pub(crate) fn check(&self, function: &NodeSource, refusals: &mut Refusals) {
        let name = self.name();
        if let Some(param) = function.params.iter().find(|param| param.name == name) {
            self.binding.check(&name, &param.wanted, refusals);
        } else if !function.refused {
            let params = function.params.iter().map(|param| param.name.as_str());
            refusals.at(&self.param, unknown(&format!("`{}`", function.name), "parameter", &name, params));
        }
    }

    /// Writes `.bind("param", binding)`; `function` is whose parameter it is, if that is known.
    pub(crate) fn written(&self, function: Option<&NodeSource>, scope: &Scope<'_>) -> TokenStream {
        let name = self.name();
        let param = function.and_then(|function| function.params.iter().find(|param| param.name == name));
        let binding = self.binding.written(param.map(|param| &param.wanted), scope);
        let span = span::own(self.param.span());
        quote_spanned!(span=> .bind(#name, #binding))
    }
}

const KINDS: [&str; 4] = ["source", "value", "list", "map"];

impl Binding {
    pub(crate) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> syn::Result<Self> {
        if input.peek(Lit) || input.peek(Token![-]) {
            let value: Expr = input.parse()?;
            let why = format!("a value and a node are told apart; write `value({})`", shown(&value));
            return Err(syn::Error::new_spanned(value, why));
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
            return Err(syn::Error::new(kind.span(), no_binding(&name)));
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
                        let why = format!("key `{}` is there twice; remove one", key.name);
                        return Err(syn::Error::new_spanned(key, why));
                    }
                    items.push((key, item));
                    Ok(())
                });
                if was_empty {
                    let why = "this makes an empty map; write its keys, as in `map { key = source(node) }`";
                    return Err(syn::Error::new(kind.span(), why));
                }
                Ok(Self::Map(kind, items))
            }
        }
    }

    fn check(&self, param: &str, wanted: &Type, refusals: &mut Refusals) {
        match self {
            Self::Value(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) if read::is_no_text(wanted) => {
                let why = format!(
                    "this is a text, and `{param}` asks for `{}`; write a value of that type",
                    shown(wanted)
                );
                refusals.at(text, why);
            }
            Self::Source(_) | Self::Value(_) => {}
            Self::List(kind, items) => {
                if let Some(element) = element(wanted) {
                    for item in items {
                        item.check(param, element, refusals);
                    }
                } else {
                    let why = format!(
                        "`list[..]` makes a `Vec`, and `{param}` asks for `{}`; ask for `&[T]` or `Vec<T>`",
                        shown(wanted)
                    );
                    refusals.at(kind, why);
                }
            }
            Self::Map(kind, items) => {
                if let Some((value, _)) = values(wanted) {
                    for (_, item) in items {
                        item.check(param, value, refusals);
                    }
                } else {
                    let why = format!(
                        "`map {{ .. }}` makes a map by text, and `{param}` asks for `{}`; ask for \
                         `HashMap<String, T>` or `BTreeMap<String, T>`",
                        shown(wanted)
                    );
                    refusals.at(kind, why);
                }
            }
        }
    }

    /// Returns the names of the nodes that are read, and where they are written.
    pub(crate) fn sources(&self) -> Vec<&Dotted> {
        match self {
            Self::Source(source) => vec![source],
            Self::Value(_) => Vec::new(),
            Self::List(_, items) => items.iter().flat_map(Self::sources).collect(),
            Self::Map(_, items) => items.iter().flat_map(|(_, item)| item.sources()).collect(),
        }
    }

    /// Writes it; `wanted` is what the parameter asks for, if that is known.
    pub(crate) fn written(&self, wanted: Option<&Type>, scope: &Scope<'_>) -> TokenStream {
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

fn written_value(value: &Expr, wanted: Option<&Type>, scope: &Scope<'_>) -> TokenStream {
    let span = span::own(span::ends(value).0);
    let door = scope.door_at(span);
    if let (Some(text), Some(wanted)) = (text::literal(value), wanted)
        && let Some(of) = text_type(wanted, span)
    {
        let (value, shown) = (text::converted(value, None, &door), text.value());
        return quote_spanned!(span=> #door::value::<#of>(#value).shown_as(#shown));
    }
    let of = wanted.filter(|wanted| !is_unsized(wanted)).and_then(|wanted| match value {
        value if text::literal(value).is_some() => None,
        // The `Option` around a parameter's type is not part of what it wants, unless it is borrowed with it.
        value if is_option(value) && !read::ends_with(wanted, "Option") => {
            Some(quote_spanned!(span=> ::<::core::option::Option<#wanted>>))
        }
        _ => Some(quote_spanned!(span=> ::<#wanted>)),
    });
    let shown = (!matches!(value, Expr::Lit(_))).then(|| {
        let text = shown(value);
        quote_spanned!(span=> .shown_as(#text))
    });
    let converted = if of.is_some() { text::converted(value, None, &door) } else { value.to_token_stream() };
    quote_spanned!(span=> #door::value #of(#converted) #shown)
}

/// Returns the type that a text literal converts into for a parameter of type `wanted`. It is `None` where the literal itself
/// serves, which is read as `&str` and as `String`.
fn text_type(wanted: &Type, span: Span) -> Option<TokenStream> {
    let is_str = |wanted: &Type| read::ends_with(wanted, "str") || read::ends_with(wanted, "String");
    match bare(wanted) {
        Type::Reference(reference) if is_str(&reference.elem) => None,
        wanted if is_str(wanted) => None,
        wanted if read::ends_with(wanted, "Path") => Some(quote_spanned!(span=> ::std::path::PathBuf)),
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

fn no_binding(name: &str) -> String {
    match icosian_diagnostics::nearest(name, KINDS) {
        Some(meant) => format!("`{name}` binds nothing; did you mean `{meant}`?"),
        None if KINDS.contains(&name) => {
            "this is written `source(node)`, `value(expr)`, `list[..]` or `map { key = .. }`".to_owned()
        }
        None => format!("`{name}` is neither a node nor a value; write `source({name})` or `value({name})`"),
    }
}

/// Returns the `T` of `[T]` and `Vec<T>`.
fn element(wanted: &Type) -> Option<&Type> {
    match bare(wanted) {
        Type::Slice(slice) => Some(&slice.elem),
        other => read::only_argument(other, "Vec"),
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
