//! The arguments of a decorator. A reader reports all faults in them at once.

use icosian_diagnostics::nearest;
use icosian_spec::Row;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, LitStr, Token};

use crate::code;
use crate::fault::{invalid, invalid_next};
use crate::faults::Faults;
use crate::written_type::shown;

/// A name: identifiers separated by dots, or a string literal.
#[derive(Clone)]
pub(crate) struct Dotted {
    pub(crate) name: String,
    tokens: TokenStream,
}

impl Dotted {
    /// Returns the location of the name, with the hygiene of generated code.
    pub(crate) fn span(&self) -> Span {
        let first = self.tokens.clone().into_iter().next();
        first.map_or_else(Span::mixed_site, |token| token.span().resolved_at(Span::mixed_site()))
    }

    /// Writes the name as a string literal at its location.
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

/// A decorator while its arguments are read.
pub(crate) struct Reading<'a> {
    /// Its name.
    pub(crate) decorator: &'a Ident,
    /// Its row in the table.
    pub(crate) row: &'static Row,
    pub(crate) faults: &'a mut Faults,
    /// The names of the arguments so far.
    seen: Vec<String>,
    /// An argument was not recognised, so no argument is reported as missing.
    has_unknown: bool,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(decorator: &'a Ident, row: &'static Row, faults: &'a mut Faults) -> Self {
        Self { decorator, row, faults, seen: Vec::new(), has_unknown: false }
    }

    /// Reads each element of a list with commas. After a fault it continues behind the next comma.
    pub(crate) fn each(
        &mut self,
        input: ParseStream<'_>,
        mut read: impl FnMut(ParseStream<'_>, &mut Self) -> syn::Result<()>,
    ) {
        while !input.is_empty() {
            let mut outcome = read(input, self);
            if outcome.is_ok() && !input.is_empty() && !input.peek(Token![,]) {
                outcome = Err(invalid_next(input, "`,` is missing", "separate arguments with `,`"));
            }
            if let Err(error) = outcome {
                self.faults.report_error(code::INVALID_ARGUMENT, error);
                skip_to_comma(input);
            }
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
            let (message, help) = unknown(&decorator, "argument", &text, known.iter().copied());
            return Err(invalid(name, message, help));
        }
        self.once(&text, &name)?;
        Ok(name)
    }

    /// Returns the error for a value without the name of an argument. `{}` in `example` is replaced by the value.
    pub(crate) fn nameless(&mut self, input: ParseStream<'_>, example: &str) -> syn::Error {
        self.has_unknown = true;
        match input.parse::<Expr>() {
            Ok(value) => {
                let example = example.replace("{}", &shown(&value));
                let message = format!("`#[{}]` has no such argument", self.decorator);
                invalid(value, message, format!("write `{example}`"))
            }
            Err(error) => error,
        }
    }

    /// Records the argument `name`, and returns an error if it is a repetition.
    pub(crate) fn once(&mut self, name: &str, tokens: impl ToTokens) -> syn::Result<()> {
        if self.seen.iter().any(|seen| seen == name) {
            return Err(invalid(tokens, format!("`{name}` is repeated"), "remove one of the two"));
        }
        self.seen.push(name.to_owned());
        Ok(())
    }

    /// Records an argument that is refused, so that no other is reported as missing.
    pub(crate) fn has_unknown(&mut self) {
        self.has_unknown = true;
    }

    /// Refuses the decorator because an argument is missing, unless an argument was not recognised.
    pub(crate) fn refuse_missing(&mut self, message: &str, help: &str) {
        if !self.has_unknown {
            self.refuse(message, help);
        }
    }

    /// Refuses the decorator as a whole.
    pub(crate) fn refuse(&mut self, message: &str, help: &str) {
        let message = format!("`#[{}]` {message}", self.decorator);
        self.faults.report(code::INVALID_ARGUMENT, self.decorator, message, help);
    }
}

/// Returns the message and the help for a name that `owner` does not have among the names of its kind `what`.
pub(crate) fn unknown<'a>(
    owner: &str,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> (String, String) {
    /// The number of names that a help lists.
    const LISTED: usize = 6;
    let message = format!("{owner} has no {what} `{name}`");
    if let Some(meant) = nearest(name, known.clone()) {
        return (message, format!("write `{meant}`"));
    }
    let known: Vec<_> = known.collect();
    let help = match known.as_slice() {
        [] => format!("remove `{name}`"),
        [only] => format!("write `{only}`"),
        known if known.len() > LISTED => {
            format!("write one of `{}`, and so on", known[..LISTED].join("`, `"))
        }
        known => format!("write one of `{}`", known.join("`, `")),
    };
    (message, help)
}

/// Reads the content of parentheses. After a fault, the rest of the content is skipped.
pub(crate) fn in_parentheses<T>(
    input: ParseStream<'_>,
    read: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    let content;
    syn::parenthesized!(content in input);
    let outcome = read(&content).and_then(|found| {
        if content.is_empty() {
            Ok(found)
        } else {
            Err(invalid_next(&content, "the `)` is missing here", "remove this argument"))
        }
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

/// Reads names in parentheses.
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
