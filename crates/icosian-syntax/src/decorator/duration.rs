//! Durations in attributes: `"250ms"`, `"2s"`, or an expression.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{Expr, ExprLit, ExprRange, Lit, LitStr};

use crate::fault::invalid;
use crate::span;
use crate::written_type;

/// A duration: a literal, or an expression.
pub(crate) enum Time {
    KnownNodes(Duration, LitStr),
    Written(Expr),
}

impl Time {
    pub(crate) fn of(written: Expr) -> syn::Result<Self> {
        match written {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                Ok(Self::KnownNodes(parsed(&text.value(), &text)?, text))
            }
            Expr::Lit(other) => Err(no_duration(&written_type::shown(&other), &other)),
            other => Ok(Self::Written(other)),
        }
    }

    /// Returns the shortest and the longest of `"100ms..2s"`, of one time, or of a range of two expressions.
    pub(crate) fn range(written: Expr) -> syn::Result<(Self, Self)> {
        match written {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                let value = text.value();
                if let Some(help) = other_separator(&value) {
                    return Err(invalid(text, format!("`{value}` is not a range of durations"), help));
                }
                let (shortest, longest) = value.split_once("..").unwrap_or((&value, &value));
                let (shortest, longest) = (parsed(shortest, &text)?, parsed(longest, &text)?);
                if longest < shortest {
                    let message = format!("the range `{value}` ends before its start");
                    return Err(invalid(text, message, "write the shortest wait first"));
                }
                Ok((Self::KnownNodes(shortest, text.clone()), Self::KnownNodes(longest, text)))
            }
            Expr::Range(ExprRange { start: Some(shortest), end: Some(longest), .. }) => {
                Ok((Self::of(*shortest)?, Self::of(*longest)?))
            }
            Expr::Lit(other) => Err(no_duration(&written_type::shown(&other), &other)),
            other => Ok((Self::Written(other.clone()), Self::Written(other))),
        }
    }

    pub(crate) fn written(&self) -> TokenStream {
        match self {
            Self::KnownNodes(time, text) => {
                let (seconds, nanoseconds) = (time.as_secs(), time.subsec_nanos());
                quote_spanned!(span::own(text.span())=> ::core::time::Duration::new(#seconds, #nanoseconds))
            }
            Self::Written(time) => time.to_token_stream(),
        }
    }
}

/// Returns the help for a range whose ends have another separator than `..`.
fn other_separator(text: &str) -> Option<String> {
    let ends = [" to ", "-", "–", "…", ","].iter().find_map(|separator| text.split_once(separator))?;
    let (shortest, longest) = (ends.0.trim(), ends.1.trim());
    duration(shortest).and(duration(longest))?;
    Some(format!("write `\"{shortest}..{longest}\"`"))
}

fn parsed(text: &str, tokens: &LitStr) -> syn::Result<Duration> {
    duration(text).ok_or_else(|| no_duration(text.trim(), tokens))
}

/// Parses a duration: a number and its unit. Returns `None` for any other text.
///
/// # Examples
/// ```
/// use icosian_syntax::duration;
/// use std::time::Duration;
///
/// assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
/// assert_eq!(duration("1.5 min"), Some(Duration::from_secs(90)));
/// assert_eq!(duration("soon"), None);
/// ```
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit.trim() {
        "ns" => 1e-9,
        "us" | "µs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()
}

fn no_duration(text: &str, tokens: impl ToTokens) -> syn::Error {
    let help = "write a number and one of `ns`, `us`, `ms`, `s`, `min`, `h`, as in `\"250ms\"`";
    invalid(tokens, format!("`{text}` is not a duration"), help)
}
