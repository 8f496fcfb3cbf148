use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Ident, Type};

use crate::model::{ParamSource, WrittenForm};
use crate::span;
use crate::text;
use crate::written_type::{bare, ends_with, is_unsized};

/// The content of the variable that holds a default.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HeldDefault {
    Value,
    Reference,
}

/// The default of a parameter.
pub(crate) struct DefaultValue<'a> {
    pub(crate) param: &'a ParamSource,
    pub(crate) door: &'a TokenStream,
}

impl DefaultValue<'_> {
    /// Writes the statement that replaces the `Option` in `local` by its value or by the default, if there is one. `held` is the
    /// variable of a default that is borrowed.
    pub(crate) fn or_default(&self, local: &Ident, held: &Ident) -> Option<TokenStream> {
        let written = self.param.default.as_ref()?;
        let (wanted, span) = (&self.param.wanted, span_of(self.param));
        if self.param.form != WrittenForm::Borrowed {
            let default = text::converted(written, None, self.door);
            return Some(quote_spanned! {span=>
                let #local: #wanted = match #local {
                    ::core::option::Option::Some(found) => found,
                    ::core::option::Option::None => {
                        let default: #wanted = #default;
                        default
                    }
                };
            });
        }
        let (held_type, default, holds) = self.borrowed(written);
        let borrow = (holds == HeldDefault::Value).then(|| quote_spanned!(span=> &));
        Some(quote_spanned! {span=>
            let #held #held_type;
            let #local: &#wanted = match #local {
                ::core::option::Option::Some(found) => found,
                ::core::option::Option::None => {
                    #held = #default;
                    #borrow #held
                }
            };
        })
    }

    /// Returns the type of the variable that holds the default of a `&T` parameter, the default, and how it is held.
    ///
    /// A default is the value to borrow, or already a reference: `#[default(&[])]`, `#[default(&NAMES)]`. A reference to a
    /// place is kept, and its type lets the compiler coerce it. Of a reference to a temporary the value is kept, because
    /// the temporary would be dropped too early.
    pub(super) fn borrowed(&self, written: &Expr) -> (Option<TokenStream>, TokenStream, HeldDefault) {
        let (wanted, span, door) = (&self.param.wanted, span_of(self.param), self.door);
        let written = match written {
            Expr::Reference(reference) if !matches!(bare(wanted), Type::Reference(_)) => {
                if is_place(&reference.expr) {
                    let held = quote_spanned!(span=> : &#wanted);
                    return (Some(held), written.to_token_stream(), HeldDefault::Reference);
                }
                &*reference.expr
            }
            other => other,
        };
        if !is_unsized(wanted) {
            let held = quote_spanned!(span=> : #wanted);
            return (Some(held), text::converted(written, None, door), HeldDefault::Value);
        }
        if text::literal(written).is_some() && !ends_with(wanted, "str") {
            let held = quote_spanned!(span=> : &'static #wanted);
            return (Some(held), text::converted(written, None, door), HeldDefault::Reference);
        }
        let default = match bare(wanted) {
            Type::Slice(slice) => text::converted(written, Some(&slice.elem), door),
            _ => written.to_token_stream(),
        };
        (None, default, HeldDefault::Value)
    }
}

/// Returns the location of a parameter's type, with the hygiene of generated code.
pub(crate) fn span_of(param: &ParamSource) -> Span {
    span::ends(&param.written).0.resolved_at(Span::mixed_site())
}

/// Returns whether `written` is a place expression: it outlives the call or exists only behind a reference.
fn is_place(written: &Expr) -> bool {
    match written {
        Expr::Path(_) | Expr::Index(_) | Expr::Unary(_) | Expr::Field(_) => true,
        Expr::Paren(paren) => is_place(&paren.expr),
        Expr::Group(group) => is_place(&group.expr),
        _ => false,
    }
}
