mod never;

use icosian_diagnostics::nearest;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Ident, Lit, Type};

use super::argument::{Dotted, Reading, equals, names, texts};
use crate::fault::invalid;
use crate::inlined::Inlined;
use crate::known_nodes::KnownNodes;
use crate::model::{Decorates, ExpandContext, ReadResult};
use crate::span;
use crate::text;
use crate::written_type::shown;

/// `#[check_output(range = 0.0..=1.0, importance = "fail", on(mean))]`
#[derive(Default)]
struct CheckOutputArgs {
    checks: Vec<CheckArg>,
    meant: Meant,
}

enum CheckArg {
    Against(Ident, Expr),
    DataType(Ident, Type),
}

impl CheckArg {
    /// Writes the validator as an expression.
    fn validator(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (Self::Against(name, _) | Self::DataType(name, _)) = self;
        let (span, whole) = (span::own(name.span()), scope.whole);
        let door = scope.door_at(span);
        let made = quote_spanned!(span=> #door::compiled::#name);
        match self {
            Self::DataType(_, written) => quote_spanned!(span=> #made::<#whole, #written>()),
            Self::Against(name, value) => match name.to_string().as_str() {
                "range" | "mean_in_range" => quote_spanned!(span=> #made::<#whole, _>(#value)),
                "contains" | "does_not_contain" if text::literal(value).is_some() => {
                    quote_spanned!(span=> #made::<#whole, _>(#value))
                }
                "contains" | "does_not_contain" => quote_spanned! {span=>
                    #made::<#whole, _>(::core::convert::Into::<::std::string::String>::into(#value))
                },
                "values_in" => {
                    let value = text::converted(value, None, &door);
                    quote_spanned!(span=> #made::<#whole>(#value))
                }
                _ => quote_spanned!(span=> #made::<#whole>(#value)),
            },
        }
    }
}

/// The importance of checks, and the outputs that they check.
#[derive(Default)]
pub(super) struct Meant {
    importance: Option<Expr>,
    on: Vec<Dotted>,
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    let mut check = CheckOutputArgs::default();
    let was_empty = input.is_empty();
    let mut count = 0;
    reading.each(input, |input, reading| {
        count += 1;
        let name = reading.named_argument(input)?;
        match name.to_string().as_str() {
            "importance" | "on" => {
                count -= 1;
                check.meant.read(&name, input)?;
            }
            "schema" => {
                return Err(invalid(
                    name,
                    "`schema` checks dataframes, which are not supported yet",
                    "remove it",
                ));
            }
            "data_type" => check.checks.push(CheckArg::DataType(name, equals(input)?)),
            _ => {
                let value = equals(input)?;
                never::refuse(&name, &value)?;
                check.checks.push(CheckArg::Against(name, value));
            }
        }
        Ok(())
    });
    if was_empty || count == 0 {
        reading.refuse("has no check", "write a check, as in `range = 0.0..=1.0`");
    }
    Ok(Box::new(check))
}

impl Meant {
    /// Reads the rest of the argument `importance` or `on`.
    pub(super) fn read(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        if name == "on" {
            self.on = names(input)?;
            return Ok(());
        }
        let importance: Expr = equals(input)?;
        if let Expr::Lit(literal) = &importance {
            known_importance(literal)?;
        }
        self.importance = Some(importance);
        Ok(())
    }

    pub(super) fn outputs(&self) -> Vec<&Dotted> {
        self.on.iter().collect()
    }

    /// Writes the importance as an expression.
    fn importance(&self, scope: &ExpandContext<'_>) -> Option<TokenStream> {
        self.importance.as_ref().map(|importance| {
            let span = span::own(span::ends(importance).0);
            match importance {
                Expr::Lit(literal) => {
                    let (door, name) = (scope.door_at(span), known_importance(literal).unwrap_or("Warn"));
                    let name = Ident::new(name, span);
                    quote_spanned!(span=> #door::Importance::#name)
                }
                other => other.to_token_stream(),
            }
        })
    }

    pub(super) fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let importance = self.importance(scope).map(|importance| {
            let (span, _) = span::ends(&self.importance);
            quote_spanned!(span::own(span)=> .importance(#importance))
        });
        let on = (!self.on.is_empty()).then(|| {
            let names = texts(&self.on);
            quote_spanned!(scope.span=> .on(#names))
        });
        quote_spanned!(scope.span=> #importance #on)
    }
}

fn known_importance(literal: &ExprLit) -> syn::Result<&'static str> {
    if let Lit::Str(text) = &literal.lit {
        match text.value().as_str() {
            "warn" => return Ok("Warn"),
            "fail" => return Ok("Fail"),
            other => {
                let help = match nearest(other, ["warn", "fail"]) {
                    Some(meant) => format!("write `\"{meant}\"`"),
                    None => "write `\"warn\"` or `\"fail\"`".to_owned(),
                };
                return Err(invalid(literal, format!("unknown importance `{other}`"), help));
            }
        }
    }
    let message = format!("`{}` is not an importance", shown(literal));
    Err(invalid(literal, message, "write `\"warn\"` or `\"fail\"`"))
}

impl Decorates for CheckOutputArgs {
    fn change(&self, known: &mut KnownNodes) {
        known.check(&self.outputs());
    }

    fn inlined(&self, scope: &ExpandContext<'_>) -> Option<Inlined<'_>> {
        let validators = self.checks.iter().map(|check| check.validator(scope)).collect();
        let importance = self.meant.importance(scope);
        Some(Inlined::Checks { validators, importance })
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, whole, meant) = (scope.door(), scope.whole, self.meant.written(scope));
        let checks = self.checks.iter().map(|check| match check {
            CheckArg::Against(name, value) => {
                let span = span::own(name.span());
                let value = if name == "values_in" {
                    text::converted(value, None, &door)
                } else {
                    value.to_token_stream()
                };
                quote_spanned!(span=> .#name(#value))
            }
            CheckArg::DataType(name, written) => {
                let span = span::own(name.span());
                quote_spanned!(span=> .#name::<#written>())
            }
        });
        quote_spanned!(scope.span=> #door::CheckOutput::<#whole>::new()#(#checks)*#meant)
    }

    fn outputs(&self) -> Vec<&Dotted> {
        self.meant.outputs()
    }
}
