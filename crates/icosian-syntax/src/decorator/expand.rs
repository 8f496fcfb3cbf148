use icosian_diagnostics::nearest;
use icosian_spec::BuiltIn;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::ParseStream;
use syn::{Expr, Ident};

use super::argument::{Reading, equals};
use super::from_row::check_count;
use crate::code;
use crate::fault::invalid;
use crate::faults::Faults;
use crate::model::{DataflowSource, NodeSource};
use crate::model::{Decorates, ExpandContext, ReadResult};
use crate::span;
use crate::text;
use crate::written_type::shown;

/// `#[expand(concurrency = 16, on_error = "collect")]`
#[derive(Default)]
struct ExpandArgs {
    concurrency: Option<Expr>,
    /// The name of a variant of `OnError`, at the literal.
    on_error: Option<Ident>,
}

/// The values of `on_error`, and the variants that they name.
const ON_ERROR: [(&str, &str); 3] = [("fail", "Fail"), ("collect", "Collect"), ("skip", "Skip")];

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    let mut expand = ExpandArgs::default();
    reading.each(input, |input, reading| {
        let name = reading.named_argument(input)?;
        let value: Expr = equals(input)?;
        if name == "concurrency" {
            check_count("concurrency", &value)?;
            expand.concurrency = Some(value);
        } else {
            expand.on_error = Some(on_error(&value)?);
        }
        Ok(())
    });
    Ok(Box::new(expand))
}

fn on_error(value: &Expr) -> syn::Result<Ident> {
    const HELP: &str = "write `\"fail\"`, `\"collect\"` or `\"skip\"`";
    let Some(literal) = text::literal(value) else {
        let message = format!("`{}` is no value of `on_error`", shown(value));
        return Err(invalid(value, message, HELP));
    };
    let written = literal.value();
    if let Some((_, variant)) = ON_ERROR.iter().find(|(name, _)| *name == written) {
        return Ok(Ident::new(variant, span::own(literal.span())));
    }
    let help = match nearest(&written, ON_ERROR.map(|(name, _)| name)) {
        Some(meant) => format!("write `\"{meant}\"`"),
        None => HELP.to_owned(),
    };
    Err(invalid(literal, format!("`on_error` has no value `{written}`"), help))
}

/// The decorators that an expanding function cannot have, each with the reason and the fix.
const EXCLUDED: [(BuiltIn, &str, &str); 3] = [
    (
        BuiltIn::Fallback,
        "replaces an error by one value",
        "return a replacement sequence in the body, or write `on_error` for items that fail",
    ),
    (
        BuiltIn::Does,
        "replaces the body by a function that returns one value",
        "call this function in the body",
    ),
    (
        BuiltIn::Mutate,
        "makes a function a step after other nodes",
        "move the body into a function without `#[mutate]`",
    ),
];

impl Decorates for ExpandArgs {
    fn check(&self, function: &NodeSource, _: &DataflowSource, faults: &mut Faults) {
        let name = &function.name;
        let expand = function.decorators.iter().find(|source| source.is(BuiltIn::Expand));
        for (excluded, reason, help) in EXCLUDED {
            let Some(source) = function.decorators.iter().find(|source| source.is(excluded)) else {
                continue;
            };
            let message = format!("`#[{}]` {reason}, but `{name}` has `#[expand]`", source.ident);
            let fault = faults.report(code::CONFLICTING_DECORATORS, &source.ident, message, help);
            if let Some(expand) = expand {
                fault.also(expand.span, "expects a sequence");
            }
        }
        let collects_itself =
            |param: &&crate::model::ParamSource| param.collection.is_some() && param.name == *name;
        if let Some(param) = function.params.iter().find(collects_itself) {
            let message = format!("`{name}` has `#[expand]` and collects its own results");
            let help = "move the part that collects into a second function";
            let fault = faults.report(code::DEPENDENCY_CYCLE, &param.ident, message, help);
            if let Some(expand) = expand {
                fault.also(expand.span, "begins the block");
            }
        }
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, span) = (scope.door(), scope.span);
        let item = scope.given(span);
        let concurrency = self.concurrency.as_ref().map(|items| quote_spanned!(span=> .concurrency(#items)));
        let on_error = self.on_error.as_ref().map(|variant| {
            let span = variant.span();
            let door = scope.door_at(span);
            quote_spanned!(span=> .on_error(#door::expand::OnError::#variant))
        });
        quote_spanned! {span=>
            {
                #[allow(unused_imports, reason = "used where items are not `Clone`, or have a label")]
                use #door::{ItemsWithoutClone as _, expand::FindLabel as _};
                #door::ItemType::<#item>::expand()
                    .label((&&&#door::expand::LabelOf::<#item>::new()).find())
                    #concurrency
                    #on_error
            }
        }
    }
}
