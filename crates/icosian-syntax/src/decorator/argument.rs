//! What stands between the parentheses of a decorator, read so that everything wrong in it is told at once.

use icosian_diagnostics::nearest;
use icosian_spec::Row;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, LitStr, Token};

use crate::read::shown;
use crate::refusals::Refusals;

/// A name that is written as identifiers with dots between them, or as a text.
#[derive(Clone)]
pub(crate) struct Dotted {
    pub(crate) name: String,
    tokens: TokenStream,
}

impl Dotted {
    /// Returns where it is written, names there being the written code's own.
    pub(crate) fn span(&self) -> Span {
        let first = self.tokens.clone().into_iter().next();
        first.map_or_else(Span::mixed_site, |token| token.span().resolved_at(Span::mixed_site()))
    }

    /// Writes it as a text, at its place.
    pub(crate) fn text(&self) -> TokenStream {
        let name = &self.name;
        quote_spanned!(self.span()=> #name)
    }
}

impl Parse for Dotted {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let text: LitStr = input.parse()?;
            return Ok(Self { name: text.value(), tokens: text.to_token_stream() });
        }
        let first = input.call(Ident::parse_any)?;
        let (mut name, mut tokens) = (first.unraw().to_string(), first.to_token_stream());
        while input.peek(Token![.]) {
            input.parse::<Token![.]>()?.to_tokens(&mut tokens);
            let next = input.call(Ident::parse_any)?;
            name = format!("{name}.{}", next.unraw());
            next.to_tokens(&mut tokens);
        }
        Ok(Self { name, tokens })
    }
}

impl ToTokens for Dotted {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.tokens.to_tokens(tokens);
    }
}

/// The name of a parameter in a decorator.
pub(crate) trait ParamName {
    /// Returns the name without `r#`.
    fn name(&self) -> String;

    /// Replaces the name and keeps its location.
    fn rename(&mut self, name: &str);
}

impl ParamName for Ident {
    fn name(&self) -> String {
        self.unraw().to_string()
    }

    fn rename(&mut self, name: &str) {
        *self = Ident::new(name, self.span());
    }
}

impl ParamName for Dotted {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.name);
    }
}

/// A decorator whose arguments are being read.
pub(crate) struct Reading<'a> {
    /// Its name.
    pub(crate) decorator: &'a Ident,
    /// Its row in the table.
    pub(crate) row: &'static Row,
    pub(crate) refusals: &'a mut Refusals,
    /// The arguments that were read.
    seen: Vec<String>,
    /// Something stands there of which nobody knows which argument it was meant to be.
    has_unknown: bool,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(decorator: &'a Ident, row: &'static Row, refusals: &'a mut Refusals) -> Self {
        Self { decorator, row, refusals, seen: Vec::new(), has_unknown: false }
    }

    /// Reads what stands between commas to the end of `input`; where `read` fails, it goes on after the next comma.
    pub(crate) fn each(
        &mut self,
        input: ParseStream<'_>,
        mut read: impl FnMut(ParseStream<'_>, &mut Self) -> syn::Result<()>,
    ) {
        while !input.is_empty() {
            let mut outcome = read(input, self);
            if outcome.is_ok() && !input.is_empty() && !input.peek(Token![,]) {
                outcome = Err(input.error("expected `,`"));
            }
            if let Err(error) = outcome {
                self.refusals.add(error);
                skip_to_comma(input);
            }
            // Either there is a comma, or nothing.
            let _ = input.parse::<Option<Token![,]>>();
        }
    }

    /// Reads the name of one of the decorator's named arguments, each at most once.
    pub(crate) fn named_argument(&mut self, input: ParseStream<'_>) -> syn::Result<Ident> {
        let known: Vec<_> = self.row.argument_names().collect();
        self.argument(input, &known)
    }

    /// Reads the name of an argument that is one of `known`, each at most once.
    pub(crate) fn argument(&mut self, input: ParseStream<'_>, known: &[&str]) -> syn::Result<Ident> {
        if input.cursor().ident().is_none() {
            let example = format!("{} = {{}}", known.first().copied().unwrap_or("name"));
            return Err(self.nameless(input, &example));
        }
        let name = input.call(Ident::parse_any)?;
        let text = name.unraw().to_string();
        if !known.contains(&text.as_str()) {
            self.has_unknown = true;
            let decorator = format!("`#[{}]`", self.decorator);
            let why = unknown(&decorator, "argument", &text, known.iter().copied());
            return Err(syn::Error::new(name.span(), why));
        }
        self.once(&text, &name)?;
        Ok(name)
    }

    /// Returns the error for a value where a name is asked for; the `{}` in `example` stands for the value.
    pub(crate) fn nameless(&mut self, input: ParseStream<'_>, example: &str) -> syn::Error {
        self.has_unknown = true;
        match input.parse::<Expr>() {
            Ok(value) => {
                let (example, decorator) = (example.replace("{}", &shown(&value)), self.decorator);
                syn::Error::new_spanned(
                    value,
                    format!("`#[{decorator}]` has no such argument; write `{example}`"),
                )
            }
            Err(error) => error,
        }
    }

    /// Notes that `name` is there; an error when it was before.
    pub(crate) fn once(&mut self, name: &str, tokens: impl ToTokens) -> syn::Result<()> {
        if self.seen.iter().any(|seen| seen == name) {
            return Err(syn::Error::new_spanned(tokens, format!("`{name}` is there twice; remove one")));
        }
        self.seen.push(name.to_owned());
        Ok(())
    }

    /// Notes an argument that is refused, so that no other is reported as missing.
    pub(crate) fn has_unknown(&mut self) {
        self.has_unknown = true;
    }

    /// Refuses the decorator for want of an argument, unless something is there that was perhaps meant to be it.
    pub(crate) fn refuse_missing(&mut self, why: &str) {
        if !self.has_unknown {
            self.refuse(why);
        }
    }

    /// Refuses the decorator as a whole.
    pub(crate) fn refuse(&mut self, why: &str) {
        let why = format!("`#[{}]` {why}", self.decorator);
        self.refusals.at(self.decorator, why);
    }
}

/// Says that `owner` has no `what` that is called `name`, and which there are.
pub(crate) fn unknown<'a>(
    owner: &str,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> String {
    if let Some(meant) = nearest(name, known.clone()) {
        return format!("{owner} has no {what} `{name}`; did you mean `{meant}`?");
    }
    let known: Vec<_> = known.collect();
    match known.as_slice() {
        [] => format!("{owner} has no {what} `{name}`, nor any other; remove it"),
        known => format!("{owner} has no {what} `{name}`; write one of `{}`", known.join("`, `")),
    }
}

/// Reads what is in parentheses; what `read` leaves there when it fails is no second fault.
pub(crate) fn in_parentheses<T>(
    input: ParseStream<'_>,
    read: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    let content;
    syn::parenthesized!(content in input);
    let outcome = read(&content).and_then(|found| {
        if content.is_empty() { Ok(found) } else { Err(content.error("expected nothing more")) }
    });
    if outcome.is_err() {
        skip_all(&content);
    }
    outcome
}

/// Reads `= value`.
pub(crate) fn equals<T: Parse>(input: ParseStream<'_>) -> syn::Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

/// Reads names in parentheses, each an identifier, perhaps with dots.
pub(crate) fn names(input: ParseStream<'_>) -> syn::Result<Vec<Dotted>> {
    in_parentheses(input, |content| {
        let names = content.parse_terminated(Dotted::parse, Token![,])?;
        Ok(names.into_iter().collect())
    })
}

/// Writes `["a", "b"]`.
pub(crate) fn texts(names: &[Dotted]) -> TokenStream {
    let span = names.first().map_or_else(Span::mixed_site, Dotted::span);
    let names = names.iter().map(Dotted::text);
    quote_spanned!(span=> [#(#names),*])
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _ = input.parse::<TokenTree>();
    }
}

pub(crate) fn skip_all(input: ParseStream<'_>) {
    while !input.is_empty() {
        let _ = input.parse::<TokenTree>();
    }
}
