//! Decorators whose arguments are described completely by the decorator table.

use std::slice::Iter;

use icosian_spec::{Argument, ArgumentKind, BuiltIn, FaultText, Row};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Token};

use super::argument::{Reading, equals};
use crate::code;
use crate::fault::invalid;
use crate::inlined::Inlined;
use crate::known_nodes::KnownNodes;
use crate::model::{Decorates, ExpandContext, ReadResult};
use crate::written_type::shown;

/// `#[name(positional, .., argument = value, flag)]`
struct FromRow {
    row: &'static Row,
    positional: Vec<Expr>,
    /// The named arguments, each with its value if it is not a flag.
    named: Vec<(Ident, Option<Expr>)>,
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    let row = reading.row;
    if row.arguments().is_empty() && !input.is_empty() {
        let rest: TokenStream = input.parse()?;
        let name = reading.decorator;
        let message = format!("`#[{name}]` accepts no arguments");
        return Err(invalid(rest, message, format!("write `#[{name}]`")));
    }
    let mut found = FromRow { row, positional: Vec::new(), named: Vec::new() };
    let mut positional = row.arguments().iter();
    let mut written: Vec<&str> = Vec::new();
    reading.each(input, |input, reading| {
        if let Some(argument) = next_positional(input, &mut positional, reading)? {
            written.push(argument.name());
            found.positional.push(input.parse()?);
            return Ok(());
        }
        let name = reading.named_argument(input)?;
        let Some(argument) = row.arguments().iter().find(|it| name == it.name()) else { return Ok(()) };
        written.push(argument.name());
        let value = if argument.kind() == ArgumentKind::Flag {
            refuse_value(&name, input)?;
            None
        } else {
            let value = equals(input)?;
            if argument.kind() == ArgumentKind::Count {
                check_count(argument.name(), &value)?;
            }
            Some(value)
        };
        found.named.push((name, value));
        Ok(())
    });
    for argument in row.arguments().iter().filter(|it| !written.contains(&it.name())) {
        if let Some(missing) = argument.missing() {
            reading.refuse_missing(missing.message, missing.help);
        }
    }
    if let Some(one_of) = row.alternatives() {
        let mut alternatives = written.iter().filter(|name| one_of.names.contains(name));
        match (alternatives.next(), alternatives.next()) {
            (None, _) => reading.refuse_missing(one_of.none.message, one_of.none.help),
            (Some(_), Some(second)) => {
                let named = found.named.iter().find(|(name, _)| name == *second);
                let at = named.map_or(reading.decorator, |(name, _)| name);
                let FaultText { message, help } = one_of.several;
                reading.faults.report(code::INVALID_ARGUMENT, at, message, help);
            }
            (Some(_), None) => {}
        }
    }
    Ok(Box::new(found))
}

/// Returns the positional argument that follows in `input`; `None` before a named argument.
fn next_positional(
    input: ParseStream<'_>,
    positional: &mut Iter<'static, Argument>,
    reading: &mut Reading<'_>,
) -> syn::Result<Option<&'static Argument>> {
    let next = positional.as_slice().first().filter(|it| it.is_positional());
    if input.peek(Lit) && !input.peek(LitStr) {
        let first = reading.row.argument_names().next().unwrap_or("name");
        let before = next.map(|it| format!("\"{}\", ", it.name())).unwrap_or_default();
        return Err(reading.nameless(input, &format!("{before}{first} = {{}}")));
    }
    let follows = input.peek(LitStr) || !input.peek2(Token![=]);
    Ok(next.filter(|_| follows).inspect(|_| {
        positional.next();
    }))
}

/// Refuses a value of a flag.
pub(super) fn refuse_value(flag: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    if !input.peek(Token![=]) {
        return Ok(());
    }
    Err(invalid(flag, format!("`{flag}` accepts no value"), format!("write `{flag}`")))
}

/// Refuses a literal that is not a positive whole number.
pub(super) fn check_count(argument: &str, value: &Expr) -> syn::Result<()> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(count), .. }) => match count.base10_parse::<u64>() {
            Ok(0) => Err(invalid(count, format!("`{argument}` is `0`"), "write at least `1`")),
            _ => Ok(()),
        },
        Expr::Lit(_) | Expr::Unary(_) => {
            let message = format!("`{}` is not a positive whole number", shown(value));
            Err(invalid(value, message, format!("write a number, as in `{argument} = 3`")))
        }
        _ => Ok(()),
    }
}

impl Decorates for FromRow {
    fn change(&self, known: &mut KnownNodes) {
        if self.row.built_in() == BuiltIn::Exclude {
            known.nodes.clear();
        }
    }

    fn inlined(&self, _: &ExpandContext<'_>) -> Option<Inlined<'_>> {
        (self.row.built_in() == BuiltIn::Exclude).then_some(Inlined::Nothing)
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, span) = (scope.door(), scope.span);
        let name = Ident::new(self.row.type_name().unwrap_or_default(), span);
        if self.row.arguments().is_empty() {
            return quote_spanned!(span=> #door::#name);
        }
        let positional = &self.positional;
        let named = self.named.iter().map(|(argument, value)| {
            let method = Ident::new(&argument.to_string(), span);
            let value = value.as_ref().map(ToTokens::to_token_stream);
            quote_spanned!(span=> .#method(#value))
        });
        quote_spanned!(span=> #door::#name::new(#(#positional),*)#(#named)*)
    }
}
